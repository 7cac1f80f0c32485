import HTTPTypes
import Hummingbird
import Logging
import TradingModel

/// Answers requests that have passed the guard.
struct ControlResponder: HTTPResponder {
  typealias Context = BasicRequestContext

  /// How long the engine may be silent before the caller is told.
  static let silence = Duration.seconds(4)

  let desk: ControlDesk
  let glance: Glance
  let ports: ControlPorts
  let guardian: RequestGuard
  let refusals: RefusalCounts
  let panicPatience: Duration
  let log: Logger

  func respond(to request: Request, context: Context) async throws -> Response {
    if let refusal = guardian.refusal(of: request) { return refuse(refusal, request) }
    switch (request.method, request.uri.path) {
    case (.post, "/panic"): return try await panic(request)
    case (.post, "/panic/reset"): return try await reset(request)
    case (.get, "/panic/status"): return await Self.response(status())
    case (.get, "/healthz"): return await Self.response(health())
    case (.get, "/metrics"): return await metrics()
    default: return refuse(.path, request)
    }
  }

  // MARK: Commands

  private func panic(_ request: Request) async throws -> Response {
    let body: PanicBody
    switch await read(request) {
    case .success(let found): body = found
    case .failure(let wrong): return refuse(wrong.refusal, request)
    }
    let id = await give(body.includesLongTerm ? .panicWithLongterm : .panic, body)
    guard let first = await desk.stage(of: id, within: Self.silence, until: { _ in true }) else {
      return Self.response(.silent)
    }
    guard body.waits else { return Self.response(await answer(id, first)) }
    let last = await desk.stage(of: id, within: panicPatience, until: \.isFinal)
    return Self.response(await answer(id, last ?? first))
  }

  private func reset(_ request: Request) async throws -> Response {
    let body: PanicBody
    switch await read(request) {
    case .success(let found): body = found
    case .failure(let wrong): return refuse(wrong.refusal, request)
    }
    let id = await give(.unlock, body)
    // The account is read first.
    let stage = await desk.stage(of: id, within: .seconds(15), until: \.isFinal)
    guard let stage else { return Self.response(.silent) }
    return Self.response(.reset(stage, await glance.look()?.snapshot))
  }

  private func give(_ deed: OperatorCommand.Deed, _ body: PanicBody) async -> CommandID {
    log.notice("a command came in", metadata: ["deed": "\(deed)", "by": "\(body.by)"])
    return await desk.give(
      ControlCommand(deed: deed, by: body.by, why: body.why, at: ports.clock.now))
  }

  private func answer(
    _ id: CommandID, _ stage: CommandProgress.Stage
  ) async -> ControlAnswer {
    .panic(id, stage, text: await text(of: stage.report))
  }

  private func text(of report: FlattenReport?) async -> String? {
    guard let report, let view = await glance.look() else { return nil }
    return ports.words(report, view.snapshot, view.instruments)
  }

  // MARK: Looks

  private func status() async -> ControlAnswer {
    guard let view = await glance.look() else { return .silent }
    let last = await desk.last
    return .status(
      view.snapshot, last: last?.report, isRunning: last?.isRunning ?? false,
      text: await text(of: last?.report), process: ports.process)
  }

  private func health() async -> ControlAnswer {
    let view = await glance.look()
    return .health(view?.snapshot, await ports.programFigures(), at: ports.clock.now)
  }

  private func metrics() async -> Response {
    let view = await glance.look()
    let text = MetricsText(
      view, await ports.programFigures(), refused: refusals.all, at: ports.clock.now
    ).text
    return Self.response(.ok, "text/plain; version=0.0.4; charset=utf-8", text)
  }

  // MARK: The wire

  private struct Wrong: Error { let refusal: RequestGuard.Refusal }

  private func read(_ request: Request) async -> Result<PanicBody, Wrong> {
    if let length = request.headers[.contentLength].flatMap({ Int($0) }),
      length > PanicBody.limitBytes
    {
      return .failure(Wrong(refusal: .tooLarge))
    }
    let bytes: ByteBuffer
    do {
      bytes = try await request.body.collect(upTo: PanicBody.limitBytes)
    } catch {
      return .failure(Wrong(refusal: .tooLarge))
    }
    // A page can send anything else without asking first.
    let type = request.headers[.contentType]?.split(separator: ";").first?.lowercased()
    let isEmpty = bytes.readableBytes == 0
    guard type == "application/json" || isEmpty && type == nil else {
      return .failure(Wrong(refusal: .contentType))
    }
    guard let body = PanicBody(bytes) else { return .failure(Wrong(refusal: .body)) }
    guard body.process.map({ $0 == ports.process }) ?? true else {
      return .failure(Wrong(refusal: .process))
    }
    return .success(body)
  }

  private func refuse(_ refusal: RequestGuard.Refusal, _ request: Request) -> Response {
    refusals.note(refusal.rawValue)
    log.warning(
      "a request was refused",
      metadata: ["why": "\(refusal.rawValue)", "path": "\(request.uri.path.prefix(100))"])
    var response = Self.response(.trouble(refusal.status, refusal.words))
    if refusal == .token { response.headers[.wwwAuthenticate] = "Bearer" }
    return response
  }

  private static func response(_ answer: ControlAnswer) -> Response {
    response(answer.status, "application/json", answer.body.document)
  }

  private static func response(
    _ status: HTTPResponse.Status, _ type: String, _ text: String
  ) -> Response {
    var headers: HTTPFields = [.contentType: type, .cacheControl: "no-store"]
    if let name = HTTPField.Name("X-Content-Type-Options") { headers[name] = "nosniff" }
    return Response(
      status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }
}

extension CommandProgress.Stage {
  var isFinal: Bool { if case .finished = self { true } else { false } }

  fileprivate var report: FlattenReport? {
    switch self {
    case .working(let report), .finished(.flattened(let report)): report
    case .finished: nil
    }
  }
}
