import Transport

/// The accidents that can befall any answer.
///
/// | name | settings (defaults) | what happens |
/// |---|---|---|
/// | `status` | `status` (502), `body`, `type` (`text/html`), `retry_after`, `executed` (false) | another answer |
/// | `delay` | `ms` (5000), `executed` (true) | executed, answered late |
/// | `stall` | `executed` (true) | never answered, nor is what follows on the connection: half-open |
/// | `close_before` | `executed` (true) | closed without a byte |
/// | `close_within` | `executed` (true) | closed in the middle of the body |
/// | `reset_within` | `executed` (true) | TCP reset in the middle of the body |
/// | `close_after` | `executed` (true) | answered, then closed against the promise |
/// | `reset` | `executed` (true) | TCP reset instead of an answer |
/// | `drip` | `bytes` (1), `ms` (100) | so many bytes at a time |
struct NetworkFault {
  /// Whether the call is carried out all the same.
  let executes: Bool
  private let fault: Fault

  static let names = [
    "status", "delay", "stall", "close_before", "close_within", "reset_within", "close_after",
    "reset",
    "drip",
  ]

  /// Nil when the fault is none of the network's.
  init?(_ fault: Fault) {
    guard Self.names.contains(fault.name) else { return nil }
    self.fault = fault
    executes = fault.flag("executed") ?? (fault.name != "status")
  }

  func shape(_ response: ServerResponse) -> ServerResponse {
    var shaped = response
    switch fault.name {
    case "status":
      let status = Int(fault.integer("status") ?? 502)
      shaped = .text(
        fault.text("body") ?? "<html><head><title>\(status)</title></head></html>",
        status: status, type: fault.text("type") ?? "text/html")
      if let seconds = fault.integer("retry_after") {
        shaped.headers.append(.init(name: "Retry-After", value: "\(seconds)"))
      }
    case "delay": shaped.delay = fault.duration("ms", or: .seconds(5))
    case "stall": shaped.delivery = .stall
    case "close_before": shaped.delivery = .closeBefore
    case "close_within": shaped.delivery = .closeWithin
    case "reset_within": shaped.delivery = .resetWithin
    case "close_after": shaped.delivery = .closeAfter
    case "reset": shaped.delivery = .reset
    default:
      shaped.delivery = .drip(
        bytes: Int(fault.integer("bytes") ?? 1), pause: fault.duration("ms", or: .milliseconds(100))
      )
    }
    return shaped
  }
}
