import CCurl
import Glibc
import Synchronization

/// One request on its way through libcurl: its handle, what it sends, what has come back.
///
/// @unchecked Sendable: handed to the lane's thread, which alone touches it from then on, apart from
/// `isCancelled`.
final class CurlTransfer: @unchecked Sendable {
  let isCancelled = Atomic(false)
  private(set) var easy: UnsafeMutableRawPointer?
  private let request: HTTPRequest
  private let network: NetworkSettings
  private var proxy: ProxyAddress?
  private let userAgent: String
  private var sentHeaders: UnsafeMutablePointer<curl_slist>?
  private var sentBody: UnsafeMutableBufferPointer<UInt8>?
  private var headers = HeaderFields()
  private var headerBytes = 0
  private var body: [UInt8] = []
  private var isTooLarge = false
  private var attempts = 0
  private static let maxHeaderBytes = 256 << 10

  init(_ request: HTTPRequest, network: NetworkSettings, userAgent: String) {
    self.request = request
    self.network = network
    self.userAgent = userAgent
  }

  deinit { release() }

  /// Makes the handle.
  func prepare() throws(HTTPError) -> UnsafeMutableRawPointer {
    guard request.url.scheme == .http || request.url.scheme == .https else {
      throw .invalidRequest("\(request.url.scheme.rawValue) is not HTTP")
    }
    if let name = request.headers.unsendableName { throw .invalidRequest("header '\(name)'") }
    do throws(ProxyAddress.Invalid) {
      proxy = try network.proxy(for: request.url)
    } catch {
      throw .connect("\(error)")
    }
    guard let easy = curl_easy_init() else { throw .connect("out of memory") }
    self.easy = easy
    setAddress(easy)
    setNetwork(easy)
    setLimits(easy)
    setContent(easy)
    setCallbacks(easy)
    return easy
  }

  private func setAddress(_ easy: UnsafeMutableRawPointer) {
    ccurl_set_text(easy, CURLOPT_URL, request.url.text)
    ccurl_set_text(easy, CURLOPT_PROTOCOLS_STR, "http,https")
    ccurl_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
    ccurl_set_long(easy, CURLOPT_SSL_VERIFYPEER, 1)
    ccurl_set_long(easy, CURLOPT_SSL_VERIFYHOST, 2)
    ccurl_set_long(easy, CURLOPT_TCP_KEEPALIVE, 1)
    ccurl_set_long(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    ccurl_set_text(easy, CURLOPT_USERAGENT, userAgent)
    ccurl_set_text(easy, CURLOPT_ACCEPT_ENCODING, "gzip")
  }

  /// The proxy is always set, to nothing if there is none: libcurl must not look into the environment
  /// for itself.
  private func setNetwork(_ easy: UnsafeMutableRawPointer) {
    ccurl_set_text(easy, CURLOPT_NOPROXY, "")
    ccurl_set_text(easy, CURLOPT_PROXY, "")
    if let proxy {
      let scheme = proxy.kind == .http ? "http" : "socks5h"
      ccurl_set_text(easy, CURLOPT_PROXY, "\(scheme)://\(proxy.authority)")
      ccurl_set_long(easy, CURLOPT_HTTPPROXYTUNNEL, 1)
      if let login = proxy.login {
        ccurl_set_text(easy, CURLOPT_PROXYUSERNAME, login.name.exposed())
        ccurl_set_text(easy, CURLOPT_PROXYPASSWORD, login.password.exposed())
      }
    }
    // libcurl reads the system's folder of authorities besides.
    if let file = network.extraCAFile { ccurl_set_text(easy, CURLOPT_CAINFO, file) }
  }

  private func setLimits(_ easy: UnsafeMutableRawPointer) {
    ccurl_set_long(easy, CURLOPT_NOSIGNAL, 1)
    ccurl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, milliseconds(request.connectTimeout))
    ccurl_set_long(easy, CURLOPT_TIMEOUT_MS, milliseconds(request.totalTimeout))
    ccurl_set_size(easy, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(request.maxResponseBytes))
  }

