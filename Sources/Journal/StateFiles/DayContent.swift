import Foundation
import TradingModel

extension DayBaseline {
  /// As `daily_pnl.json` names them.
  fileprivate enum Limit: String {
    case drawdown = "max_dd"
    case target
  }

  var limitsFired: [String] {
    (hasStopped ? [Limit.drawdown.rawValue] : [])
      + (hasReachedTarget ? [Limit.target.rawValue] : [])
  }
}

/// What `daily_pnl.json` tells of the day and its locks; older bots' files, too.
struct DayContent {
  /// Nil when the date, the baseline or the time of writing can't be read.
  let baseline: DayBaseline?
  /// What the day came to, as far as it was written; nil when the figures can't be read.
  let result: DayResult?
  /// Those that can be read, `trading_disabled.flag` by hand left out: that file speaks for itself.
  let locks: [Lock]

  init(_ data: Data) {
    let written = try? JSONDecoder().decode(Written.self, from: data)
    baseline = written?.baseline
    result = written?.result
    locks = written?.locks?.value?.compactMap { $0.value?.lock } ?? []
  }

  private struct Written: Decodable {
    var date: String?
    /// Read digit by digit: `Decimal` holds 38 of them.
    var baselineEquity: Lenient<Decimal>?
    var baselineLate: Bool?
    var pnl: Lenient<Decimal>?
    var pct: Lenient<Decimal>?
    var trades: Lenient<Int>?
    var stopped: Bool?
    var stopReason: String?
    var limitsFired: [String]?
    var locks: Lenient<[Lenient<WrittenLock>]>?
    var updatedAt: String?

    enum CodingKeys: String, CodingKey {
      case date, pnl, pct, stopped, locks
      case trades = "num_trades"
      case baselineEquity = "baseline_equity"
      case baselineLate = "baseline_late"
      case stopReason = "stop_reason"
      case limitsFired = "limits_fired"
      case updatedAt = "updated_at"
    }

    var result: DayResult? {
      guard let day = date.flatMap({ UTCDay($0) }),
        let amount = pnl?.value.flatMap({ try? Notional("\($0)" as String) }),
        let result = pct?.value.flatMap({ try? Ratio(percent: "\($0)") })
      else { return nil }
      return DayResult(
        day: day, amount: amount, result: result, trades: max(0, trades?.value ?? 0))
    }

    /// Taken when the file was written: transfers up to then are in it.
    var baseline: DayBaseline? {
      guard let day = date.flatMap({ UTCDay($0) }),
        let takenAt = updatedAt.flatMap(Timestamp.init(iso8601:)), takenAt.day == day,
        let equity = baselineEquity?.value.flatMap({ try? Notional("\($0)" as String) }),
        equity > .zero
      else { return nil }
      let fired = limitsFired ?? (stopped == true ? [stopReason ?? ""] : [])
      return DayBaseline(
        day: day, equity: equity, takenAt: takenAt, isLate: baselineLate ?? true,
        hasStopped: fired.contains(DayBaseline.Limit.drawdown.rawValue),
        hasReachedTarget: fired.contains(DayBaseline.Limit.target.rawValue))
    }
  }

  /// What can't be read costs itself alone: one bad lock is no reason to lose the others.
  private struct Lenient<Value: Decodable>: Decodable {
    let value: Value?

    /// By its container: only there a number keeps its digits.
    init(from decoder: any Decoder) throws {
      value = try? decoder.singleValueContainer().decode(Value.self)
    }
  }

  private struct WrittenLock: Decodable {
    var kind: String
    var reason: String?
    var since: String
    var until: String?
    var flat: Bool?
    var includesLongterm: Bool?

    enum CodingKeys: String, CodingKey {
      case kind, reason, since, until, flat
      case includesLongterm = "include_longterm"
    }

    var lock: Lock? {
      guard let kind = Lock.Kind(word: kind), kind != .flagFile,
        let since = Timestamp(iso8601: since)
      else { return nil }
      // An end that can't be read is no end.
      return Lock(
        kind: kind, reason: reason ?? "", since: since,
        until: until.flatMap(Timestamp.init(iso8601:)), isFlat: flat ?? true,
        takesLongterm: includesLongterm ?? false)
    }
  }
}
