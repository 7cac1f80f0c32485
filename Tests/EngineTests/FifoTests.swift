import Testing

@testable import Engine

@Suite struct FifoTests {
  @Test func `what goes in first comes out first, however often the head moved`() {
    var queue = Fifo<Int>()
    var next = 0
    var expected = 0
    for round in 1...300 {
      for _ in 0..<(round % 7) {
        queue.append(next)
        next += 1
      }
      for _ in 0..<(round % 5) where !queue.isEmpty {
        #expect(queue.first == expected)
        #expect(queue.popFirst() == expected)
        expected += 1
      }
    }
    #expect(queue.count == next - expected)
  }
}
