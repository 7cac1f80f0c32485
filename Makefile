# make demo    a whole bot on this machine: exchange, phone and market included
# make test    every test; chaos by itself, because it wants the machine's time for itself
# make bench   the hot paths measured beside floors of the same run, loopback only
# make simulate  days of the whole bot in virtual time, for SECONDS seconds (60)
# make crash   the bot killed 200 times under load (ROUNDS=, SEED=); a failing round keeps its folder
# make format  the toolchain's formatter, in place
# make lint    what CI checks of the form

CHECKED := --explicit-target-dependency-import-check error
RELEASE := --configuration release

.PHONY: demo test bench simulate crash format lint setup build conformance

demo: setup
	swift build $(RELEASE) $(CHECKED) --product quarterdeck
	.build/release/quarterdeck demo

test: setup
	swift build $(CHECKED) --build-tests
	swift test --skip-build --skip ChaosTests
	swift test --skip-build --filter ChaosTests

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
