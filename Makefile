# Tandem's one front door: `make help` lists the verbs; CI and the README use the same ones.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

BUILD := build/release
JOBS ?= $(shell nproc)
FUZZ_SECONDS ?= 60

.PHONY: help setup build sdk run demo test test-fast test-asan test-tsan fuzz bench format lint gen clean

help: ## List the verbs
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Install what is missing (Debian 12 packages, npm packages)
	@tools/setup

build: setup ## Build build/release/tandem, the tests and the SDK
	@tools/build release
	@tools/build sdk

run: build ## Set up, build, start the server and the example, place a demonstration call, keep running
	@tools/demo --keep-running

demo: build ## The same, stopping after the call; exits 0 only if the caller heard what was right
	@tools/demo

test: build ## Everything but long fuzzing and benchmarks
	@tools/run_tests all

test-fast: build ## Unit tests only
	@tools/run_tests fast

test-asan: setup ## Unit and scenario tests under the address and undefined-behaviour sanitizers
	@tools/build asan
	@tools/build sdk
	@tools/run_tests asan

test-tsan: setup ## Unit and scenario tests under the thread sanitizer
	@tools/build tsan
	@tools/build sdk
	@tools/run_tests tsan

fuzz: setup ## Run each fuzz target for FUZZ_SECONDS (60)
	@tools/fuzz $(FUZZ_SECONDS)

bench: build ## Benchmarks: a table of ratios taken in one run
	@bench/run

format: ## Format the C++ sources
	@git ls-files 'src/*.h' 'src/*.cc' 'tests/*.h' 'tests/*.cc' 'fuzz/*.cc' 'bench/*.cc' 'bench/*.h' \
	  | grep -v /generated/ | xargs clang-format-14 -i

lint: setup ## Layers, sizes, formatting, generated files, clang-tidy
	@tools/lint

gen: ## Regenerate everything that is made from protocol/
	@tools/gen/gen

clean: ## Remove build outputs
	@rm -rf build sdk/node/dist
