import Foundation
import TradingModel
import Transport

/// Holds the state folder for this process, and for the account it belongs to: two programs on one
/// folder would both trade, and the day's baseline of one account says nothing of another.
///
/// The main process takes it over from its guard: whoever holds `quarterdeck.wanted` is waiting, and
/// the guard gives the folder to it.
final class StateFolder: Sendable {
  /// What the process that holds the folder is there for.
  enum Role: String, Codable, Sendable {
    case main
    case standIn = "guard"
  }

  /// Who holds it, as `quarterdeck.lock` tells. What an older program wrote lacks the optional ones.
  struct Holder: Codable, Hashable, Sendable {
    /// Mode, venue and environment.
    var account: String
    /// The mark of the API key.
    var key: String?
    var process: Int32
    var role: Role?
    /// Unix milliseconds.
    var since: Int64?
    /// The same in nanoseconds since the machine was started.
    var bootNanoseconds: UInt64?
    /// It was stopped as asked: nothing went wrong.
    var hasStopped: Bool?

    var isStandIn: Bool { role == .standIn }
    var owner: Account { Account(place: account, key: key) }
  }

  /// How long a main process waits for the guard to give the folder back.
  static let patience = Duration.seconds(15)
  /// Between two tries to take it.
  static let pause = Duration.milliseconds(50)
  /// A guard whose heartbeat stands still for so long while it is asked is ended: its own way out
  /// takes nine seconds at most.
  static let guardHangLimit = Duration.seconds(12)
  /// How long a holder that the kernel does not confirm is waited for: the guard that has just taken
  /// the folder, say, and not written it down yet.
  static let doubt = Duration.seconds(2)

  let path: String
  /// Who held it before: nil at the very first time.
  let before: Holder?
  /// By which the guard sees that the engine goes on; nil when it can't be kept, or for the guard.
  let heartbeat: Heartbeat?
  private let lock: FileLock
  private let holder: Holder

  /// Takes it at once.
  ///
  /// - Throws: `SettingsProblem` when another process holds it, or it belongs to another account.
  convenience init(
    path: String, account: Account, role: Role = .main, at now: Timestamp
  ) throws(SettingsProblem) {
    let lock = try Self.openLock(in: path)
    guard lock.take() else { throw Self.inUse(path, by: Self.holder(in: path)) }
    try self.init(path: path, lock: lock, account: account, role: role, at: now)
  }

  /// - Parameter lock: Held already.
  init(
    path: String, lock: FileLock, account: Account, role: Role, at now: Timestamp
  ) throws(SettingsProblem) {
    self.path = path
    self.lock = lock
    let before = Self.holder(in: path)
    self.before = before
    if let before, let refusal = account.refusal(of: before.owner, in: path) {
      lock.release()
      throw refusal
    }
    holder = Holder(
      account: account.place, key: account.key ?? before?.key, process: getpid(), role: role,
      since: now.milliseconds,
      bootNanoseconds: Uptime.nanoseconds)
    heartbeat = role == .main ? Heartbeat(Self.heartbeatPath(in: path)) : nil
    // In this order: what is older than the holder is of a life before.
    write(holder)
    heartbeat?.rest()
  }

  /// Takes it, from the guard where that has it: it ends what it is doing and gives it back.
  ///
  /// - Parameter isAsking: Told once, when the guard is asked.
  /// - Throws: `SettingsProblem` when another main process holds it, the guard does not give it back
  ///   in time, or it belongs to another account.
  static func take(
    _ path: String, account: Account, clock: any WallClock, isAsking: () -> Void = {}
  ) async throws(SettingsProblem) -> StateFolder {
    let lock = try openLock(in: path)
    // On a full disk the guard can't be asked, but where it does not have the folder it need not.
    let wanted = try? openLock(in: path, named: wantedName)
    defer { wanted?.release() }
    let start = clock.now
    var hasAsked = false
    var judge = HeartbeatJudge(limit: guardHangLimit)
    while !lock.take() {
      let holder = holder(in: path)
      let isSure = holder.map { FileLock.isHeld(lockPath(in: path), by: $0.process) } ?? false
      if isSure, holder?.isStandIn == true {
        if !hasAsked { isAsking() }
        hasAsked = true
        _ = wanted?.take()
        let mark = Heartbeat.mark(in: GuardPost.heartbeatPath(in: path))
        if case .hangs = judge.look(mark, at: Uptime.now), let holder {
          // The kernel has just said that it is the holder.
          kill(holder.process, SIGKILL)
        }
      } else if isSure || !hasAsked && clock.now - start >= doubt {
        throw inUse(path, by: isSure ? holder : nil)
      }
      guard clock.now - start < patience else {
        throw SettingsProblem(
          place: "state.folder",
          text: "the guard (\(holder.map { "process \($0.process)" } ?? "unknown")) did not give "
            + "\(path) back within \(patience.wholeSeconds) s: stop it, and start again")
      }
      do { try await clock.sleep(for: pause) } catch {
        throw SettingsProblem(
          place: "state.folder", text: "interrupted while waiting for the guard")
      }
    }
    return try StateFolder(path: path, lock: lock, account: account, role: .main, at: clock.now)
  }

