import TradingModel
import Transport

/// `/control/clock` and `/control/transcript`.
public struct ClockControl: Sendable {
  private let clock: LoopbackClock
  private let venues: [String: SkewedClock]
  private let transcript: Transcript

  /// - Parameter venues: The clocks that may be set wrong, by the name of their service.
  public init(
    _ clock: LoopbackClock, venues: [String: SkewedClock] = [:], transcript: Transcript
  ) {
    self.clock = clock
    self.venues = venues
    self.transcript = transcript
  }

  public var routes: [ControlRoute] {
    [
      ControlRoute("GET", "clock", "what time the servers think it is") {
        _ throws(ControlError) in .json(time)
      },
      ControlRoute("POST", "clock", "sets the clock forward: advance_ms") {
        (request) throws(ControlError) in
        let step = try request.integer("advance_ms")
        guard step >= 0 else { throw ControlError("advance_ms must not be negative") }
        clock.advance(by: .milliseconds(step))
        return .json(time)
      },
      ControlRoute("POST", "skew", "sets a venue's clock wrong: service, ms (0 sets it right)") {
        (request) throws(ControlError) in
        let name = try request.string("service")
        guard let venue = venues[name] else {
          throw ControlError(
            "\(name) has no clock; there are: \(venues.keys.sorted().joined(separator: ", "))")
        }
        venue.skew = .milliseconds(try request.integer("ms"))
        return .json(time)
      },
      ControlRoute("GET", "transcript", "calls and replies: since, format=text") {
        (request) throws(ControlError) in
        let lines = transcript.lines(after: Int(try request.optionalInteger("since") ?? 0))
        if request["format"] == "text" {
          return .text(lines.map { "\($0)\n" }.joined())
        }
        return .json(.array(lines.map(\.json)))
      },
    ]
  }

  private var time: JSONValue {
    let now = clock.now
    var time: JSONObject = [
      "now": .string(now.iso8601), "unix_ms": .integer(now.milliseconds),
    ]
    for (name, venue) in venues.sorted(by: { $0.key < $1.key }) {
      time["\(name)_skew_ms"] = .integer(venue.skew.wholeMilliseconds)
    }
    return .object(time)
  }
}

extension Transcript.Line {
  var json: JSONValue {
    [
      "number": .integer(number), "unix_ms": .integer(time.milliseconds),
      "service": .string(service), "text": .string(text),
    ]
  }
}
