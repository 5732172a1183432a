#!/usr/bin/env bash
# usage: install_test.sh BUILD VERSION: `cmake --install` must give a sitrep that runs, with its pages and completions.
set -euo pipefail
build=$1 version=$2
prefix=$(mktemp -d)
trap 'rm -rf "$prefix"' EXIT

cmake --install "$build" --prefix "$prefix" >/dev/null
expect() { [ -s "$prefix/$1" ] || { echo "not installed: $1"; exit 1; }; }
expect bin/sitrep
expect share/man/man1/sitrep.1
expect share/man/man1/sitrep-sync.1
expect share/bash-completion/completions/sitrep
expect share/zsh/site-functions/_sitrep
expect share/fish/vendor_completions.d/sitrep.fish
expect share/sitrep/templates/reports/weekly-health.md

cd "$prefix"
printed=$(env -i PATH=/usr/bin:/bin "$prefix/bin/sitrep" --version)
[ "$printed" = "sitrep $version" ] || { echo "--version printed '$printed'"; exit 1; }
# The binary carries its templates: it must not need the source tree.
env -i PATH=/usr/bin:/bin "$prefix/bin/sitrep" help sync >/dev/null
# The network's libraries, some thirty, are loaded by the commands that speak to somebody.
if LD_DEBUG=files "$prefix/bin/sitrep" --version 2>&1 | grep -q libcurl; then echo "--version loads libcurl"; exit 1; fi
