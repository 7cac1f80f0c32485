// swift-tools-version: 6.2
import PackageDescription

// Imports point one way, toward TradingModel. What a target may import is said here and nowhere
// else: an undeclared import between our targets is refused by the build (see the Makefile).

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

func room(_ name: String, uses: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: uses, swiftSettings: strict)
}

func tests(_ name: String, uses: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: uses, swiftSettings: strict)
}

let nio: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioWebSocket: Target.Dependency = .product(name: "NIOWebSocket", package: "swift-nio")
let nioTLS: Target.Dependency = .product(name: "NIOTLS", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let lifecycle: Target.Dependency = .product(
  name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals: Target.Dependency = .product(
  name: "UnixSignals", package: "swift-service-lifecycle")
let arguments: Target.Dependency = .product(
  name: "ArgumentParser", package: "swift-argument-parser")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore: Target.Dependency = .product(
  name: "HummingbirdCore", package: "hummingbird")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let nioHTTPTypes: Target.Dependency = .product(name: "NIOHTTPTypes", package: "swift-nio-extras")

let package = Package(
  name: "quarterdeck",
  products: [
    .executable(name: "quarterdeck", targets: ["Quarterdeck"]),
    .executable(name: "Benchmarks", targets: ["Benchmarks"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-nio.git", exact: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl.git", exact: "2.37.6"),
    .package(url: "https://github.com/apple/swift-log.git", exact: "1.16.2"),
    .package(url: "https://github.com/apple/swift-argument-parser.git", exact: "1.8.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", exact: "2.13.0"),
    .package(url: "https://github.com/groue/GRDB.swift.git", exact: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams.git", exact: "6.2.2"),
    .package(
      url: "https://github.com/hummingbird-project/hummingbird.git", exact: "2.28.1", traits: []),
    .package(
      url: "https://github.com/apple/swift-http-types.git", exact: "1.8.0", traits: []),
    .package(url: "https://github.com/apple/swift-nio-extras.git", exact: "1.35.2"),
  ],
  targets: [
    // Ring 0: the words.
    room("Chat"),
    room("TradingModel"),

    // Ring 1: what judges. No clock, no network, no await, no Foundation.
    room("Indicators", uses: ["TradingModel"]),
    room("Strategies", uses: ["TradingModel", "Indicators"]),
    room("Risk", uses: ["TradingModel"]),

    // Ring 2: what decides, what carries it out, and how bytes travel.
    room("EngineCore", uses: ["TradingModel", "Strategies", "Risk"]),
    room("Engine", uses: ["TradingModel", "EngineCore", "Risk", logging]),
    room(
      "Transport",
      uses: [
        "TradingModel", "CCurl", "COpenSSL", "CSimdjson", "CZlib",
        nio, nioPosix, nioHTTP1, nioWebSocket, nioTLS, nioSSL, logging,
      ]),

    // Ring 3: the outside, one target each.
    room("Bybit", uses: ["TradingModel", "Transport", logging]),
    room("Binance", uses: ["TradingModel", "Transport", logging]),
    room("Simulation", uses: ["TradingModel", "EngineCore", "Engine"]),
    room("Journal", uses: ["Chat", "TradingModel", grdb]),
    room("Telegram", uses: ["Chat", "TradingModel", "Transport", logging]),
    room("ChatOps", uses: ["Chat", "TradingModel"]),
    room(
      "ControlServer",
      uses: [
        "TradingModel", "COpenSSL", hummingbird, hummingbirdCore, httpTypes, nioHTTPTypes, nio,
        logging,
      ]),

    // Ring 4: servers that behave like the outside, days of the whole bot, and the program.
    room(
      "BotDays",
      uses: [
        "Chat", "TradingModel", "Strategies", "Risk", "EngineCore", "Engine", "Simulation",
        "ChatOps", logging,
      ]),
    .executableTarget(
      name: "Simulator", dependencies: ["BotDays", arguments], swiftSettings: strict),
    room(
      "Loopback",
      uses: [
        "Chat", "TradingModel", "Simulation", "Transport",
        nio, nioPosix, nioHTTP1, nioWebSocket,
      ]),
    .executableTarget(
      name: "Quarterdeck",
      dependencies: [
        "Chat", "TradingModel", "Strategies", "Risk", "EngineCore", "Engine", "Transport",
        "Bybit", "Binance", "Simulation", "Journal", "Telegram", "ChatOps", "ControlServer",
        "Loopback", nio, nioPosix, logging, yams, lifecycle, signals, arguments,
      ],
      swiftSettings: strict),

    // Measures the hot paths; no part of what is shipped.
    .executableTarget(
      name: "Benchmarks",
      dependencies: [
        "TradingModel", "Strategies", "EngineCore", "Engine", "Transport", "Bybit", "Binance",
        "Journal", "COpenSSL",
        nio, logging, arguments,
      ],
      swiftSettings: strict),

    // Thin shims over system libraries.
    .systemLibrary(
      name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(
      name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(
      name: "CSystemSimdjson", providers: [.apt(["libsimdjson-dev"])]),
    .target(
      name: "CSimdjson", dependencies: ["CSystemSimdjson"],
      linkerSettings: [.linkedLibrary("simdjson")]),

    // What tests share.
    room("TestSupport", uses: ["Chat", "TradingModel"]),

    tests("ArchitectureTests", uses: []),
    tests("ChatTests", uses: ["Chat", "TestSupport"]),
    tests("TradingModelTests", uses: ["TradingModel", "TestSupport"]),
    tests("IndicatorsTests", uses: ["Indicators", "TradingModel", "TestSupport"]),
    tests("StrategiesTests", uses: ["Strategies", "TradingModel", "TestSupport"]),
    tests("RiskTests", uses: ["Risk", "TradingModel", "TestSupport"]),
    tests(
      "EngineCoreTests",
      uses: ["EngineCore", "Strategies", "Risk", "TradingModel", "TestSupport"]),
    tests(
      "EngineTests",
      uses: ["Engine", "EngineCore", "Strategies", "Risk", "TradingModel", "TestSupport"]),
    tests(
      "TransportTests",
      uses: [
        "Transport", "TradingModel", "TestSupport",
        nio, nioPosix, nioHTTP1, nioWebSocket, nioSSL,
      ]),
    tests(
      "BybitTests",
      uses: ["Bybit", "Loopback", "Simulation", "Transport", "TradingModel", "TestSupport"]),
    tests(
      "BinanceTests",
      uses: ["Binance", "Loopback", "Simulation", "Transport", "TradingModel", "TestSupport"]),
    tests(
      "SimulationTests",
      uses: [
        "Simulation", "Engine", "EngineCore", "Strategies", "Risk", "TradingModel", "TestSupport",
      ]),
    tests(
      "ChaosTests",
      uses: [
        "Bybit", "Binance", "Loopback", "Simulation", "Engine", "EngineCore", "Risk", "Transport",
        "TradingModel", "TestSupport", logging,
      ]),
    tests("JournalTests", uses: ["Journal", "Chat", "TradingModel", "TestSupport", grdb]),
    tests("TelegramTests", uses: ["Telegram", "Loopback", "Chat", "Transport", "TestSupport"]),
    tests("ChatOpsTests", uses: ["ChatOps", "Chat", "TradingModel", "TestSupport"]),
    tests(
      "ControlServerTests",
      uses: ["ControlServer", "TradingModel", "TestSupport", nio, nioPosix, httpTypes, logging]),
    tests(
      "LoopbackTests",
      uses: [
        nioPosix, "Loopback", "Simulation", "Transport", "Chat", "TradingModel", "TestSupport",
      ]),
    tests(
      "BotDaysTests",
      uses: [
        "BotDays", "Simulator", "Chat", "Risk", "EngineCore", "Simulation", "TradingModel",
        "TestSupport",
      ]),
    tests(
      "QuarterdeckTests",
      uses: [
        "Quarterdeck", "ControlServer", "Risk", "EngineCore", "Engine", "Transport", "TradingModel",
        "TestSupport",
      ]),
    tests(
      "EndToEndTests",
      uses: [
        "Quarterdeck", "Loopback", "Simulation", "Journal", "Transport", "Chat", "TradingModel",
        "TestSupport", grdb,
      ]),
  ],
  swiftLanguageModes: [.v6]
)
