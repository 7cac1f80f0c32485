/// How the second process is meant, that takes the chat when the main one dies or hangs.
struct GuardSettings: Hashable, Sendable {
  /// Whether one is expected: its absence is told. Nil is what the mode stands for.
  var isExpected: Bool?
  /// The guard starts the main process, and starts it again when it ends.
  var supervises = false
  /// A main process whose engine was silent for so long is ended.
  var hangLimit = Duration.seconds(30)

  /// Where one is expected, an absence of so long is told.
  var absenceLimit = Duration.seconds(60)

  mutating func read(_ section: SettingsReader) {
    if section.has("expected") { isExpected = section.bool("expected", default: true) }
    supervises = section.bool("supervise", default: supervises)
    hangLimit = section.seconds("hang_s", default: hangLimit, in: 5...600)
    absenceLimit = section.seconds("absent_s", default: absenceLimit, in: 5...3600)
    section.finish()
  }
}
