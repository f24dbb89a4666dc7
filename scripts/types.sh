#!/usr/bin/env bash
# Generate pwa/src/api/types.ts from the server's OpenAPI document, and pwa/src/terms from */terms.py.
# With --check: fail when what is committed differs from what would be generated.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
ONEVISIT_VAR="$work/var" .venv/bin/onevisit openapi >"$work/openapi.json"
(cd pwa && npx openapi-typescript "$work/openapi.json" -o "$work/types.ts" >/dev/null)
mkdir "$work/terms" && .venv/bin/python scripts/terms.py "$work/terms"
if [ "${1:-}" = --check ]; then
  cmp "$work/types.ts" pwa/src/api/types.ts && diff -r "$work/terms" pwa/src/terms || {
    echo "前端类型或词表与服务器不一致：请运行 make types 并提交。" >&2
    exit 1
  }
else
  cp "$work/types.ts" pwa/src/api/types.ts
  rm -rf pwa/src/terms && cp -r "$work/terms" pwa/src/terms
fi
