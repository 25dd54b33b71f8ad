# Farol's commands. `make run` and `make test` install what they miss, and a second run of either costs seconds.
# Nothing here goes on after a failure.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

SETUP := server/crates/xtask/setup
# Named beside all the others, it shares their build too.
XTASK = cargo build --quiet $(PACKAGES) --bin xtask && $${CARGO_TARGET_DIR:-target}/debug/xtask
# Every Rust check names the same packages, so that all of them share one build. farol-hydrate is never among them: it
# wants farol-web for the browser, and Cargo would give the server that one too.
PACKAGES := --locked --workspace --exclude farol-hydrate
FAROL_ACCEPTANCE ?= ../shared/acceptance
FUZZ_RUNS ?= 4000
FUZZ_SECONDS ?= 600
TORTURE_SEED ?= 1
TORTURE_COUNT ?= 200

SAY := printf '\n== %s\n'

.NOTPARALLEL:
.PHONY: help run build test fmt fmt-check lint tidy test-unit test-parts test-browser web \
	bench gold fuzz torture test-fuzz screenshots deny system test-tools

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | awk -F '\t' '{ printf "make %-13s %s\n", $$1, $$2 }'

run: build ## build for real use and serve on http://127.0.0.1:3000, with ./data, the library and a demo target
	@$(SAY) "serving: data in ./data - Ctrl-C stops it"
	@exec target/release/farol serve --demo

build: system ## build the server and the front end for real use (about 15 minutes from nothing on two cores)
	@$(SAY) "1 of 2: the front end (target/site)"
	@$(XTASK) web
	@$(SAY) "2 of 2: the server (target/release/farol)"
	cargo build --locked --release -p farol

test: system test-tools ## check everything, browser included; what passed on these very files before is not made again
	@FAROL_ACCEPTANCE="$(FAROL_ACCEPTANCE)" $(SETUP)/parts.sh fmt-check lint tidy test-unit test-parts test-fuzz test-browser
	@$(SAY) "everything passed"

fmt: ## format the Rust sources
	cargo fmt --all

fmt-check:
	@$(SAY) "format: every Rust file is as cargo fmt writes it"
	@cargo fmt --all --check

lint: system ## run clippy on every target, warnings are errors
	@$(SAY) "lint: clippy on every target of every crate, and on the interface as the browser gets it"
	@cargo clippy $(PACKAGES) --all-targets -- -D warnings
	@cargo clippy --locked -p farol-hydrate -- -D warnings

tidy: system ## check the rules of the house: arrows between crates, file sizes, leftovers, twins, Dockerfile
	@$(SAY) "tidy: the rules of the house"
	@$(XTASK) tidy

test-unit: system ## run the unit and documentation tests
	@$(SAY) "unit: the tests inside the crates, and the examples in their documentation"
	@cargo test $(PACKAGES) --lib --bins
	@cargo test $(PACKAGES) --doc

test-parts: system test-tools ## run the store, engine and API tests on SQLite, PostgreSQL and MariaDB started for them
	@$(SAY) "store, engine and API: on SQLite and on PostgreSQL and MariaDB servers started for the tests"
	@cargo test $(PACKAGES) --test '*'

test-fuzz: system ## feed the reader a bounded number of texts that nobody would write
	@$(SAY) "fuzz: the reader, the command splitter and the renderer, bounded"
	@$(SETUP)/fuzz.sh runs $(FUZZ_RUNS)

fuzz: system ## the same for FUZZ_SECONDS each (600)
	@$(SETUP)/fuzz.sh seconds $(FUZZ_SECONDS)

torture: system test-tools ## kill TORTURE_COUNT servers (200) at moments that TORTURE_SEED (1) gives, and check what they leave
	@$(SAY) "torture: $(TORTURE_COUNT) servers killed in the middle of a step, seed $(TORTURE_SEED)"
	@FAROL_TORTURE_SEED=$(TORTURE_SEED) FAROL_TORTURE_COUNT=$(TORTURE_COUNT) \
		cargo test $(PACKAGES) --test api -- --nocapture servers_killed_at_any_moment

web: system ## build the front end into target/site
	@$(SAY) "web: the front end (target/site)"
	@$(XTASK) web

test-browser: web test-tools ## walk the journeys in Chromium
	@$(SAY) "browser: journeys in Chromium, on the front end that ships"
	@cargo test --quiet $(PACKAGES) --test '*' --no-run
	@cd e2e && FAROL_BIN="$(CURDIR)/target/debug/farol" npm test

screenshots: web test-tools ## take a picture of each page at 1280 and 360 px, light and dark, into e2e/screenshots
	@cargo test --quiet $(PACKAGES) --test '*' --no-run
	@cd e2e && FAROL_BIN="$(CURDIR)/target/debug/farol" npm run screenshots

bench: web test-tools ## measure, beside the floors of the same run (three minutes once built; leave the machine alone)
	@$(SAY) "bench 1 of 4: the instructions of reading, and how they grow with a document"
	@$(SETUP)/instructions.sh
	@$(SAY) "bench 2 of 4: reading, beside the run before"
	@cargo bench --quiet --locked -p farol-runbook --bench reading
	@$(SAY) "bench 3 of 4: classifications a second, in one process and through the limited one"
	@cargo bench --quiet --locked -p farol-risk --bench classify
	@$(SAY) "bench 4 of 4: everything, beside its floors in this run"
	@FAROL_ACCEPTANCE="$(abspath $(FAROL_ACCEPTANCE))" cargo bench --quiet --locked -p farol --bench measure

gold: system ## score the reading of real runbooks against FAROL_ACCEPTANCE (default ../shared/acceptance)
	@if [ ! -f "$(FAROL_ACCEPTANCE)/gold/score.py" ]; then \
		echo "gold: no $(FAROL_ACCEPTANCE)/gold here; say where it is with FAROL_ACCEPTANCE=..." >&2; exit 1; fi
	@cargo build --quiet --locked --release -p farol
	@cd "$(FAROL_ACCEPTANCE)/gold" && tail -n +2 gold.tsv | cut -f 1 | tr '\n' '\0' \
		| xargs -0 "$(CURDIR)/target/release/farol" inspect --format json | python3 score.py gold.tsv

deny: ## check licences, bans and sources of every dependency
	@$(SAY) "deny: licences, bans and sources of every dependency"
	@$(SETUP)/deny.sh

system:
	@$(SAY) "system: what the build needs"
	@$(SETUP)/system.sh

test-tools:
	@$(SAY) "test tools: databases, browser, packages"
	@$(SETUP)/test-tools.sh
