# Daily commands. `just` lists them.

python := ".venv/bin/python"

default:
    @just --list

# Set up the virtual environment with the development tools.
setup:
    python3 -m venv .venv
    .venv/bin/pip install -q -e '.[dev]'

test *arguments:
    {{python}} -m pytest -q {{arguments}}

# Look for examples that break a property; the daily tests use the same ones every time.
search *arguments:
    HYPOTHESIS_PROFILE=search {{python}} -m pytest -q {{arguments}}

check:
    .venv/bin/ruff check src tests benchmarks
    .venv/bin/ruff format --check src tests benchmarks
    .venv/bin/mypy

format:
    .venv/bin/ruff check --fix src tests benchmarks
    .venv/bin/ruff format src tests benchmarks

# Check every prompt and reference of the built-in bank.
bank:
    .venv/bin/essaydrill bank check

# Write docs/cli.md anew.
docs:
    {{python}} -m essaydrill.cli.reference > docs/cli.md

# Fit the marking model; MARKED is a folder of marked questions (see CONTRIBUTING.md).
fit MARKED:
    {{python}} -m essaydrill.agreement.fit data/model/credit.json --marked {{MARKED}}

# Start-up and speed as ratios.
bench:
    {{python}} benchmarks/startup.py

# Every figure of docs/agreement.md; see benchmarks/agreement/all.py for the arguments.
agreement *ARGUMENTS:
    {{python}} benchmarks/agreement/all.py {{ARGUMENTS}}
