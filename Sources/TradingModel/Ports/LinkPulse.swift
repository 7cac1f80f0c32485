/// Tells that links are up, with the first sign of life, and from then on once a second at most that
/// they live. Belongs to whoever reads one connection.
public struct LinkPulse {
  private let links: [LinkName]
  private let venue: Venue?
  private let line: LinkLine
  private let clock: any WallClock
  private let publish: @Sendable (VenueEvent) -> Void
  private var isUp: Bool
  private var lastBeat: Timestamp?

  /// - Parameters:
  ///   - venue: Whose links they are.
  ///   - line: Which connection of these links it is.
  ///   - isUp: Whether someone else tells that the links are up: a private stream is only when its
  ///     subscriptions stand, and a connection that takes over from another one is already.
  public init(
    links: [LinkName], of venue: Venue? = nil, on line: LinkLine = .only, isUp: Bool = false,
    clock: any WallClock, publish: @escaping @Sendable (VenueEvent) -> Void
  ) {
    self.links = links
    self.venue = venue
    self.line = line
    self.isUp = isUp
    self.clock = clock
    self.publish = publish
  }

  /// Something came: whatever it says, it is a sign of life.
  public mutating func beat() {
    if !isUp {
      isUp = true
      for link in links { publish(.link(link, of: venue, on: line, isUp: true, detail: "")) }
    }
    let now = clock.now
    if let lastBeat, now - lastBeat < .seconds(1) { return }
    lastBeat = now
    for link in links { publish(.heartbeat(link, of: venue, on: line)) }
  }
}
