/// A list that keeps the newest elements and forgets the oldest.
struct BoundedList<Element: Sendable>: Sendable {
  let limit: Int
  private var elements: [Element] = []
  /// How many were forgotten before they were drained.
  private(set) var dropped = 0

  init(limit: Int) { self.limit = limit }

  /// Oldest first, at most `limit`.
  var items: ArraySlice<Element> { elements.suffix(limit) }

  mutating func append(_ element: Element) {
    elements.append(element)
    // Trimmed in halves: moving the rest for every element would cost its length each time.
    guard elements.count >= 2 * limit else { return }
    dropped += elements.count - limit
    elements.removeFirst(elements.count - limit)
  }

  /// Puts a changed element in the place of the newest one that matches.
  mutating func replaceLast(with element: Element, where matches: (Element) -> Bool) {
    guard let place = elements.lastIndex(where: matches) else { return }
    elements[place] = element
  }

  mutating func drain() -> [Element] {
    defer { elements = [] }
    return elements
  }
}

/// Remembers the newest members only.
struct RecentSet<Element: Hashable & Sendable>: Sendable {
  let limit: Int
  private var members: Set<Element> = []
  private var order: [Element] = []
  private var oldest = 0

  init(limit: Int) { self.limit = limit }

  func contains(_ element: Element) -> Bool { members.contains(element) }

  /// The members that came last, oldest first.
  func newest(_ count: Int) -> [Element] {
    Array((order[oldest...] + order[..<oldest]).suffix(count))
  }

  mutating func insert(_ element: Element) {
    guard members.insert(element).inserted else { return }
    if order.count < limit {
      order.append(element)
    } else {
      members.remove(order[oldest])
      order[oldest] = element
      oldest = (oldest + 1) % limit
    }
  }
}
