import TradingModel
import Transport

/// What Bybit wraps every answer in: a code, words, a result, and per item where there were many.
///
/// `retExtInfo` and `time` are absent from some answers.
struct BybitAnswer {
  let code: Int
  let reason: String
  let result: JSONValue
  let extra: JSONValue

  /// - Parameters:
  ///   - name: Of the result: REST calls it `result`, the trade connection `data`.
  ///   - redactor: Blots the key out of the words: a wrong signature comes with what was signed.
  init(
    _ envelope: JSONValue, result name: String = "result", redactor: Redactor? = nil
  ) throws(JSONError) {
    code = Int(clamping: try envelope.integer("retCode"))
    result = envelope[name] ?? .object([:])
    extra = envelope["retExtInfo"] ?? .object([:])
    var words = envelope["retMsg"]?.stringValue ?? ""
    // A margin mode that can't be set comes with the reasons in the result.
    if case .array(let reasons)? = result["reasons"] {
      for reason in reasons {
        if let text = reason["reasonMsg"]?.stringValue {
          words += words.isEmpty ? text : ": \(text)"
        }
      }
    }
    reason = redactor?.redact(words) ?? words
  }

  var isSuccess: Bool { code == 0 }

  /// What became of each item of a batch.
  /// - Throws: `outcomeUnknown` for an answer that can't be read: the venue did something with each
  ///   item, but does not tell what.
  func outcomes(
    count: Int, limitResetsIn reset: Duration
  ) throws(VenueError) -> [Result<JSONValue, VenueError>] {
    do throws(JSONError) {
      return try items(count: count, limitResetsIn: reset)
    } catch {
      throw .outcomeUnknown
    }
  }

  /// What became of each item of a batch: its row, or why it was refused. The two lists of the
  /// answer run in parallel.
  /// - Parameter count: How many items were sent; an answer with another number of them can't be
  ///   told apart.
  private func items(
    count: Int, limitResetsIn reset: Duration
  ) throws(JSONError) -> [Result<JSONValue, VenueError>] {
    let rows = try result.array("list")
    let outcomes = try extra.array("list")
    guard rows.count == count, outcomes.count == count else {
      throw .missing(path: "list[\(min(rows.count, outcomes.count))]")
    }
    var items: [Result<JSONValue, VenueError>] = []
    for (row, outcome) in zip(rows, outcomes) {
      let code = Int(clamping: try outcome.integer("code"))
      guard code != 0 else {
        items.append(.success(row))
        continue
      }
      items.append(
        .failure(
          VenueError(
            bybitCode: code, reason: try outcome.optionalString("msg") ?? "", isChanging: true,
            limitResetsIn: reset)))
    }
    return items
  }
}
