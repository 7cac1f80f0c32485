import Simulation
import TradingModel
import Transport

/// A slot as `position/list` and the `position` topic show it, flat or not.
struct BybitPositionRow {
  private let report: PositionReport
  private let text: ContractText
  private let hasAutoMargin: Bool

  init(_ report: PositionReport, _ instrument: Instrument, hasAutoMargin: Bool = false) {
    self.report = report
    self.hasAutoMargin = hasAutoMargin
    text = ContractText(instrument)
  }

  var rest: JSONObject { row(entryName: "avgPrice") }

  var stream: JSONObject {
    var row = row(entryName: "entryPrice")
    row["category"] = "linear"
    return row
  }

  private func row(entryName: String) -> JSONObject {
    let position = report.position
    let isFlat = position.isFlat
    var row: JSONObject = [
      "positionIdx": .integer(position.key.slot.rawValue), "riskId": 1,
      "riskLimitValue": JSONValue(report.tier.cap ?? .usdt(2_000_000_000)),
      "symbol": .string(position.key.symbol.name), "side": .string(position.side?.bybit ?? ""),
      "size": text.quantity(position.quantity),
    ]
    row[entryName] = JSONValue(position.entryPrice ?? .zero)
    let rest: JSONObject = [
      "positionValue": isFlat ? "" : JSONValue(report.value), "tradeMode": 0,
      "positionStatus": "Normal", "autoAddMargin": hasAutoMargin ? 1 : 0,
      "adlRankIndicator": isFlat ? 0 : 2,
      "leverage": JSONValue(position.leverage),
      "breakEvenPrice": JSONValue(report.breakEvenPrice),
      "positionBalance": JSONValue(position.isolatedMargin),
      "markPrice": text.price(report.mark, none: ""),
      "liqPrice": text.price(report.liquidationPrice, none: ""),
      "bustPrice": text.price(report.bankruptcyPrice, none: ""),
      "positionMM": JSONValue(report.maintenanceMargin),
      "positionMMByMp": JSONValue(report.maintenanceMargin),
      "positionIM": JSONValue(report.initialMargin),
      "positionIMByMp": JSONValue(report.initialMargin), "tpslMode": "Full",
      "takeProfit": text.price(position.target, none: "0.00"),
      "stopLoss": text.price(position.stop, none: "0.00"), "trailingStop": trailing,
      "unrealisedPnl": JSONValue(report.unrealised),
      "curRealisedPnl": JSONValue(position.realised),
      "cumRealisedPnl": JSONValue(position.totalRealised),
      "seq": .integer(position.sequence), "isReduceOnly": false, "mmrSysUpdatedTime": "",
      "leverageSysUpdatedTime": "", "sessionAvgPrice": "",
      "createdTime": JSONValue(milliseconds: position.createdAt),
      "updatedTime": JSONValue(milliseconds: position.updatedAt),
      "openTime": .integer(position.openedAt?.milliseconds ?? 0),
    ]
    for field in rest.fields { row[field.key] = field.value }
    return row
  }

  private var trailing: JSONValue {
    guard case .price(let distance)? = report.position.trailing?.distance else { return "0.00" }
    return text.price(distance)
  }
}
