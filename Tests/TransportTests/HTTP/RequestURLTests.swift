import Testing
import Transport

struct RequestURLTests {
  @Test(arguments: [
    ("https://api.bybit.com", "https://api.bybit.com", 443),
    ("HTTPS://api.bybit.com:443/", "https://api.bybit.com", 443),
    ("http://127.0.0.1:8080/telegram/", "http://127.0.0.1:8080/…", 8080),
    ("ws://[::1]:9/v5?token=abc", "ws://[::1]:9/…", 9),
    ("wss://fstream.binance.com", "wss://fstream.binance.com", 443),
  ])
  func `an address is read, and shown without what may be secret`(
    text: String, shown: String, port: Int
  ) throws {
    let url = try RequestURL(text)
    #expect("\(url)" == shown)
    #expect(url.port == port)
  }

  @Test(arguments: [
    "", "api.bybit.com", "ftp://a", "http://", "http://:80", "http://a:0", "http://a:65536",
    "http://a:b", "http://user:pw@a", "http://a b", "http://a\r\n", "http://é", "http://a#f",
    "http://[::1", "http://[::1]x", "https:/a",
  ])
  func `what is no address is refused without repeating it`(text: String) {
    let error = #expect(throws: InvalidURL.self) { try RequestURL(text) }
    #expect(error?.description.contains("pw") != true)
  }

  @Test
  func `forms are encoded in their order`() {
    #expect(
      PercentEncoding.form([("symbol", "1000PEPEUSDT"), ("note", "a b&c=é~")])
        == "symbol=1000PEPEUSDT&note=a%20b%26c%3D%C3%A9~")
  }
}
