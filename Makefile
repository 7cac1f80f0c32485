# make demo    a whole bot on this machine: exchange, phone and market included
# make test    every test, one target after the other: begun all at once, they starve those with real deadlines
# make bench   the hot paths measured beside floors of the same run, loopback only
# make simulate  days of the whole bot in virtual time, for SECONDS seconds (60)
# make crash   the bot killed 200 times under load (ROUNDS=, SEED=); a failing round keeps its folder
# make asan    tests under the address sanitizer, in a build of their own
# make tsan    tests under the thread sanitizer, likewise
# make format  the toolchain's formatter, in place
# make lint    what CI checks of the form

CHECKED := --explicit-target-dependency-import-check error
RELEASE := --configuration release

.PHONY: demo test bench simulate crash asan tsan format lint setup build conformance

demo: setup
	swift build $(RELEASE) $(CHECKED) --product quarterdeck
	.build/release/quarterdeck demo

test: setup
	swift build $(CHECKED) --build-tests
	@scripts/test.sh

bench: setup
	swift build $(RELEASE) $(CHECKED) --product Benchmarks
	.build/release/Benchmarks

SECONDS ?= 60

simulate: setup
	swift build $(RELEASE) $(CHECKED) --product Simulator
	.build/release/Simulator --seconds $(SECONDS)

crash: ROUNDS := 200
crash: SEED := $(shell date +%s)
crash: setup
	swift build $(CHECKED) --build-tests
	@echo "ROUNDS=$(ROUNDS) SEED=$(SEED)"
	QUARTERDECK_CRASH_ROUNDS=$(ROUNDS) QUARTERDECK_CRASH_SEED=$(SEED) \
	  swift test --skip-build --filter ManyCrashesTests

# Each sanitizer has a folder of its own, so that the ordinary build stays as it is.
ASAN := --sanitize address --scratch-path .build/asan
TSAN := --sanitize thread --scratch-path .build/tsan

# Left out: what runs against the clock of a machine that is now several times slower; and leaks, because XCTest's
# own runner has some.
asan: export ASAN_OPTIONS = detect_leaks=0
asan: setup
	swift build $(ASAN) --build-tests
	SKIP="ChaosTests EndToEndTests" scripts/test.sh $(ASAN)

# What is shared between threads: the engine, its desk, the event loop's HTTP, limits, and what they stand on.
# Left out: suites whose peers have real deadlines (most of those over sockets), and CurlHTTPClient, whose thread is
# handed requests under a lock that the sanitizer can't see into (scripts/sanitizers/thread.supp).
TSAN_SUITES := ^(TradingModelTests|StrategiesTests|RiskTests|EngineCoreTests|EngineTests)\.
TSAN_SUITES += |^TransportTests\.(RateBudgetTests|RateLimiterTests|LoopHTTPClientTests)
TSAN_SUITES += |^BybitTests\.(ClosingLineTests|TradeSocketTests|NoHopTests)

tsan: export TSAN_OPTIONS = suppressions=$(CURDIR)/scripts/sanitizers/thread.supp
tsan: setup
	swift build $(TSAN) --build-tests
	swift test $(TSAN) --skip-build --filter '$(subst $() ,,$(TSAN_SUITES))'

build: setup
	swift build $(CHECKED)

conformance: build
	scripts/conformance/run.sh

format:
	swift format --in-place --recursive Package.swift Sources Tests

lint:
	swift format lint --strict --recursive Package.swift Sources Tests

setup:
	@scripts/setup.sh
