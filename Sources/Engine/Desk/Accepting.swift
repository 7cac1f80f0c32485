import TradingModel

extension Result where Success == Void, Failure == VenueError {
  /// Takes a refusal that says "it is so already" for the success that it is.
  func accepting(_ meaning: Rejection.Meaning) -> Result<Void, VenueError> {
    if case .failure(.rejected(let rejection)) = self, rejection.meaning == meaning {
      return .success(())
    }
    return self
  }
}

func accepting(
  _ meaning: Rejection.Meaning, _ request: () async throws(VenueError) -> Void
) async throws(VenueError) {
  do throws(VenueError) {
    try await request()
  } catch .rejected(let rejection) where rejection.meaning == meaning {
    // It is so already.
  }
}
