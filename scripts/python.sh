#!/usr/bin/env bash
# Make the Python environment in .venv from a lock file; uv where it is at hand, else pip. Usage: scripts/python.sh LOCKFILE
set -euo pipefail
cd "$(dirname "$0")/.."
lock="$1"
if command -v uv >/dev/null; then
  [ -x .venv/bin/python ] || uv venv -q .venv
  uv pip install -q --python .venv/bin/python --require-hashes -r "$lock"
  uv pip install -q --python .venv/bin/python --no-deps -e .
else
  [ -x .venv/bin/pip ] || python3 -m venv .venv
  .venv/bin/pip install -q --require-hashes -r "$lock"
  .venv/bin/pip install -q --no-deps -e .
fi
