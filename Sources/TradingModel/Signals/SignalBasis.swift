/// Whether what a signal rests on is still there, looked at once more at the gate.
///
/// The text says what was seen against what was asked.
public enum SignalBasis: Sendable, Hashable, Codable {
  case holds(String)
  case gone(String)
  /// It could not be seen: counts as gone.
  case unknown(String)
}
