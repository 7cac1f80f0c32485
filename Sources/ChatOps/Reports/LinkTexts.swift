import TradingModel

/// The links with the age of what was heard last.
struct LinkTexts {
  let scene: Scene

  /// `Bybit 0.2 s`: one text per venue, the worst of its links.
  var byVenue: [String] {
    let links = scene.snapshot.links.filter { $0.name != .chat }
    let venues = links.map(\.venue).reduce(into: [Venue]()) { venues, venue in
      if !venues.contains(venue) { venues.append(venue) }
    }
    return venues.compactMap { venue in
      let own = links.filter { $0.venue == venue }
      guard let worst = own.min(by: isWorse) else { return nil }
      if worst.isUp { return "\(venue.title) \(age(of: worst))" }
      return scene.words(
        .linkIsDown,
        [
          "venue": venue.title, "link": scene.words.word(worst.name), "age": age(of: worst),
        ])
    }
  }

  func age(of link: LinkView) -> String {
    link.heardAt.map { scene.words.span(scene.snapshot.time - $0) }
      ?? scene.words(.neverHeard)
  }

  private func isWorse(_ one: LinkView, than other: LinkView) -> Bool {
    if one.isUp != other.isUp { return !one.isUp }
    let never = Timestamp(nanoseconds: .min)
    return (one.heardAt ?? never, one.name) < (other.heardAt ?? never, other.name)
  }
}
