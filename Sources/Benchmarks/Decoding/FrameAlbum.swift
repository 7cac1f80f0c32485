/// Frames that lie one after the other in memory, to be gone through over and over.
final class FrameAlbum {
  private static let passes = 40

  private let bytes: UnsafeMutableRawBufferPointer
  private let copy: UnsafeMutableRawBufferPointer
  private var frames: [UnsafeRawBufferPointer] = []

  init(_ texts: [String]) {
    let size = texts.reduce(0) { $0 + $1.utf8.count }
    bytes = .allocate(byteCount: max(1, size), alignment: 64)
    copy = .allocate(byteCount: max(1, size), alignment: 64)
    var start = 0
    for text in texts {
      let place = UnsafeMutableRawBufferPointer(rebasing: bytes[start..<(start + text.utf8.count)])
      place.copyBytes(from: text.utf8)
      frames.append(UnsafeRawBufferPointer(place))
      start += text.utf8.count
    }
  }

  deinit {
    bytes.deallocate()
    copy.deallocate()
  }

  var meanBytes: Double { Double(bytes.count) / Double(max(1, frames.count)) }

  /// Nanoseconds that the processor takes for one frame: the median of passes over all of them.
  /// - Parameter read: Nil for a frame that it can't read.
  /// - Returns: Nil when there is one that can't be read.
  func time(of read: (UnsafeRawBufferPointer) -> Int?) -> Double? {
    guard frames.allSatisfy({ read($0) != nil }) else { return nil }
    return median { frames.reduce(0) { $0 &+ (read($1) ?? 0) } }
  }

  /// The same for a copy of the bytes, frame by frame.
  func copyTime() -> Double {
    median {
      var start = 0
      for frame in frames {
        UnsafeMutableRawBufferPointer(rebasing: copy[start..<(start + frame.count)])
          .copyMemory(from: frame)
        start += frame.count
      }
      return Int(copy[start / 2])
    }
  }

  private func median(_ pass: () -> Int) -> Double {
    var times: [Int64] = []
    var sum = 0
    for _ in 0..<Self.passes {
      let start = Stopwatch.threadCPU
      sum &+= pass()
      times.append(Stopwatch.threadCPU - start)
    }
    // The sum is used, so that no pass can be left out.
    let used = sum == .min ? 1 : 0
    return Double(times.sorted()[times.count / 2] + Int64(used)) / Double(max(1, frames.count))
  }
}
