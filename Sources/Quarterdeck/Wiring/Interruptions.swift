import Dispatch
import Foundation
import Synchronization

/// The first Ctrl-C or SIGTERM stops in order, which takes ten seconds at most; the second, or the
/// eleventh second, ends the process at once.
enum Interruptions {
  private static let patience = DispatchTimeInterval.seconds(10)
  private static let count = Mutex(0)

  static func secondOneExits() {
    for signal in [SIGTERM, SIGINT] {
      let source = DispatchSource.makeSignalSource(signal: signal, queue: .global())
      source.setEventHandler {
        // The source holds its handler and the handler its source: it lasts as long as the process.
        defer { withExtendedLifetime(source) {} }
        let times = count.withLock { count in
          count += 1
          return count
        }
        if times > 1 { _exit(1) }
        DispatchQueue.global().asyncAfter(deadline: .now() + patience) { _exit(1) }
      }
      source.activate()
    }
  }
}
