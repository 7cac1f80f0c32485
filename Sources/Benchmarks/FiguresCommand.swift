import ArgumentParser

/// Every figure that needs nothing but this program.
struct FiguresCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "figures", abstract: "Order round trips and frames decoded per second.")

  @Option(help: "Orders per round-trip figure; a tenth more go before, unmeasured.")
  var orders = 2000

  @Option(help: "Frames per topic; each pass decodes all of them.")
  var frames = 2000

  @Option(help: "Seed of the frames.")
  var seed: UInt64 = 1

  func validate() throws {
    guard (1...1_000_000).contains(orders), (1...100_000).contains(frames) else {
      throw ValidationError("--orders must be 1 to 1000000, --frames 1 to 100000")
    }
  }

  func run() async throws {
    var report = Report()
    report.add(try await RESTRoundTrip(orders: orders).figures())
    report.add(try await TradeSocketRoundTrip(orders: orders).figures())
    report.add(try await SignalTrip(orders: orders, seed: seed).figures())
    report.add(DecodingSpeed(frames: frames, seed: seed).figures())
    report.print()
  }
}
