import Testing
import TradingModel

/// What a code asks of its caller, as the reference of its venue has it: written down here a second
/// time, so that the clients' own tables are held against it.
enum CodeEnding: Sendable, Hashable {
  /// Refused, and would be again.
  case refused(Rejection.Meaning)
  /// Too fast: not before a while.
  case tooFast
  /// Carried out or not, nobody knows.
  case unknown
  /// Certainly not carried out.
  case turnedAway
  /// Our time is outside the venue's window.
  case clock
  /// A person must mend it.
  case person

  /// What a call of that kind throws.
  func isToldBy(_ error: VenueError, of code: Int64, changing: Bool) -> Bool {
    switch (self, error) {
    case (.refused(let meaning), .rejected(let rejection)):
      rejection.meaning == meaning && rejection.code == code && !rejection.reason.isEmpty
    case (.tooFast, .rateLimited(let wait)): wait > .zero && wait <= .minutes(10)
    case (.unknown, .outcomeUnknown): changing
    case (.unknown, .unreachable): !changing
    case (.turnedAway, .unreachable), (.clock, .clockSkew): true
    case (.person, .unauthorised(let told, let words)): told == code && !words.isEmpty
    default: false
    }
  }

  /// Whether the order desk gets the order through, when only its first call meets the code; nil
  /// where that depends on how long the venue wants to be left alone.
  var isOvercome: Bool? {
    switch self {
    case .refused(.serverBusy), .unknown, .turnedAway, .clock: true
    case .refused, .person: false
    case .tooFast: nil
    }
  }
}

/// A code with its words, where the code alone does not tell.
struct VenueCode: Sendable, Hashable, CustomTestStringConvertible {
  let code: Int64
  let words: String?
  let ending: CodeEnding

  init(_ code: Int64, _ ending: CodeEnding, words: String? = nil) {
    self.code = code
    self.words = words
    self.ending = ending
  }

  var testDescription: String { "\(code) \(words ?? "")" }

  fileprivate static func all(_ ending: CodeEnding, _ codes: Int64...) -> [VenueCode] {
    codes.map { VenueCode($0, ending) }
  }
}

extension VenueCode {
  /// Every code of REST. Source: Bybit V5, error codes.
  static let bybit = [
    all(.unknown, -1, 10_000, 10_016),
    badParameters,
    all(.clock, 10_002),
    all(
      .person, 10_003, 10_004, 10_005, 10_007, 10_008, 10_009, 10_010, 10_024, 10_027, 10_028,
      33_004),
    all(.tooFast, 10_006, 10_018),
    all(.refused(.duplicateID), 10_014, 110_072, 170_141),
    all(.refused(.notModified), 34_040, 110_025, 110_026, 110_043),
    all(.refused(.orderNotFound), 110_001, 110_008, 110_010, 170_213),
    all(.refused(.badPrice), 110_003, 110_120, 110_121, 170_132, 170_133, 170_134),
    all(
      .refused(.insufficientBalance), 110_004, 110_006, 110_007, 110_012, 110_014, 110_044,
      110_045, 170_131),
    all(.refused(.tooManyOrders), 110_009, 110_020, 110_061),
    all(.refused(.leverage), 110_013, 110_086),
    all(
      .refused(.marginModeBlocked), 110_015, 110_024, 110_028, 110_029, 110_073, 110_076, 3_400_045),
    all(.refused(.reduceOnlyRefused), 110_017),
    all(.refused(.positionLimit), 110_021, 110_090),
    all(.refused(.badQuantity), 110_064, 170_136, 170_137),
    all(.refused(.notTrading), 10_029, 110_074, 110_118),
    all(.refused(.serverBusy), 110_079),
    all(.refused(.triggerPassed), 110_092, 110_093),
    all(.refused(.notionalTooSmall), 110_094, 170_140),
    all(
      .refused(.other), 10_017, 110_016, 110_030, 110_075, 170_130, 170_999, 182_001, 999_999),
  ].flatMap(\.self)

  /// Every code of the trade connection besides. Source: Bybit V5, WebSocket order entry.
  static let bybitSocket = [
    bybit,
    all(.tooFast, 10_403, 10_429, 20_003),
    all(.refused(.other), 10_404),
    all(.unknown, 10_019),
    all(.turnedAway, 20_006),
    all(.refused(.notModified), 20_001),
  ].flatMap(\.self)

  /// Source: Binance USD-M futures, error codes.
  static let binance = [
    all(.unknown, -1_000, -1_001, -1_006, -1_007),
    all(.tooFast, -1_003, -1_015),
    all(.clock, -1_021, -5_028),
    all(.person, -1_022, -1_099, -2_014, -2_015),
    all(.refused(.serverBusy), -1_008),
    all(.refused(.unknownSymbol), -1_121),
    all(.refused(.badQuantity), -1_111, -4_003, -4_004, -4_005, -4_023),
    all(.refused(.badPrice), -4_001, -4_002, -4_014, -4_016, -4_024, -4_131, -5_022),
    all(.refused(.orderNotFound), -2_011, -2_013),
    all(.refused(.insufficientBalance), -2_018, -2_019, -4_118),
    all(.refused(.triggerPassed), -2_021),
    all(.refused(.reduceOnlyRefused), -2_022, -2_024, -4_138),
    all(.refused(.tooManyOrders), -2_025, -4_045),
    all(.refused(.positionLimit), -2_027),
    all(.refused(.leverage), -2_028, -4_028, -4_161),
    all(.refused(.notModified), -4_046, -4_059, -5_027),
    all(.refused(.marginModeBlocked), -4_047, -4_048, -4_167, -4_168),
    all(.refused(.wrongPositionMode), -4_061, -4_062),
    all(.refused(.duplicateID), -4_116),
    all(.refused(.notTrading), -4_141, -4_400, -4_401),
    all(.refused(.notionalTooSmall), -4_164),
    all(
      .refused(.other), -1_100, -1_101, -1_102, -1_103, -1_104, -1_105, -1_106, -1_112, -1_115,
      -1_116, -1_117, -1_125, -1_127, -1_128, -1_130, -2_010, -2_020, -2_026, -4_015, -4_021,
      -4_067, -4_068, -4_082, -4_120, -4_137, -5_021, -5_025, -5_026, -9_999),
  ].flatMap(\.self)

  /// 10001 stands for many mistakes: its words tell which.
  private static let badParameters: [VenueCode] = {
    let meanings: [(String, Rejection.Meaning)] = [
      ("params error: side invalid", .other),
      ("position idx not match position mode", .wrongPositionMode),
      ("The number of contracts exceeds minimum limit allowed", .badQuantity),
      (
        "The number of contracts exceeds maximum limit allowed: too large, order_qty:9 > max_qty:1",
        .badQuantity
      ),
      ("Qty invalid", .badQuantity), ("params error: OrderId or orderLinkId is required", .other),
      ("Illegal category", .other),
    ]
    return meanings.map { VenueCode(10_001, .refused($0.1), words: $0.0) }
  }()
}
