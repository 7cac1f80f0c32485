import TradingModel
import Transport

// The key of the user data stream. It lives for an hour, and for another one after each `PUT`.
extension BinanceREST {
  /// `POST /fapi/v1/listenKey`: a new key, or the one that is active, extended.
  func openListenKey() async throws(VenueError) -> Secret {
    let answer = try await send(
      .change(.post, "/fapi/v1/listenKey", security: .key, urgency: .closing))
    return try reading { () throws(JSONError) in Secret(try answer.string("listenKey")) }
  }

  /// `PUT /fapi/v1/listenKey`.
  /// - Returns: False when the venue knows no active key: then a new one is needed.
  func extendListenKey() async throws(VenueError) -> Bool {
    do throws(VenueError) {
      _ = try await send(.change(.put, "/fapi/v1/listenKey", security: .key, urgency: .closing))
      return true
    } catch .rejected(let rejection) where rejection.code == -1125 {
      return false
    }
  }

  /// `DELETE /fapi/v1/listenKey`: every stream on it ends.
  func closeListenKey() async throws(VenueError) {
    _ = try await send(.change(.delete, "/fapi/v1/listenKey", security: .key))
  }
}
