.PHONY: demo demo-judgement demo-console program test soak fuzz sanitize crashtest lint format bench live-test mcp-servers

demo: ## install what is missing, build, and run the main job on a real task
	@scripts/demo

demo-judgement: ## the same migration in eight branches: records, a choice by rule, and what ends it
	@scripts/demo-judgement

demo-console: ## the same, with the choice made in the browser
	@scripts/demo-console

program: ## .build/release/agency for everyday use, which needs no Swift on the machine where it runs
	@scripts/install-missing
	@swift build --configuration release --product agency --static-swift-stdlib

test: ## install what is missing, and run every test
	@scripts/test

soak: ## made-up bytes for every parser, the sanitizers, then simulated histories of the whole runtime with faults, until stopped
	@scripts/fuzz $(SECONDS)
	@scripts/sanitize
	@scripts/soak

fuzz: ## made-up bytes for every reader of foreign bytes, SECONDS each (600 unless told)
	@scripts/fuzz $(SECONDS)

sanitize: ## the tests of what is concurrent with the thread sanitizer, and of what reaches C with the address sanitizer
	@scripts/sanitize

crashtest: ## the schema migration, killed at every record of its ledger and resumed; then with a real kill -9 each time
	@scripts/crashtest
	@scripts/crashtest --kill

lint: ## formatting and house rules
	@scripts/lint

format: ## format every source file in place
	@swift format format --in-place --parallel --recursive --configuration .swift-format Sources Tests Benchmarks/Sources Fuzzing/Sources/fuzz/Fuzz.swift Fuzzing/Package.swift Package.swift

live-test: ## the wire adapters against real servers from PyPI (llama.cpp, LiteLLM)
	@scripts/live-test

bench: ## runtime cost, start-up and memory, with the machine's own floor beside them
	@Benchmarks/run

mcp-servers: ## MCP servers from PyPI for the tests that AGENCY_TEST_MCP enables
	@python3 -m venv .mcp-servers
	@.mcp-servers/bin/pip install --quiet mcp mcp-server-git mcp-server-time mcp-server-fetch
	@echo "AGENCY_TEST_MCP=$$PWD/.mcp-servers"
