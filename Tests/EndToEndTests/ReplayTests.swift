import Foundation
import TestSupport
import Testing

extension EndToEnd {
  /// `quarterdeck replay` on a real recording, when it lies beside the package.
  struct ReplayTests {
    private static let recording = ["binance.csv.gz", "binance_trades.csv.gz"].compactMap {
      Fixtures.root?.appending(path: "binance/liquidations/PauliusMinialga/\($0)").path
    }

    @Test func `two processes replay a real recording to the same bytes`() async throws {
      guard !Self.recording.isEmpty else { return }
      let near = ["--set", "long_vwap_offset=0.1", "--set", "short_vwap_offset=0.1"]
      let reports = try await (replay(near), replay(near))
      #expect(reports.0.bytes == reports.1.bytes)
      let signals = try #require(Self.signals(in: reports.0.text))
      #expect(signals > 100)
    }

    @Test func `with the defaults it says why nothing was traded`() async throws {
      guard !Self.recording.isEmpty else { return }
      let report = try await replay([])
      #expect(report.text.contains("NO SIGNAL"))
      #expect(report.text.contains("WHY NOTHING TRADED"))
      #expect(report.text.contains("vwap-distance"))
    }

    private func replay(_ options: [String]) async throws -> ProcessLines {
      let replay = try BotProcess(
        ["replay"] + Self.recording + options, in: FileManager.default.temporaryDirectory)
      #expect(try await replay.end(within: .seconds(60)) == .exited(0))
      return replay.output
    }

    /// The figure of the line `raw signals 123`.
    private static func signals(in report: String) -> Int? {
      let line = report.split(separator: "\n").first { $0.contains("raw signals") }
      return line?.split(separator: " ").last.flatMap { Int($0) }
    }
  }
}
