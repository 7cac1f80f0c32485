import TradingModel

/// A body of several parts, as browsers send files: `multipart/form-data`.
///
/// Source: RFC 7578; names are escaped as the WHATWG HTML standard says ("multipart form data").
public struct MultipartForm: Sendable {
  private var bytes: [UInt8] = []
  private let boundary: String

  /// - Parameter chance: For a boundary that stands in none of the parts.
  public init(chance: any RandomSource) {
    let digits = [chance.next(), chance.next()].map { String($0, radix: 16) }
    boundary = "quarterdeck-" + digits.joined()
  }

  /// Adds a text.
  public mutating func add(_ name: String, _ value: String) {
    begin(name, "")
    end(Array(value.utf8))
  }

  /// Adds a file.
  /// - Parameter type: Its media type: `image/png`.
  public mutating func add(_ name: String, file: String, type: String, _ content: [UInt8]) {
    let type =
      type.utf8.allSatisfy { (0x20...0x7E).contains($0) } ? type : "application/octet-stream"
    begin(name, "; filename=\"\(Self.escaped(file))\"\r\nContent-Type: \(type)")
    end(content)
  }

  /// The POST that carries it.
  public func request(to url: RequestURL) -> HTTPRequest {
    HTTPRequest(
      .post, url, headers: ["Content-Type": "multipart/form-data; boundary=\(boundary)"],
      body: bytes + Array("--\(boundary)--\r\n".utf8))
  }

  private mutating func begin(_ name: String, _ rest: String) {
    let name = Self.escaped(name)
    bytes += Array(
      "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\(rest)\r\n\r\n".utf8)
  }

  private mutating func end(_ content: [UInt8]) { bytes += content + Array("\r\n".utf8) }

  private static func escaped(_ text: String) -> String {
    text.unicodeScalars.map { scalar in
      switch scalar {
      case "\"": "%22"
      case "\r": "%0D"
      case "\n": "%0A"
      default: String(scalar)
      }
    }.joined()
  }
}
