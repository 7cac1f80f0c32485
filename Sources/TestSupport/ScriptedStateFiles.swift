import Synchronization
import TradingModel

/// State files in memory; a test makes them fail, or puts the flag there by hand.
public final class ScriptedStateFiles: StateFileStore {
  private struct State {
    var error: JournalError?
    var written: [StateFile] = []
    var flag: FlagFile?
    var panic: PanicFile?
  }

  private let state = Mutex(State())
  private let chronicle: Chronicle

  public init(chronicle: Chronicle = Chronicle()) { self.chronicle = chronicle }

  /// - Parameter error: What every write throws from now on; nil when they work.
  public func fail(with error: JournalError?) { state.withLock { $0.error = error } }

  public func put(_ flag: FlagFile?) { state.withLock { $0.flag = flag } }

  /// What another program wrote.
  public func put(panic: PanicFile?) { state.withLock { $0.panic = panic } }

  public var written: [StateFile] { state.withLock { $0.written } }

  public func write(_ file: StateFile) async throws(JournalError) {
    let error = state.withLock { state in
      if state.error == nil { state.written.append(file) }
      return state.error
    }
    chronicle.write(error == nil ? "write file" : "write file failed")
    if let error { throw error }
  }

  public func readFlag() async -> FlagFile? { state.withLock { $0.flag } }
  public func readPanicLock() async -> PanicFile? { state.withLock { $0.panic } }
}
