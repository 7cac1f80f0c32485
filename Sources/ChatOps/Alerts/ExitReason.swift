import TradingModel

/// Why a position was closed, in words a person knows. The engine names the order's command by its
/// number; here it gets the name of the command and of the person.
struct ExitReason {
  let words: Words
  let given: GivenCommands

  func text(of trip: RoundTrip) -> String {
    let reason = trip.reasonOut
    guard reason != "risk" else { return words(.exitByLimits) }
    guard reason.hasPrefix("command "), let number = Int64(reason.dropFirst(8)) else {
      return Figures.tidied(String(reason.prefix(80)))
    }
    guard let command = given[CommandID(number)] else { return words(.exitByCommand) }
    return words(.exitByPerson, ["command": command.deed.typed.name, "name": command.name])
  }
}
