import Foundation
import TradingModel

/// A deed as JSON text, for its row in the command journal.
enum DeedText {
  /// Nil when it can't be written, which no deed causes.
  static func text(of deed: OperatorCommand.Deed) -> String? {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    do { return String(decoding: try encoder.encode(deed), as: UTF8.self) } catch { return nil }
  }

  /// Nil when the text is not of this program's making.
  static func deed(from text: String) -> OperatorCommand.Deed? {
    do {
      return try JSONDecoder().decode(OperatorCommand.Deed.self, from: Data(text.utf8))
    } catch {
      return nil
    }
  }
}