  /// Holds what can't be written by a lock in memory, so that no second program of this user runs
  /// on it. Neither the guard nor the command line sees who holds it.
  ///
  /// - Throws: `SettingsProblem` when another process holds it.
  static func inMemory(
    _ path: String, account: Account, at now: Timestamp
  ) throws(SettingsProblem) -> StateFolder {
    let absolute = URL(fileURLWithPath: path).standardizedFileURL.path
    let mark = hexText(Array(sha256(Array(absolute.utf8)).prefix(8)))
    let lock: FileLock
    do throws(FileLockError) {
      lock = try FileLock("/dev/shm/quarterdeck-\(getuid())-\(mark).lock")
    } catch {
      throw SettingsProblem(place: "state.folder", text: error.why)
    }
    guard lock.take() else { throw inUse(path, by: nil) }
    return try StateFolder(path: path, lock: lock, account: account, role: .main, at: now)
  }

  /// Why the folder can't be held; nil when it can.
  static func problem(with folder: String) -> SettingsProblem? {
    do throws(SettingsProblem) {
      _ = try openLock(in: folder)
      return nil
    } catch {
      return error
    }
  }

  /// Notes that this life ended as asked, and gives the folder free.
  func release() {
    var holder = holder
    holder.hasStopped = true
    write(holder)
    heartbeat?.rest()
    lock.release()
  }

  // MARK: What stands in the folder

  private static let wantedName = "quarterdeck.wanted"

  static func lockPath(in folder: String) -> String { "\(folder)/quarterdeck.lock" }
  static func heartbeatPath(in folder: String) -> String { "\(folder)/heartbeat" }

  /// Whether a main process waits for the folder.
  static func isWanted(_ folder: String) -> Bool { FileLock.isHeld("\(folder)/\(wantedName)") }

  /// Who is written down as holder, whether it still lives or not.
  static func holder(in folder: String) -> Holder? {
    guard let data = FileManager.default.contents(atPath: lockPath(in: folder)), !data.isEmpty
    else {
      return nil
    }
    do { return try JSONDecoder().decode(Holder.self, from: data) } catch { return nil }
  }

  enum Holding {
    case free
    /// By that process, where it is known.
    case held(by: Int32?)
  }

  /// Whether a program holds the folder right now.
  static func holding(of folder: String) -> Holding {
    FileLock.isHeld(lockPath(in: folder)) ? .held(by: liveHolder(in: folder)?.process) : .free
  }

  /// The holder that the kernel confirms.
  static func liveHolder(in folder: String) -> Holder? {
    holder(in: folder).flatMap {
      FileLock.isHeld(lockPath(in: folder), by: $0.process) ? $0 : nil
    }
  }

  /// Opens the file that the folder is held by; the folder is made where it is missing.
  static func openLock(
    in folder: String, named name: String = "quarterdeck.lock"
  ) throws(SettingsProblem) -> FileLock {
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw SettingsProblem(
        place: "state.folder", text: "\(folder) can't be made: \(words(error, folder))")
    }
    do throws(FileLockError) {
      return try FileLock("\(folder)/\(name)")
    } catch {
      throw SettingsProblem(place: "state.folder", text: error.why)
    }
  }

  /// In the system's words, without Foundation's around them.
  private static func words(_ error: any Error, _ folder: String) -> String {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), !isFolder.boolValue {
      return "a file lies there"
    }
    let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError ?? error as NSError
    guard cause.domain == NSPOSIXErrorDomain else { return error.localizedDescription }
    return String(cString: strerror(Int32(clamping: cause.code)))
  }

  private static func inUse(_ path: String, by holder: Holder?) -> SettingsProblem {
    let who = holder.map { "process \($0.process)" } ?? "another process"
    return SettingsProblem(
      place: "state.folder",
      text: "\(path) is in use by \(who): stop that one, or give this one a folder of its own")
  }

  private func write(_ holder: Holder) {
    do { lock.write(try JSONEncoder().encode(holder)) } catch { return }
  }
}
