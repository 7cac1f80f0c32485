import TestSupport
import Testing
import Transport

@Suite(.timeLimit(.minutes(1)))
struct MultipartFormTests {
  @Test
  func `texts and files arrive as parts, whatever their names hold`() async throws {
    let server = try await RawServer { _ in [.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")]
    }
    var form = MultipartForm(chance: SteadyRandom())
    form.add("chat_id", "42")
    form.add("a\"b\r\nX-Evil: 1", "line\r\nline")
    form.add("photo", file: "chart \"1\".png", type: "image/png", Array("PNG".utf8))
    form.add("document", file: "x", type: "text/plain\r\nX-Evil: 1", [])
    let request = form.request(to: try RequestURL("http://127.0.0.1:\(server.port)"))
    #expect(try await CurlHTTPClient().send(request).status == 200)
    let text = try #require(server.requests.first).text
    let boundary = "quarterdeck-80000000000000008000000000000000"
    #expect(text.contains("Content-Type: multipart/form-data; boundary=\(boundary)\r\n"))
    let body = """
      --\(boundary)
      Content-Disposition: form-data; name="chat_id"

      42
      --\(boundary)
      Content-Disposition: form-data; name="a%22b%0D%0AX-Evil: 1"

      line
      line
      --\(boundary)
      Content-Disposition: form-data; name="photo"; filename="chart %221%22.png"
      Content-Type: image/png

      PNG
      --\(boundary)
      Content-Disposition: form-data; name="document"; filename="x"
      Content-Type: application/octet-stream


      --\(boundary)--

      """
    #expect(text.hasSuffix("\r\n\r\n" + body.replacing("\n", with: "\r\n")))
  }
}
