import ControlServer
import TradingModel
import Transport

/// The program that holds the state folder, spoken to over its control server.
struct RunningProgram {
  /// Longer than this nobody waits for a program that may hang.
  static let patience = Duration.seconds(5)
  static let pace = Duration.milliseconds(300)

  enum Ending {
    case ended(isFlat: Bool, text: String)
    /// It can't be counted on, and why.
    case silent(String)
  }

  let control: ControlSettings
  /// Which one is meant: another bot's server may have the port.
  let process: Int32?
  let clock: any WallClock
  private let http = CurlHTTPClient()

  init(control: ControlSettings, process: Int32?, clock: any WallClock) {
    self.control = control
    self.process = process
    self.clock = clock
  }

  /// Tells it, and follows it to its end as long as it answers.
  func panic(who: String, why: String, includingLongTerm: Bool) async -> Ending {
    var body = body(who: who)
    body.append(("why", .string(why)))
    body.append(("include_longterm", .bool(includingLongTerm)))
    body.append(("wait", .bool(false)))
    do {
      var answer = try await ask(.post, "/panic", body)
      guard (200..<300).contains(answer.status) else {
        return .silent(answer.json["error"]?.text ?? "status \(answer.status)")
      }
      var shown = Set<String>()
      while answer.json["running"]?.flag == true {
        tell(answer.json["report"] ?? answer.json["last_report"], shown: &shown)
        try await clock.sleep(for: Self.pace)
        answer = try await ask(.get, "/panic/status", nil)
        guard answer.status == 200 else { return .silent("status \(answer.status)") }
        guard isMeant(answer.json) else { return .silent("another process answers") }
      }
      return ending(answer.json)
    } catch {
      return .silent("\(error)")
    }
  }

  /// Until the one that is meant answers, which is soon where it has just been started.
  func waitUntilItAnswers() async {
    let deadline = clock.now + Self.patience
    while clock.now < deadline, !Task.isCancelled {
      do {
        if isMeant(try await ask(.get, "/panic/status", nil).json) { return }
      } catch {
        // Nobody listens yet.
      }
      do { try await clock.sleep(for: Self.pace) } catch { return }
    }
  }

  /// Programs of before there was such a line are taken at their word.
  private func isMeant(_ json: JSONValue) -> Bool {
    guard let process, let answering = json["process"]?.text else { return true }
    return answering == "\(process)"
  }

  private func ending(_ json: JSONValue) -> Ending {
    let report = json["report"] ?? json["last_report"]
    return .ended(
      isFlat: report?["success"]?.flag ?? false, text: json["text"]?.text ?? "no report")
  }

  /// Each phase once it has ended, with its time.
  private func tell(_ report: JSONValue?, shown: inout Set<String>) {
    guard case .object(let phases)? = report?["phase_timings"] else { return }
    for phase in phases.fields {
      guard case .number(let seconds) = phase.value, shown.insert(phase.key).inserted else {
        continue
      }
      Console.note("  \(phase.key) \(seconds) s")
    }
  }

  func status() async -> (isLocked: Bool, isFlat: Bool, text: String)? {
    do {
      let answer = try await ask(.get, "/panic/status", nil)
      guard answer.status == 200 else { return nil }
      let lock = answer.json["lock"]
      let isLocked = answer.json["panic_tripped"]?.flag ?? false
      let isFlat = lock?["flat"]?.flag ?? false
      let last = answer.json["text"]?.text.map { "\n" + $0 } ?? ""
      guard isLocked else { return (false, isFlat, "no panic lock" + last) }
      let since = lock?["since"]?.text ?? "?"
      let why = lock?["why"]?.text ?? ""
      return (
        true, isFlat, "LOCKED since \(since) \(why) · \(isFlat ? "flat" : "not flat")" + last
      )
    } catch {
      return nil
    }
  }

  func reset(who: String) async -> (isDone: Bool, text: String)? {
    // Whether anyone is there is known sooner than whether the account is flat.
    guard await status() != nil else { return nil }
    do {
      let answer = try await ask(
        .post, "/panic/reset", body(who: who), patience: .seconds(20))
      let why = answer.json["why"]?.text ?? answer.json["error"]?.text ?? ""
      switch answer.status {
      case 200:
        return (true, Self.resetText(answer.json, why: why))
      case 409:
        guard case .array(let positions)? = answer.json["positions"] else { return (false, why) }
        let list = positions.map { position in
          "\(position["symbol"]?.text ?? "?") \(position["quantity"]?.text ?? "?")"
        }
        return (false, "not unlocked, still open: \(list.joined(separator: ", "))")
      case 503: return (false, "not unlocked: \(why)")
      default: return nil
      }
    } catch {
      return nil
    }
  }

  /// What was asked is done; whether trading goes on, other locks say.
  private static func resetText(_ json: JSONValue, why: String) -> String {
    let done = why.isEmpty ? "unlocked" : why
    switch json["trading_enabled"]?.flag {
    case true?: return "\(done): entries are allowed"
    case false?:
      return "\(done); entries stay off: \(json["state"]?.text?.uppercased() ?? "locked")"
    case nil: return "\(done); whether entries are allowed was not told"
    }
  }

  // MARK: The wire

  private func body(who: String) -> [(String, JSONValue)] {
    var body: [(String, JSONValue)] = [("who", .string(who)), ("source", "cli")]
    if let process { body.append(("process", .integer(process))) }
    return body
  }

  private func ask(
    _ method: HTTPRequest.Method, _ path: String, _ body: [(String, JSONValue)]?,
    patience: Duration = RunningProgram.patience
  ) async throws -> (status: Int, json: JSONValue) {
    let host = control.host.contains(":") ? "[\(control.host)]" : control.host
    let url = try RequestURL("http://\(host):\(control.port)").appending(path: path)
    var headers: HeaderFields = [:]
    if let token = control.token { headers.add("Authorization", token.authorization) }
    var bytes: [UInt8]?
    if let body {
      headers.add("Content-Type", "application/json")
      bytes = JSONValue.object(JSONObject(body)).bytes
    }
    let answer = try await http.send(
      HTTPRequest(
        method, url, headers: headers, body: bytes, connectTimeout: .seconds(2),
        totalTimeout: patience))
    return (answer.status, try answer.json())
  }
}

extension JSONValue {
  fileprivate var text: String? {
    switch self {
    case .string(let text), .number(let text): text
    default: nil
    }
  }

  fileprivate var flag: Bool? { if case .bool(let flag) = self { flag } else { nil } }
}
