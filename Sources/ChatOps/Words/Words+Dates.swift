import TradingModel

extension Words {
  /// `20 Nov`
  func dayAndMonth(_ day: UTCDay) -> String {
    let (_, month, number) = day.components
    let months = self(.months).split(separator: " ")
    return months.count == 12 ? "\(number) \(months[month - 1])" : day.description
  }
}
