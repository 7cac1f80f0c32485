/// Which part of a long list is shown, and the buttons that turn to another.
struct Pages {
  let number: Int
  let total: Int
  let range: Range<Int>

  /// - Parameter wanted: From 1; a page that is gone gives the last there is.
  init(count: Int, perPage: Int, wanted: Int) {
    total = max(1, (count + perPage - 1) / perPage)
    number = min(max(1, wanted), total)
    let start = (number - 1) * perPage
    range = min(start, count)..<min(start + perPage, count)
  }

  func choices(command: String, arguments: String) -> [[Choice]] {
    guard total > 1 else { return [] }
    let turn = { (page: Int) in
      Action.turn(command, "\(arguments) #\(page)".trimmingPrefix { $0 == " " }.description)
    }
    return [
      [
        Choice("◀", turn(number > 1 ? number - 1 : total)),
        Choice("\(number)/\(total)", turn(number)),
        Choice("▶", turn(number < total ? number + 1 : 1)),
      ]
    ]
  }
}

extension Arguments {
  /// Takes the last word when it is a page, `#2`; the first otherwise.
  mutating func page() throws(Objection) -> Int {
    guard let last = words.last, last.hasPrefix("#") else { return 1 }
    guard let page = Int(last.dropFirst()), (1...9999).contains(page) else { throw .usage }
    removeLast()
    return page
  }
}
