import Synchronization

/// Counts frames from any loop.
final class FrameTally: Sendable {
  private let read = Atomic(0)
  private let readSlowly = Atomic(0)
  private let ignored = Atomic(0)
  private let malformed = Atomic(0)
  private let booksRenewed = Atomic(0)

  func noteRead() { read.add(1, ordering: .relaxed) }
  func noteReadSlowly() { readSlowly.add(1, ordering: .relaxed) }
  func noteIgnored() { ignored.add(1, ordering: .relaxed) }
  func noteMalformed() { malformed.add(1, ordering: .relaxed) }
  func noteBookRenewed() { booksRenewed.add(1, ordering: .relaxed) }

  var counts: BybitFrameCounts {
    BybitFrameCounts(
      read: read.load(ordering: .relaxed), readSlowly: readSlowly.load(ordering: .relaxed),
      ignored: ignored.load(ordering: .relaxed), malformed: malformed.load(ordering: .relaxed),
      booksRenewed: booksRenewed.load(ordering: .relaxed))
  }
}
