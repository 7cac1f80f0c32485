/// Characters of a frame, in place: printable ASCII without escapes. Valid as long as the frame is.
public struct FrameText {
  public let bytes: UnsafeBufferPointer<UInt8>

  @inlinable
  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// A copy that outlives the frame.
  public var string: String { String(decoding: bytes, as: UTF8.self) }

  /// Whether it is just these characters.
  @inlinable
  public static func == (text: FrameText, expected: StaticString) -> Bool {
    guard let start = text.bytes.baseAddress else { return expected.utf8CodeUnitCount == 0 }
    return text.bytes.count == expected.utf8CodeUnitCount
      && FrameScanner.areEqual(start, expected.utf8Start, text.bytes.count)
  }

  /// Lets `switch` tell texts apart: `case "topic":`.
  @inlinable
  public static func ~= (expected: StaticString, text: FrameText) -> Bool { text == expected }
}
