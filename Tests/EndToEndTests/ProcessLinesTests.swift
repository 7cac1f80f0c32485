import Foundation
import Testing
import TradingModel

extension EndToEnd {
  struct ProcessLinesTests {
    @Test func `all that an ended process wrote is there, whoever else holds its pipes`()
      async throws
    {
      let process = try BotProcess(
        ["-c", "echo first; kill -STOP $$; echo whole >&2; printf end"],
        in: FileManager.default.temporaryDirectory, program: URL(fileURLWithPath: "/bin/sh"))
      try await process.output.line(containing: "first", within: .seconds(5))
      let held = try [1, 2].map { number in
        let descriptor = open("/proc/\(process.number)/fd/\(number)", O_WRONLY | O_CLOEXEC)
        try #require(descriptor >= 0)
        return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
      }
      process.resume()
      #expect(try await process.end(within: .seconds(10)) == .exited(0))
      withExtendedLifetime(held) {
        #expect(process.output.text == "first\nend")
        #expect(process.errors.lines == ["whole"])
      }
    }
  }
}
