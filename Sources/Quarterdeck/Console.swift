import Foundation

/// The two ways to the terminal: results to standard output, everything else to standard error.
enum Console {
  static func result(_ text: String) { write(text + "\n", to: .standardOutput) }
  static func note(_ text: String) { write(text + "\n", to: .standardError) }
  static func error(_ text: String) { write("quarterdeck: \(text)\n", to: .standardError) }

  private static func write(_ text: String, to handle: FileHandle) {
    // A reader that went away (`| head`) is no reason to crash.
    try? handle.write(contentsOf: Data(text.utf8))
  }
}
