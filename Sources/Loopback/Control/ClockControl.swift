import TradingModel
import Transport

/// `/control/clock` and `/control/transcript`.
public struct ClockControl: Sendable {
  private let clock: LoopbackClock
  private let transcript: Transcript

  public init(_ clock: LoopbackClock, transcript: Transcript) {
    self.clock = clock
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
    return ["now": .string(now.iso8601), "unix_ms": .integer(now.milliseconds)]
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
