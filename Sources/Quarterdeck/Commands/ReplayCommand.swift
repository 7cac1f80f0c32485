import ArgumentParser
import Bybit
import EngineCore
import Foundation
import Simulation
import TradingModel
import Transport

struct ReplayCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Plays recorded markets through the engine that trades, on a paper account.",
    discussion: """
      Takes tables of liquidations and of trades, as CSV or CSV.GZ; the columns tell which is which.
      The same files give the same report, byte for byte.

      Examples:
        quarterdeck replay liquidations.csv.gz trades.csv.gz
        quarterdeck replay liquidations.csv.gz --set long_vwap_offset=0.1 --set lick_value=100
        quarterdeck replay liquidations.csv.gz --set risk.max_positions=3
      """)

  @Argument(help: "Recorded tables, in any order.")
  var files: [String]

  @Option(help: "KEY=VALUE: a coin parameter, or a setting with its section (risk.max_positions).")
  var set: [String] = []

  @Option(help: "The venue's rules: the answer of Bybit's instruments-info, saved to a file.")
  var instruments: String?

  @Option(help: "A folder of settings; without it, the defaults.")
  var config: String?

  @Option(parsing: .unconditional, help: "What the paper account begins with, in USDT.")
  var balance: String?

  func run() async throws {
    var complaints = Complaints()
    let feed = try RecordedFiles.feed(of: files, "replay", &complaints)
    let settings = try complaints.attempt {
      try SettingsLoader(
        folder: config,
        overrides: SettingsOverrides(
          assignments: set, options: [("--balance", "paper.balance_usdt", balance)])
      ).load()
    }
    let rules = try complaints.attempt(rules)
    guard let feed, var settings, let rules, complaints.problems.isEmpty else {
      throw complaints.told()
    }
    // A replay asks what would have happened: every symbol of the recording is allowed.
    settings.allowlist = feed.symbols
    let report = ReplayRunner.run(
      feed, engine: settings.engineSettings(isReplay: true),
      paper: settings.paper.venueSettings(prices: .bybit), instruments: rules)
    Console.result("\(report)")
  }

  private func rules() throws -> [Instrument]? {
    guard let instruments else { return nil }
    let bytes = try RecordedFiles.read(instruments).bytes
    do {
      return try BybitREST.instruments(in: JSONValue(parsing: bytes))
    } catch {
      throw SettingsProblem(place: instruments, text: "no answer of instruments-info: \(error)")
    }
  }
}

/// Files from disk, unpacked where they are compressed.
enum RecordedFiles {
  /// The most that one file may unpack to.
  private static let limitBytes = 2 << 30

  /// All of them as one market; nil when something is wrong with any, each told by name.
  static func feed(
    of paths: [String], _ place: String, _ complaints: inout Complaints
  ) throws -> ReplayFeed? {
    var files: [RecordedFile] = []
    for path in paths {
      guard let file = try complaints.attempt({ try read(path) }) else { continue }
      files.append(file)
    }
    do throws(ReplayError) {
      let feed = try ReplayFeed(files)
      return files.count == paths.count ? feed : nil
    } catch .nothingRecorded {
      if !files.isEmpty {
        complaints.add(SettingsProblem(place: place, text: "\(ReplayError.nothingRecorded)"))
      }
    } catch {
      for file in files {
        do throws(ReplayError) {
          _ = try ReplayFeed([file])
        } catch .unknownFormat {
          complaints.add(
            SettingsProblem(
              place: file.name,
              text: "is no table of liquidations or trades: none of its first lines is one"))
        } catch {
          // Empty by itself: others may hold events.
        }
      }
    }
    return nil
  }

  /// - Throws: `SettingsProblem` that names the file.
  static func read(_ path: String) throws -> RecordedFile {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw SettingsProblem(place: path, text: "can't be read")
    }
    var bytes = Array(data)
    if bytes.starts(with: [0x1F, 0x8B]) {
      do {
        bytes = try gunzip(bytes, limit: limitBytes)
      } catch {
        throw SettingsProblem(place: path, text: "is not readable as gzip: \(error)")
      }
    }
    return RecordedFile(name: (path as NSString).lastPathComponent, bytes: bytes)
  }
}
