import Transport

/// Whose state folder it is: mode, venue and environment as the settings have them, and a mark of
/// the API key.
struct Account: Hashable, Sendable {
  /// `live bybit mainnet`
  let place: String
  /// Eight hexadecimal digits that tell one key from another and nothing else; nil on paper, and in
  /// folders of before there were such marks.
  let key: String?

  init(place: String, key: String? = nil) {
    self.place = place
    self.key = key
  }

  /// - Parameter keyID: The public half of an API key.
  init(place: String, keyID: String?) {
    self.init(place: place, key: keyID.map { hexText(Array(sha256(Array($0.utf8)).prefix(4))) })
  }

  /// Why a folder of `other` is not for this account; nil when it is.
  func refusal(of other: Account, in folder: String) -> SettingsProblem? {
    guard other.place == place else {
      return SettingsProblem(
        place: "state.folder",
        text: "\(folder) belongs to '\(other.place)', the settings say '\(place)': give each a "
          + "folder of its own, because the baseline, trades and locks of one account must not be "
          + "applied to another")
    }
    guard let key, let theirs = other.key, key != theirs else { return nil }
    return SettingsProblem(
      place: "state.folder",
      text: "\(folder) belongs to the account of another API key (\(theirs), this one is \(key)): "
        + "give this one a folder of its own. If it is a new key of the same account, say so by "
        + "moving \(StateFolder.lockPath(in: folder)) away while neither the bot nor its guard runs"
    )
  }
}
