import TestSupport
import Testing
import TradingModel
import Transport

/// The scanner against simdjson: whatever it accepts, simdjson accepts with the same values.
struct FrameScannerAgreementTests {
  private let reader = JSONReader()

  /// Everything in the frame, read with the scanner: numbers and odd strings by their extent.
  private func tree(_ scan: inout FrameScanner) throws(OtherShape) -> JSONValue {
    switch scan.next {
    case UInt8(ascii: "{"):
      var fields: [(String, JSONValue)] = []
      try scan.object { name, scan throws(OtherShape) in
        let name = name.string
        fields.append((name, try tree(&scan)))
      }
      return .object(JSONObject(fields))
    case UInt8(ascii: "["):
      var elements: [JSONValue] = []
      try scan.array { scan throws(OtherShape) in elements.append(try tree(&scan)) }
      return .array(elements)
    case UInt8(ascii: "\""): return .string(try scan.text().string)
    case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool(try scan.bool())
    case UInt8(ascii: "n"):
      try scan.literal("null")
      return .null
    default: return .number(String(decoding: try scan.skipValue(), as: UTF8.self))
    }
  }

  private func accepted<Value>(
    _ bytes: UnsafeRawBufferPointer, _ body: (inout FrameScanner) throws(OtherShape) -> Value
  ) -> Value? {
    do throws(OtherShape) {
      var scan = FrameScanner(bytes)
      let value = try body(&scan)
      try scan.end()
      return value
    } catch {
      return nil
    }
  }

  private func judged(_ bytes: UnsafeRawBufferPointer) -> JSONValue? {
    do throws(JSONError) {
      return try reader.read(bytes) { root in root.value }
    } catch {
      return nil
    }
  }

  /// Every text and number in the value that is a decimal to the scanner is the same to the model.
  private func checkAmounts(in value: JSONValue) {
    switch value {
    case .object(let object): for field in object.fields { checkAmounts(in: field.value) }
    case .array(let elements): for element in elements { checkAmounts(in: element) }
    case .string(let text), .number(let text):
      Array(text.utf8).withUnsafeBytes { bytes in
        guard let count = accepted(bytes, { scan throws(OtherShape) in try scan.decimal() }) else {
          return
        }
        #expect((try? Price(utf8: bytes))?.count == count, "\(text)")
      }
    case .bool, .null: break
    }
  }

  @Test
  func `every recorded frame is read whole, and alike`() throws {
    var unread: [String] = []
    for frame in try Frames.all() {
      frame.withUnsafeBytes { bytes in
        let expected = judged(bytes)
        #expect(accepted(bytes) { scan throws(OtherShape) in try scan.skipValue() } != nil)
        guard let value = accepted(bytes, tree) else {
          unread.append(String(decoding: frame, as: UTF8.self))
          return
        }
        #expect(value == expected)
        checkAmounts(in: value)
      }
    }
    // A refusal that quotes a symbol in Chinese has escapes.
    #expect(unread.allSatisfy { $0.contains("\\") || !$0.utf8.allSatisfy { $0 < 0x80 } })
  }

  @Test
  func `what mutated frames the scanner takes, simdjson takes alike`() throws {
    let chance = SeededRandom(seed: 20_261_121)
    let alphabet = Array("{}[]\",:0123456789.-+eE\\u/tfn \u{1}\u{7F}aé".utf8)
    func draw(_ bound: Int) -> Int { Int(chance.next(below: UInt64(bound))) }
    let frames = try Frames.all().filter { $0.count < 3_000 }
    let room = GuardedFrame(room: 8_192)
    defer { room.free() }
    var taken = 0
    for frame in frames {
      for _ in 0..<40 {
        var mutant = frame
        for _ in 0...draw(2) where !mutant.isEmpty {
          let place = draw(mutant.count)
          switch draw(5) {
          case 0: mutant[place] = alphabet[draw(alphabet.count)]
          case 1: mutant.remove(at: place)
          case 2: mutant.insert(alphabet[draw(alphabet.count)], at: place)
          case 3: mutant.removeSubrange(place...)
          default:
            let end = min(mutant.count, place + draw(30))
            mutant.insert(contentsOf: Array(mutant[place..<end]), at: draw(mutant.count))
          }
        }
        let bytes = room.hold(mutant)
        let expected = judged(bytes)
        if accepted(bytes, { scan throws(OtherShape) in try scan.skipValue() }) != nil {
          #expect(expected != nil, "\(String(decoding: mutant, as: UTF8.self))")
        }
        guard let value = accepted(bytes, tree) else { continue }
        taken += 1
        #expect(value == expected, "\(String(decoding: mutant, as: UTF8.self))")
        checkAmounts(in: value)
      }
    }
    #expect(frames.isEmpty || taken > frames.count)
  }

  @Test
  func `a frame cut anywhere is never read past its end`() throws {
    let frames = try Frames.all().filter { $0.count < 1_500 }
    let room = GuardedFrame(room: 1_500)
    defer { room.free() }
    for frame in frames.enumerated().filter({ $0.offset % 7 == 0 }).map(\.element) {
      for length in 0..<frame.count {
        let bytes = room.hold(frame.prefix(length))
        #expect(accepted(bytes) { scan throws(OtherShape) in try scan.skipValue() } == nil)
        #expect(accepted(bytes, tree) == nil)
        _ = accepted(bytes) { scan throws(OtherShape) in
          try scan.literal(#"{"topic":"orderbook.50.BTCUSDT","type":"snapshot","ts":"#)
        }
      }
    }
  }
}
