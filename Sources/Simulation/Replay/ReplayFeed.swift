import TradingModel

/// Why recordings can't be played.
public enum ReplayError: Error, Hashable, Sendable, CustomStringConvertible {
  /// None of the first lines looks like a table that is known.
  case unknownFormat(file: String)
  case nothingRecorded

  public var description: String {
    switch self {
    case .unknownFormat(let file): "\(file) is no table of liquidations or trades"
    case .nothingRecorded: "the recordings hold no event"
    }
  }
}

/// Recordings read whole, as one sequence in order of arrival.
public struct ReplayFeed: Sendable {
  public struct FileSummary: Sendable, Hashable {
    public var name: String
    public var format: TableFormat
    /// Of USDT contracts, each once.
    public var events = 0
    /// Liquidations that were told before: some recorders ran twice.
    public var repeated = 0
    /// Lines of contracts that are not quoted in USDT.
    public var otherContracts = 0
    /// Lines that could not be read.
    public var skipped = 0
  }

  /// Lines that are looked at to know a table.
  private static let linesToDetect = 20
  private static let longestLine = 4096
  /// Skipped lines that are kept by name; the rest is counted.
  private static let namedLines = 20

  /// In order of arrival; where that is the same, in order of files and lines.
  public private(set) var events: [RecordedEvent] = []
  public private(set) var files: [FileSummary] = []
  /// The first lines that could not be used.
  public private(set) var skipped: [SkippedLine] = []

  private var liquidations: Set<Liquidation> = []

  /// - Throws: `ReplayError`. Single lines that can't be read are skipped and counted.
  public init(_ recordings: [RecordedFile]) throws(ReplayError) {
    for recording in recordings { try read(recording) }
    guard !events.isEmpty else { throw .nothingRecorded }
    let order = events.indices.sorted {
      (events[$0].arrival, $0) < (events[$1].arrival, $1)
    }
    events = order.map { events[$0] }
    liquidations = []
  }

  /// Every symbol that occurs, sorted.
  public var symbols: [Symbol] {
    var seen: Set<Symbol> = []
    for event in events { seen.insert(event.event.symbol) }
    return seen.sorted()
  }

  private mutating func read(_ recording: RecordedFile) throws(ReplayError) {
    let lines = recording.bytes.split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let first = lines.prefix(Self.linesToDetect).lazy.compactMap {
      TableFormat.detect(Self.fields(of: $0))
    }.first
    guard let format = first else { throw .unknownFormat(file: recording.name) }
    var summary = FileSummary(name: recording.name, format: format)
    for (index, line) in lines.enumerated() where !line.allSatisfy(Self.isBlank) {
      do throws(UnusableLine) {
        guard line.count <= Self.longestLine else { throw .malformed("the line is too long") }
        let event = try format.read(Self.fields(of: line))
        if isNew(event) {
          events.append(event)
          summary.events += 1
        } else {
          summary.repeated += 1
        }
      } catch {
        switch error {
        case .otherContract: summary.otherContracts += 1
        case .malformed(let why):
          summary.skipped += 1
          guard skipped.count < Self.namedLines else { continue }
          skipped.append(
            SkippedLine(file: recording.name, line: index + 1, why: String(why.prefix(80))))
        }
      }
    }
    files.append(summary)
  }

  /// The venue tells at most one liquidation per symbol and second: one that is equal to the
  /// millisecond is the same. A trade has no such mark; equal ones are told as often as they come.
  private mutating func isNew(_ recorded: RecordedEvent) -> Bool {
    guard case .liquidation(let liquidation) = recorded.event else { return true }
    return liquidations.insert(liquidation).inserted
  }

  private static func fields(of line: ArraySlice<UInt8>) -> [Substring] {
    String(decoding: line.prefix(longestLine), as: UTF8.self)
      .split(separator: ",", omittingEmptySubsequences: false)
      .map { field in
        let start = field.drop { $0.isWhitespace }
        guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return start }
        return start[...end]
      }
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0D || byte == 0x09
  }
}