  private func setContent(_ easy: UnsafeMutableRawPointer) {
    if request.body != nil || request.method == .post {
      let bytes = request.body ?? []
      let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(1, bytes.count))
      _ = copy.initialize(fromContentsOf: bytes)
      sentBody = copy
      ccurl_set_long(easy, CURLOPT_POST, 1)
      ccurl_set_size(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bytes.count))
      ccurl_set_body(easy, copy.baseAddress)
    }
    ccurl_set_text(easy, CURLOPT_CUSTOMREQUEST, request.method.rawValue)
    for field in request.headers.fields {
      // libcurl takes `Name;` for an empty value and `Name:` for none at all.
      append(field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)")
    }
    // No question before a large body, no content type that nobody asked for.
    append("Expect:")
    if request.headers["Content-Type"] == nil { append("Content-Type:") }
    ccurl_set_headers(easy, sentHeaders)
  }

  private func append(_ line: String) {
    if let longer = curl_slist_append(sentHeaders, line) { sentHeaders = longer }
  }

  private func setCallbacks(_ easy: UnsafeMutableRawPointer) {
    let context = Unmanaged.passUnretained(self).toOpaque()
    ccurl_set_receive(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
      CurlTransfer.at(context).receiveBody(
        UnsafeRawBufferPointer(start: bytes, count: size * count))
    }
    ccurl_set_pointer(easy, CURLOPT_WRITEDATA, context)
    ccurl_set_receive(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
      CurlTransfer.at(context).receiveHeader(
        UnsafeRawBufferPointer(start: bytes, count: size * count))
    }
    ccurl_set_pointer(easy, CURLOPT_HEADERDATA, context)
    ccurl_set_before_request(easy) { context, _, _, _, _ in
      CurlTransfer.at(context).mayGoOut() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
    }
    ccurl_set_pointer(easy, CURLOPT_PREREQDATA, context)
  }

  private static func at(_ context: UnsafeMutableRawPointer?) -> CurlTransfer {
    guard let context else { preconditionFailure("the context was set with the callback") }
    return Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
  }

  /// libcurl asks before each attempt. By itself it would send a request again when a kept
  /// connection dies without an answer; an order must not go out twice.
  private func mayGoOut() -> Bool {
    attempts += 1
    return attempts == 1 || request.method.isSafe
  }

  /// - Returns: How much was taken; less than all ends the transfer.
  private func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Int {
    guard body.count + bytes.count <= request.maxResponseBytes else {
      isTooLarge = true
      return 0
    }
    body.append(contentsOf: bytes)
    return bytes.count
  }

  private func receiveHeader(_ bytes: UnsafeRawBufferPointer) -> Int {
    headerBytes += bytes.count
    guard headerBytes <= Self.maxHeaderBytes else {
      isTooLarge = true
      return 0
    }
    let line = String(decoding: bytes, as: UTF8.self)
    if line.hasPrefix("HTTP/") {
      headers = HeaderFields()  // An interim answer went before.
    } else if let colon = line.firstIndex(of: ":") {
      headers.add(String(line[..<colon]), trimmed(line[colon...].dropFirst()))
    }
    return bytes.count
  }

  private func trimmed(_ text: Substring) -> String {
    var text = text
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }

  /// Frees what libcurl holds of it. It must be out of the multi handle.
  func release() {
    if let easy { curl_easy_cleanup(easy) }
    easy = nil
    curl_slist_free_all(sentHeaders)
    sentHeaders = nil
    sentBody?.deallocate()
    sentBody = nil
  }
}

// How it ended.
extension CurlTransfer {
  func cancelled() -> Result<HTTPResponse, HTTPError> { .failure(.cancelled(bodySent: bodySent)) }

  func outcome(_ code: CURLcode) -> Result<HTTPResponse, HTTPError> {
    guard code == CURLE_OK else { return .failure(error(code)) }
    var status = 0
    if let easy { ccurl_get_long(easy, CURLINFO_RESPONSE_CODE, &status) }
    return .success(
      HTTPResponse(status: status, headers: headers, body: body, secrets: request.url.secrets))
  }

  private func error(_ code: CURLcode) -> HTTPError {
    switch code {
    case _ where isTooLarge: .tooLarge(limitBytes: request.maxResponseBytes)
    case CURLE_FILESIZE_EXCEEDED: .tooLarge(limitBytes: request.maxResponseBytes)
    case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: .invalidRequest(reason(code))
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT,
      CURLE_PROXY, CURLE_INTERFACE_FAILED:
      .connect(reason(code))
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE,
      CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR, CURLE_USE_SSL_FAILED,
      CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_CLIENTCERT:
      .tls(reason(code))
    case CURLE_OPERATION_TIMEDOUT where attempts == 0:
      .connect("timed out connecting to \(request.url.authority)")
    // The proxy did not let it through.
    case _ where attempts == 0: .connect(reason(code))
    case CURLE_OPERATION_TIMEDOUT: .timedOut(bodySent: bodySent)
    // A second attempt was forbidden: how much of the first went out is not known any more.
    case CURLE_ABORTED_BY_CALLBACK:
      .broken(bodySent: true, "the kept connection ended without an answer")
    default: .broken(bodySent: bodySent, reason(code))
    }
  }

  /// Whether the request was handed to the system to its last byte.
  private var bodySent: Bool {
    guard let easy, attempts > 0 else { return false }
    var requestBytes = 0
    var uploadedBytes: curl_off_t = 0
    ccurl_get_long(easy, CURLINFO_REQUEST_SIZE, &requestBytes)
    ccurl_get_size(easy, CURLINFO_SIZE_UPLOAD_T, &uploadedBytes)
    return requestBytes > 0 && Int(uploadedBytes) >= request.body?.count ?? 0
  }

  /// libcurl's constant text for the code, the system's for its cause, and the host: nothing that
  /// was sent or received.
  private func reason(_ code: CURLcode) -> String {
    var text = String(cString: curl_easy_strerror(code))
    var systemCode = 0
    if let easy { ccurl_get_long(easy, CURLINFO_OS_ERRNO, &systemCode) }
    if systemCode != 0 { text += " (\(String(cString: strerror(Int32(systemCode)))))" }
    var proxyStatus = 0
    if let easy { ccurl_get_long(easy, CURLINFO_HTTP_CONNECTCODE, &proxyStatus) }
    guard let proxy else { return "\(text), \(request.url.authority)" }
    if proxyStatus >= 300 { text = "refused with HTTP \(proxyStatus)" }
    return "\(text), \(request.url.authority) through \(proxy)"
  }
}

/// At least one: zero would be no limit at all.
private func milliseconds(_ duration: Duration) -> Int {
  let (seconds, attoseconds) = duration.components
  guard seconds < 1_000_000 else { return 1_000_000_000 }
  return max(1, Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000))
}
