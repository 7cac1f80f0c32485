import Testing
import Transport

struct GunzipTests {
  /// `printf 'stop at 63250\n' | gzip -n`
  static let packed: [UInt8] = [
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0x2b, 0x2e, 0xc9, 0x2f, 0x50, 0x48,
    0x2c, 0x51, 0x30, 0x33, 0x36, 0x32, 0x35, 0xe0, 0x02, 0x00, 0x5a, 0x86, 0x4d, 0x09, 0x0e, 0x00,
    0x00, 0x00,
  ]

  @Test
  func `gzip is unpacked, several members are one text`() throws {
    let text = Array("stop at 63250\n".utf8)
    #expect(try gunzip(Self.packed, limit: 14) == text)
    #expect(try gunzip(Self.packed + Self.packed, limit: 100) == text + text)
  }

  @Test
  func `more than the limit is an error`() {
    #expect(throws: GunzipError.tooLarge(limit: 13)) { try gunzip(Self.packed, limit: 13) }
  }

  @Test
  func `what is cut short, damaged or no gzip is an error`() {
    #expect(throws: GunzipError.self) { try gunzip([], limit: 100) }
    #expect(throws: GunzipError.self) { try gunzip(Array("text".utf8), limit: 100) }
    for length in 1..<Self.packed.count {
      #expect(throws: GunzipError.self) {
        try gunzip(Array(Self.packed[..<length]), limit: 100)
      }
    }
    var damaged = Self.packed
    damaged[26] ^= 1  // the checksum
    #expect(throws: GunzipError.self) { try gunzip(damaged, limit: 100) }
  }
}
