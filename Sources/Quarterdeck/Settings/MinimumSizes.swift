import TradingModel

/// `ordersize.json`: the least size of an entry, in base units, where it is to be more than the
/// venue's own minimum. Step and tick of such files are not taken: the venue's own hold.
struct MinimumSizes {
  private(set) var sizes: [Symbol: Quantity] = [:]

  init(reading file: SettingsReader) {
    for key in file.keys {
      guard let symbol = Symbol(key) else {
        _ = file.scalar(key)
        file.complain(key, "is no symbol; BTC or BTCUSDT would be one")
        continue
      }
      if sizes[symbol] != nil { file.complain(key, "\(symbol) stands twice") }
      sizes[symbol] = size(key, in: file)
    }
    file.finish()
  }

  private func size(_ key: String, in file: SettingsReader) -> Quantity {
    let most = Quantity(uncheckedCount: Quantity.limit)
    guard file.isMapping(key) else {
      return file.amount(key, default: .zero, in: .zero...most, unit: "coins")
    }
    let section = file.section(key)
    let size = section.amount("min_qty", default: .zero, in: .zero...most, unit: "coins")
    _ = (section.scalar("stepSize"), section.scalar("tickSize"))
    section.finish()
    return size
  }
}
