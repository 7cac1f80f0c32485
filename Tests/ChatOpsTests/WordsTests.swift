import Chat
import Foundation
import TestSupport
import Testing
import TradingModel

@testable import ChatOps

@Suite struct WordsTests {
  @Test func `every key has a template, and no key has two`() {
    let all = English.parts.flatMap(\.keys)
    #expect(Set(all).count == all.count)
    #expect(Phrase.allCases.filter { English.templates[$0] == nil }.isEmpty)
  }

  @Test func `every key is used`() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Sources/ChatOps")
    let files = try #require(
      FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil))
    var code = ""
    for case let file as URL in files where file.pathExtension == "swift" {
      if file.path.contains("/Words/English/") || file.lastPathComponent == "Phrase.swift" {
        continue
      }
      code += try String(contentsOf: file, encoding: .utf8)
    }
    let words = Set(
      code.split { !$0.isLetter && !$0.isNumber && $0 != "." }.flatMap { word in
        word.split(separator: ".").map(String.init)
      })
    let unused = Phrase.allCases.filter { !words.contains($0.rawValue) }
    #expect(unused.isEmpty)
  }

  @Test func `buttons fit, braces are balanced`() {
    for phrase in Phrase.allCases {
      let text = English.templates[phrase] ?? ""
      #expect(text.count { $0 == "{" } == text.count { $0 == "}" })
      if phrase.rawValue.hasPrefix("button"), !text.contains("{") {
        #expect(text.count <= Choice.labelLimit, "\(phrase)")
      }
    }
  }

  @Test(arguments: [(0, "0 positions"), (1, "1 position"), (2, "2 positions")])
  func `counts take the form of their number`(count: Int, text: String) {
    #expect(Words.english.positions(count) == text)
  }

  @Test(arguments: [
    (Duration.milliseconds(200), "0.2 s"), (.milliseconds(59_999), "59.9 s"),
    (.seconds(60), "1 min"), (.minutes(134), "2 h 14 min"), (.hours(50), "2 d 2 h"),
    (.seconds(-5), "0.0 s"),
  ])
  func `ages have two units at most`(duration: Duration, text: String) {
    #expect(Words.english.span(duration) == text)
  }

  @Test func `numbers have comma thousands, and a real minus outside tables`() {
    #expect(Figures.money("1234567.891") == "1,234,567.89")
    #expect(Figures.gain("-1234.5") == "−1,234.50")
    #expect(Figures.gain("-1234.5", in: .table) == "-1,234.50")
    #expect(Figures.gain("-0.001") == "+0.00")
    #expect(Figures.signedPercent("0.03049805", decimals: 2) == "+3.05%")
    #expect(Figures.tidied("daily stop -6.03%, 12345.5 left") == "daily stop −6.03%, 12,345.5 left")
    for text in [
      "liq-1-1 at 12:04:31", "2026-11-21", "trading_disabled.flag", "1.2.3456", "x10000",
    ] {
      #expect(Figures.tidied(text) == text)
    }
    let book = InstrumentBook(.examples)
    #expect(book.price("64210", of: "BTCUSDT") == "64,210.0")
    #expect(book.quantity("0.12", of: "BTCUSDT") == "0.120")
    #expect(book.quantity("900", of: "DOGEUSDT") == "900")
    #expect(book.price("1.5", of: "NEWUSDT") == "1.5")
  }

  @Test(
    arguments: [
      ("0.0305", "-5%  .......####..........  +10%"), ("0", "-5%  .....................  +10%"),
      ("-0.05", "-5%  #######..............  +10%"), ("0.1", "-5%  .......##############  +10%"),
      ("-0.9", "-5%  #######..............  +10%"), ("9", "-5%  .......##############  +10%"),
    ] as [(Ratio, String)])
  func `the bar of the day grows from zero and never leaves its frame`(
    result: Ratio, bar: String
  ) {
    #expect(
      Meter.day(result, stop: .percent(-5), target: .percent(10), width: 32) == bar)
  }

  @Test func `hostile values stay within every limit`() async throws {
    let name = String(repeating: "<b>&🚨", count: 40)
    let symbols = (0..<200).map { Symbol(venueName: "VERYLONGCOINNAME\($0)USDT") }
    let person = Person(id: PersonID(7), name: name, role: .owner, chat: ChatID(7), since: 0)
    let phone = try await Phone(persons: [person])
    phone.bus.change { snapshot in
      snapshot.troubles = [name]
      snapshot.allowlist = symbols
      snapshot.locks = [Lock(kind: .halted, reason: name, since: .noon)]
      snapshot.positions = symbols.map {
        .example(
          .example($0, quantity: "1234567.12345678", entry: "0.00001234", target: nil),
          profit: "-12345678.12345678")
      }
      snapshot.day?.net = "-1234567890.12"
      snapshot.day?.equity = "99999999999.12"
      snapshot.wallet = .known(.example(equity: "99999999999.12"), at: .noon)
    }
    let typed = [
      "/status", "/positions", "/pnl", "/risk", "/close", "/close all", "/kill", "/panic",
      "/allowlist",
      "/health", "/help", "/whoami", "/resume", "/unlock", "/\(name)", "/allow \(name)",
    ]
    for (number, text) in typed.enumerated() {
      await phone.say(text, from: person, number: Int64(number + 1))
      phone.clock.advance(by: .seconds(10))
    }
    #expect(phone.chat.sent.count == typed.count)
    for (_, reply) in phone.chat.sent {
      #expect(reply.plainText.count <= 3900)
      #expect(!reply.plainText.contains("{"))
      #expect(reply.buttons.allSatisfy { $0.count <= 3 })
      for button in reply.buttons.joined() {
        #expect((1...Choice.labelLimit).contains(button.label.count))
        #expect(button.data.utf8.count < 40)
      }
      for case .table(let rows) in reply.blocks {
        #expect(rows.count <= 20)
        #expect(rows.allSatisfy { $0.count <= TableRows.width }, "\(rows)")
      }
    }
  }

  @Test func `the menu shows what the role may`() {
    let entries = { Menu.entries(for: $0, words: .english).map(\.name) }
    #expect(entries(nil) == ["pair"])
    #expect(!entries(.viewer).contains("close"))
    #expect(entries(.operator).contains("panic"))
    #expect(!entries(.operator).contains("unlock"))
    #expect(entries(.owner).contains("unlock"))
    for entry in Menu.entries(for: .owner, words: .english) {
      #expect(entry.name.allSatisfy { $0.isLowercase || $0 == "_" })
      #expect((1...256).contains(entry.summary.count))
    }
  }

  @Test func `names and aliases are each used once`() {
    let names = CommandCatalog.all.flatMap { [$0.name] + $0.aliases }
    #expect(Set(names).count == names.count)
  }
}
