import Logging
import TradingModel
import Transport

/// Logs in on a trade connection and hands each answer to who waits for it.
final class TradeHandler: WebSocketHandler {
  private let owner: BybitTradeSocket
  private let socket: WebSocket
  private let log: Logger
  private let deadline: AnswerDeadline
  private let reader = JSONReader()

  init(
    _ owner: BybitTradeSocket, _ socket: WebSocket, deadline: AnswerDeadline, log: Logger
  ) {
    self.owner = owner
    self.socket = socket
    self.deadline = deadline
    self.log = log
    deadline.begin {
      log.error("Bybit did not answer the login on the trade connection: it is given up")
      socket.close()
    }
    do {
      try socket.send(owner.login.text)
    } catch {
      log.warning("the trade connection takes nothing", metadata: ["error": "\(error)"])
    }
  }

  deinit { deadline.end() }

  func received(_ bytes: UnsafeRawBufferPointer, kind: WebSocketMessageKind) -> Bool {
    do throws(JSONError) {
      try reader.read(bytes) { root throws(JSONError) in try take(root.value) }
      return true
    } catch {
      // Whose answer it was is not known: that order's time will run out, and it is looked up.
      log.warning("a frame of the trade connection can't be read", metadata: ["error": "\(error)"])
      return false
    }
  }

  private func take(_ frame: JSONValue) throws(JSONError) {
    switch frame["op"]?.stringValue {
    case "pong", "ping": return
    case "auth": try judgeLogin(BybitAnswer(frame, result: "data", redactor: owner.redactor))
    default:
      let answer = try BybitAnswer(frame, result: "data", redactor: owner.redactor)
      let limits = LimitHeaders { frame["header"]?[$0]?.stringValue }
      if let number = frame["reqId"]?.stringValue, !number.isEmpty {
        owner.answered(number, (answer, limits))
      } else if !answer.isSuccess {
        log.error(
          "Bybit complained on the trade connection",
          metadata: ["code": "\(answer.code)", "reason": "\(answer.reason)"])
      }
      // It takes nothing new; another server does.
      if answer.code == 10019 { owner.leave(socket) }
    }
  }

  private func judgeLogin(_ answer: BybitAnswer) {
    deadline.end()
    if answer.isSuccess || BybitCode.known(answer.code)?.isHarmless == true {
      return owner.loggedIn(on: socket)
    }
    let sentence = BybitCode.known(answer.code)?.sentence ?? ""
    log.error(
      "Bybit refused the login on the trade connection: orders go by REST",
      metadata: [
        "code": "\(answer.code)", "reason": "\(answer.reason)", "meaning": "\(sentence)",
      ])
    socket.close()
  }
}
