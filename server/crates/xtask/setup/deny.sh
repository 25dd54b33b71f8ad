#!/usr/bin/env bash
# Checks the licences, bans and sources of every dependency, with cargo-deny (deny.toml says what is allowed).
# cargo-deny is built once into ${XDG_CACHE_HOME:-$HOME/.cache}/farol/tools, which takes some minutes.
# The advisories are a check of their own, because their database is fetched from elsewhere: where it cannot be reached,
# that is said, and is no failure; an advisory that is found is one.
set -euo pipefail
cd "$(dirname "$0")/../../../.."
version=$(sed -n 's/^# cargo-deny \([0-9.]*\).*/\1/p' deny.toml)
tools=${XDG_CACHE_HOME:-$HOME/.cache}/farol/tools

deny=$tools/bin/cargo-deny
if [ "$("$deny" --version 2>/dev/null)" != "cargo-deny $version" ]; then
    echo "deny: building cargo-deny $version into $tools once"
    cargo install cargo-deny --quiet --locked --version "$version" --root "$tools" --target-dir "$tools/build"
    rm -rf "$tools/build"
fi

"$deny" --log-level error check bans licenses sources

if "$deny" --log-level error fetch db >/dev/null 2>&1; then
    "$deny" --log-level error check advisories
else
    echo "deny: the advisory database could not be fetched, so ADVISORIES WERE NOT CHECKED"
fi
