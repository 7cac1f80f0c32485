/// What the poller wants told.
public enum PollNews: Sendable, Hashable {
  case reachable
  /// A poll was answered, with or without updates.
  case polled
  /// With the reason; told once until it is reachable again.
  case unreachable(String)
  /// Another program polls with the same token; told at most once a minute.
  case conflict
  case unauthorised
  /// Updates were taken without being written down.
  case notRecorded(String)
}
