import NIOCore

/// The connections to one place, and the exchanges that wait for one. Lives on the event loop.
final class LoopRoute {
  struct Key: Hashable {
    let scheme: RequestURL.Scheme
    let host: String
    let port: Int
    let connection: HTTPConnection

    init(_ url: RequestURL, _ connection: HTTPConnection) {
      (scheme, host, port) = (url.scheme, url.host, url.port)
      self.connection = connection
    }
  }

  /// What a connection is for is decided when it stands; this much it waits when none asks for it.
  private static let warmTimeout = Duration.seconds(10)

  private let url: RequestURL
  private let setup: LoopSetup
  private var connections: [LoopConnection] = []
  private var waiting: [LoopExchange] = []
  private var underWay = 0
  /// So many connections are kept open, needed or not.
  private var warmConnections = 0
  private var isShutDown = false
  private var backoff = Backoff(.streams)
  private var redial: Scheduled<Void>?

  init(_ url: RequestURL, _ setup: LoopSetup) {
    self.url = url
    self.setup = setup
  }

  var idleConnections: Int { connections.count { $0.state == .idle } }
  var isUnused: Bool { connections.isEmpty && waiting.isEmpty && warmConnections == 0 }

  func start(_ exchange: LoopExchange) {
    guard underWay < setup.limits.requests else {
      return exchange.finish(.failure(.busy(limit: setup.limits.requests)))
    }
    underWay += 1
    let route = NIOLoopBound(self, eventLoop: setup.loop)
    exchange.onOver { route.value.underWay -= 1 }
    exchange.limitTime(on: setup.loop) {
      route.value.abandon(exchange, .timedOut(bodySent: exchange.isSent))
    }
    // The one used last is the least likely to be dead.
    if let connection = connections.last(where: { $0.state == .idle }) {
      connection.run(exchange)
    } else {
      waiting.append(exchange)
      dialForWaiting()
    }
  }

  /// Ends an exchange that runs or waits here; its connection is of no more use.
  func abandon(_ exchange: LoopExchange, _ error: HTTPError) {
    waiting.removeAll { $0 === exchange }
    let connection = exchange.connection
    exchange.finish(.failure(error))
    connection?.close()
  }

  func keepWarm(_ count: Int) {
    warmConnections = min(count, setup.limits.connections)
    warmUp()
  }

  private func warmUp() {
    while connections.count < warmConnections { dial(timeout: Self.warmTimeout) }
  }

  func shutdown() {
    isShutDown = true
    redial?.cancel()
    for exchange in waiting { exchange.finish(.failure(.cancelled(bodySent: false))) }
    waiting = []
    for connection in connections {
      if let exchange = connection.exchange {
        exchange.finish(.failure(.cancelled(bodySent: exchange.isSent)))
      }
      connection.close()
    }
  }

  private func dialForWaiting() {
    let dialing = connections.count { $0.state == .dialing }
    guard let next = waiting.last, waiting.count > dialing,
      connections.count < setup.limits.connections
    else { return }
    dial(timeout: next.request.connectTimeout)
  }

  private func dial(timeout: Duration) {
    let connection = LoopConnection(url, setup, route: self)
    connections.append(connection)
    connection.dial(timeout: timeout)
  }
}

// What connections tell.
extension LoopRoute {
  /// It stands, or has answered and can be used again.
  func isReady(_ connection: LoopConnection) {
    backoff.reset()
    guard !isShutDown else { return connection.close() }
    // Last in line: the next to be used.
    connections.removeAll { $0 === connection }
    connections.append(connection)
    if !waiting.isEmpty { connection.run(waiting.removeFirst()) }
  }

  /// It was idle for as long as one may be: another takes its place at once.
  func isStale(_ connection: LoopConnection) {
    connections.removeAll { $0 === connection }
    if !isShutDown { warmUp() }
    connection.close()
  }

  /// There is no connection: whoever waited longest is told.
  func couldNotOpen(_ connection: LoopConnection, _ error: HTTPError) {
    connections.removeAll { $0 === connection }
    if !waiting.isEmpty { waiting.removeFirst().finish(.failure(error)) }
    goOn()
  }

  /// It has ended, and so has its exchange, unless that may be repeated.
  func hasEnded(_ connection: LoopConnection, repeating exchange: LoopExchange?) {
    connections.removeAll { $0 === connection }
    if let exchange, !exchange.isOver, !isShutDown {
      exchange.wasRepeated = true
      exchange.isSent = false
      exchange.connection = nil
      // The other idle ones have lain there as long.
      for idle in connections where idle.state == .idle { idle.close() }
      waiting.insert(exchange, at: 0)
    }
    goOn()
  }

  private func goOn() {
    guard !isShutDown else { return }
    dialForWaiting()
    guard connections.count < warmConnections, redial == nil else { return }
    let route = NIOLoopBound(self, eventLoop: setup.loop)
    redial = setup.loop.scheduleTask(in: TimeAmount(backoff.next(by: setup.chance))) {
      let route = route.value
      route.redial = nil
      if !route.isShutDown { route.warmUp() }
    }
  }
}
