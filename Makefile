# What a newcomer needs: make demo, make test. What a developer needs besides: make build, make test-fast, make test-cluster,
# make lint, make format, make fuzz, make docs; make dist for the wheel and the tarball, make test-python for the Python module.

# Idle threads of the OpenMP runtime spin by default; beside other work that costs many times the work itself.
export OMP_WAIT_POLICY = passive
export OPENBLAS_NUM_THREADS = 1

MANIKIN = .build/release/manikin

# Without descriptions for a debugger, which would be half of the program and some of the time.
BUILD = swift build -c release -debug-info-format none

.PHONY: demo test build-tests test-fast test-cluster test-python fuzz build dist lint format docs dependencies

demo: build
	$(MANIKIN) run Recipes/quickstart.yaml
	@echo
	@echo "Open manikin-runs/quickstart/report.html in a browser."

test: build-tests
	swift test -c release --skip-build

# All but whole programs, whole trainings and the largest networks: under a minute once the tests are built.
SLOW = ManikinTests|AutomationTests|CheckpointTests|PaperArchitecturesTests|InceptionTests|ModelDensityTests|ModelTrainingTests
test-fast: build-tests
	swift test -c release --skip-build --skip '$(SLOW)'

# A small experiment by one process and by Snakemake: the same bytes.
test-cluster: build
	Scripts/test-cluster.sh

# Attacks the readers for a minute each; SECONDS=600 for ten.
SECONDS = 60
fuzz: dependencies
	Scripts/fuzz.sh $(SECONDS)

build: dependencies
	$(BUILD) --product manikin

build-tests: dependencies
	$(BUILD) --build-tests

dist: dependencies
	Scripts/dist.sh

# The Python module against the program, with PyTorch in an environment of its own.
test-python: build
	Tests/Python/run.sh $(MANIKIN)

# The pages and the public symbols as a site with a search, in .build/docs.
docs: build
	Scripts/make-docs.py

dependencies:
	@Scripts/install-dependencies.sh

lint:
	swift format lint --strict --recursive --parallel Sources Tests Package.swift
	Scripts/check-imports.sh
	Scripts/check-citations.py

format:
	swift format --in-place --recursive --parallel Sources Tests Package.swift
