import CZlib

/// Why compressed bytes could not be read.
public enum GunzipError: Error, Hashable, Sendable {
  case corrupt(String)
  /// More than the limit, in bytes, would come out.
  case tooLarge(limit: Int)
}

/// Unpacks gzip or zlib data; several members one after the other are one text.
///
/// - Parameters:
///   - bytes: The whole compressed data.
///   - limit: The most that may come out, in bytes.
public func gunzip(_ bytes: [UInt8], limit: Int) throws(GunzipError) -> [UInt8] {
  var stream = z_stream()
  guard quarterdeck_inflate_init(&stream) == Z_OK else { throw .corrupt("zlib did not start") }
  defer { inflateEnd(&stream) }
  var output: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  var input = bytes
  let total = input.count
  var consumed = 0
  while consumed < total {
    var status = Z_OK
    var produced = 0
    input.withUnsafeMutableBufferPointer { source in
      chunk.withUnsafeMutableBufferPointer { target in
        stream.next_in = source.baseAddress?.advanced(by: consumed)
        stream.avail_in = UInt32(clamping: total - consumed)
        stream.next_out = target.baseAddress
        stream.avail_out = UInt32(target.count)
        let offered = Int(stream.avail_in)
        status = inflate(&stream, Z_NO_FLUSH)
        consumed += offered - Int(stream.avail_in)
        produced = target.count - Int(stream.avail_out)
      }
    }
    output.append(contentsOf: chunk[..<produced])
    if output.count > limit { throw .tooLarge(limit: limit) }
    switch status {
    case Z_OK where produced > 0 || consumed < total: continue
    case Z_STREAM_END:
      if consumed < total, inflateReset(&stream) != Z_OK { throw .corrupt("a second member") }
    default: throw .corrupt(stream.msg.map { String(cString: $0) } ?? "it ends too early")
    }
    if consumed >= total { return output }
  }
  throw .corrupt("it ends too early")
}
