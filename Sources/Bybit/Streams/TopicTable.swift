import TradingModel

/// What is kept of each topic on one connection, found by the topic's bytes without making a text of
/// them.
struct TopicTable {
  struct Entry {
    let name: [UInt8]
    let topic: PublicTopic
    var ticker = TickerFields()
    var book: BookFeed?
  }

  private(set) var entries: [Entry] = []
  private var places: [UInt64: Int] = [:]

  /// The place of a topic's entry, made where there is none yet; nil for a topic that we do not
  /// follow.
  mutating func place(of name: UnsafeRawBufferPointer) -> Int? {
    let hash = Self.hash(name)
    if let place = places[hash] {
      if entries[place].name.elementsEqual(name) { return place }
      // Two topics of one hash: the second is looked for the long way.
      if let place = entries.firstIndex(where: { $0.name.elementsEqual(name) }) { return place }
    }
    guard let topic = PublicTopic(name: String(decoding: name, as: UTF8.self)) else { return nil }
    var entry = Entry(name: Array(name), topic: topic)
    if case .book(let depth) = topic.kind { entry.book = BookFeed(topic.symbol, depth) }
    entries.append(entry)
    if places[hash] == nil { places[hash] = entries.count - 1 }
    return entries.count - 1
  }

  subscript(place: Int) -> Entry {
    _read { yield entries[place] }
    _modify { yield &entries[place] }
  }

  /// FNV-1a.
  private static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return hash
  }
}
