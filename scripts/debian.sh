#!/usr/bin/env bash
# Which Debian packages are missing? Installs them as root (or by sudo without a question); otherwise
# prints the one line that an administrator must run. Usage: scripts/debian.sh run|test
set -euo pipefail

packages="python3-venv libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
if [ "${1:-run}" = test ]; then
  packages="$packages chromium postgresql fonts-wqy-microhei poppler-utils"
fi

command -v dpkg-query >/dev/null || exit 0
missing=""
for package in $packages; do
  if [ "$package" = python3-venv ] && python3 -c 'import ensurepip' 2>/dev/null; then continue; fi
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

install="apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends$missing"
if [ "$(id -u)" = 0 ]; then
  echo "安装系统软件包：$missing"
  bash -c "$install" >/dev/null
elif sudo -n true 2>/dev/null; then
  echo "安装系统软件包：$missing"
  sudo bash -c "$install" >/dev/null
else
  echo "缺少系统软件包。请管理员运行这一行，然后再来一次：" >&2
  echo "  sudo bash -c '$install'" >&2
  exit 1
fi
