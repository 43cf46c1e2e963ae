.PHONY: demo test soak crashtest lint format bench live-test mcp-servers

demo: ## install what is missing, build, and run the main job on a real task
	@scripts/demo

test: ## install what is missing, and run every test
	@scripts/test

soak: ## simulated histories of the whole runtime with faults, until stopped
	@scripts/soak

crashtest: ## the schema migration, killed at every record of its ledger and resumed; then with a real kill -9 each time
	@scripts/crashtest
	@scripts/crashtest --kill

lint: ## formatting and house rules
	@scripts/lint

format: ## format every source file in place
	@swift format format --in-place --parallel --recursive --configuration .swift-format Sources Tests Benchmarks/Sources Package.swift

live-test: ## the wire adapters against real servers from PyPI (llama.cpp, LiteLLM)
	@scripts/live-test

bench: ## runtime cost, start-up and memory, with the machine's own floor beside them
	@Benchmarks/run

mcp-servers: ## MCP servers from PyPI for the tests that AGENCY_TEST_MCP enables
	@python3 -m venv .mcp-servers
	@.mcp-servers/bin/pip install --quiet mcp mcp-server-git mcp-server-time mcp-server-fetch
	@echo "AGENCY_TEST_MCP=$$PWD/.mcp-servers"
