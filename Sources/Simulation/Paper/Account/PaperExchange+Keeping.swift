import TradingModel

/// How keeping the account goes. Told when it changes.
public enum PaperKeeping: Sendable, Hashable {
  case works
  /// The file can't be written; it is tried again every second.
  case failing(String)
}

// The account is kept as soon as it changes, at most once a second, and at the end.

extension PaperExchange {
  private static let pause = Duration.seconds(1)

  func keepAccount(in file: PaperAccountFile) async {
    for await _ in changes.stream {
      await save(in: file)
      do { try await clock.sleep(for: Self.pause) } catch { break }
    }
    await save(in: file)
  }

  private func save(in file: PaperAccountFile) async {
    guard isChanged else { return }
    isChanged = false
    let account = venue.account(at: now)
    do throws(PaperAccountFile.Failure) {
      try await Self.write(account, to: file)
      note(.works)
    } catch {
      isChanged = true
      changes.continuation.yield()
      note(.failing("\(error)"))
    }
  }

  /// Off the actor: the disk may take its time, orders do not wait for it.
  @concurrent private nonisolated static func write(
    _ account: PaperAccount, to file: PaperAccountFile
  ) async throws(PaperAccountFile.Failure) {
    try file.save(account)
  }

  private func note(_ keeping: PaperKeeping) {
    guard keeping != lastKeeping else { return }
    lastKeeping = keeping
    onKeeping(keeping)
  }
}
