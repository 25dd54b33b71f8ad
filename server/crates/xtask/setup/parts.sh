#!/usr/bin/env bash
# Makes each of the parts named, one after the other, but not one that passed on these very files before.
#
# What a part passed on is kept in target/passed: every file of the working tree, the cases of FAROL_ACCEPTANCE, and the
# versions of the compiler and of the browser. FAROL_AGAIN=1 makes all of them in any case, and so does `make PART`.
set -euo pipefail
cd "$(dirname "$0")/../../../.."

files() {
    git ls-files -z --cached --others --exclude-standard
    if [ -d "${FAROL_ACCEPTANCE:-../shared/acceptance}" ]; then
        find "${FAROL_ACCEPTANCE:-../shared/acceptance}/.." -type f -print0
    fi
}

# One line that changes with whatever a test could see; empty where there is no git to ask.
state() {
    git rev-parse --is-inside-work-tree >/dev/null 2>&1 || return 0
    {
        files | sort -z | xargs -0 sha256sum 2>/dev/null || true
        rustc --version
        chromium --version 2>/dev/null || true
    } | sha256sum | cut -d ' ' -f 1
}

now=$(state)
mkdir -p target/passed
for part in "$@"; do
    stamp=target/passed/$part
    if [ -n "$now" ] && [ -z "${FAROL_AGAIN:-}" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$now" ]; then
        printf '\n== %s: passed on these very files before (FAROL_AGAIN=1 makes it again)\n' "$part"
        continue
    fi
    rm -f "$stamp"
    make --no-print-directory "$part"
    printf '%s\n' "$now" >"$stamp"
done
