import NIOCore

/// All routes of a client. Lives on its event loop.
final class LoopPool {
  private let setup: LoopSetup
  private var routes: [LoopRoute.Key: LoopRoute] = [:]
  private var isShutDown = false
  private static let maxRoutes = 16

  init(_ setup: LoopSetup) { self.setup = setup }

  var idleConnections: Int { routes.values.reduce(0) { $0 + $1.idleConnections } }

  func start(_ exchange: LoopExchange) {
    exchange.isStarted = true
    if isShutDown || exchange.isCancelled.load(ordering: .relaxed) {
      return exchange.finish(.failure(.cancelled(bodySent: false)))
    }
    let key = LoopRoute.Key(exchange.request.url, exchange.request.connection)
    guard let route = route(key, exchange.request.url) else {
      return exchange.finish(.failure(.busy(limit: Self.maxRoutes)))
    }
    route.start(exchange)
  }

  func cancel(_ exchange: LoopExchange) {
    // Before it has started nobody waits for its end yet; it will not start.
    guard exchange.isStarted else { return }
    let key = LoopRoute.Key(exchange.request.url, exchange.request.connection)
    routes[key]?.abandon(exchange, .cancelled(bodySent: exchange.isSent))
  }

  func keepWarm(_ key: LoopRoute.Key, _ url: RequestURL, _ count: Int) {
    guard !isShutDown else { return }
    route(key, url)?.keepWarm(count)
  }

  func shutdown() {
    isShutDown = true
    for route in routes.values { route.shutdown() }
    routes = [:]
  }

  private func route(_ key: LoopRoute.Key, _ url: RequestURL) -> LoopRoute? {
    if let route = routes[key] { return route }
    if routes.count >= Self.maxRoutes {
      for (key, route) in routes where route.isUnused { routes[key] = nil }
      guard routes.count < Self.maxRoutes else { return nil }
    }
    let route = LoopRoute(url, setup)
    routes[key] = route
    return route
  }
}
