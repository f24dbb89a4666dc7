#!/usr/bin/env bash
# Generate pwa/src/api/types.ts from the server's OpenAPI document, and pwa/src/terms from */terms.py.
# With --check: fail when what is committed differs from what would be generated.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
ONEVISIT_VAR="$work/var" .venv/bin/onevisit openapi >"$work/openapi.json"
(cd pwa && npx openapi-typescript "$work/openapi.json" -o "$work/types.ts" >/dev/null)
.venv/bin/python scripts/terms.py >"$work/terms.ts"
if [ "${1:-}" = --check ]; then
  cmp "$work/types.ts" pwa/src/api/types.ts && cmp "$work/terms.ts" pwa/src/terms/generated.ts || {
    echo "前端类型或词表与服务器不一致：请运行 make types 并提交。" >&2
    exit 1
  }
else
  cp "$work/types.ts" pwa/src/api/types.ts
  mkdir -p pwa/src/terms && cp "$work/terms.ts" pwa/src/terms/generated.ts
fi
