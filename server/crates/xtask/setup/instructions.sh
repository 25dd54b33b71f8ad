#!/usr/bin/env bash
# Counts the instructions of reading Markdown under callgrind: beside the bare parser's events, and as a document grows.
#
# The same on every machine with the same compiler, however busy it is. Prose are the project's own documents, commands the
# library that ships. Fails where ten times the document costs more than eleven times the instructions, and where anything
# costs more than it does now, with some room for documents that change.
set -euo pipefail
cd "$(dirname "$0")/../../../.."
. server/crates/xtask/setup/packages.sh

need valgrind valgrind
install_what_is_missing "bench" || true
command -v valgrind >/dev/null || { echo "instructions: no valgrind here, so nothing was counted"; exit 0; }

cargo build --quiet --locked --release -p farol-runbook --example measure
measure=target/release/examples/measure

# count WHAT BYTES FILE…: instructions of that alone, without the start and the reading of files.
count() {
    local what=$1 bytes=$2 all none
    shift 2
    all=$(collected "$what" "$bytes" "$@")
    none=$(collected nothing "$bytes" "$@")
    echo $((all - none))
}

collected() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$measure" "$@" 2>&1 | awk '/Collected/ { print $4 }'
}

ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }

row() { printf '| %-44s | %14s | %8s | %8s |\n' "$@"; }

# What each may cost in bare events; what is drawn for people has no aim.
declare -A aims=([prose:pass]=1.1 [prose:read]=3 [commands:pass]=1.1 [commands:read]=6)
# What each costs at most as long as the aim is not reached.
declare -A most=([prose:pass]=1.1 [prose:read]=4.5 [commands:pass]=1.1 [commands:read]=8.5)
dear=0

row "instructions" "count" "ratio" "aim"
row "---" "---:" "---:" "---:"
prose=(README.md ARCHITECTURE.md CONTRIBUTING.md docs/*.md docs/decisions/*.md)
commands=(runbooks/*.md)
for corpus in prose commands; do
    declare -n files=$corpus
    bare=$(count bare 0 "${files[@]}")
    row "$corpus: bare events" "$bare" "1.00" ""
    for what in pass read render; do
        counted=$(count "$what" 0 "${files[@]}")
        row "$corpus: $what" "$counted" "$(ratio "$counted" "$bare")" "${aims[$corpus:$what]:-}"
        limit=${most[$corpus:$what]:-1000}
        awk -v a="$counted" -v b="$bare" -v most="$limit" 'BEGIN { exit !(a / b > most) }' || continue
        echo "instructions: $corpus: $what costs more than $limit times the bare events" >&2
        dear=1
    done
done
first=$(count read 100000 "${commands[@]}")
row "a document of 100 KB: read" "$first" "1.00" ""
for times in 2 4 8 10; do
    counted=$(count read $((times * 100000)) "${commands[@]}")
    row "$times times that document: read" "$counted" "$(ratio "$counted" "$first")" "$([ "$times" = 10 ] && echo 11 || true)"
done
[ $((counted)) -le $((first * 11)) ] || { echo "instructions: reading does not grow with the document" >&2; exit 1; }
# Repeated, a document asks for the same values again: here each step asks for others.
asking() {
    awk -v steps="$1" 'BEGIN { print "# Asks\n"; for (i = 0; i < steps; i++)
        printf "\n`<a%d>` (e.g. `v%d`) is one of them.\n\n```bash\nkill -9 %d\nrestore <a%d> --at \"2026-01-01 %06d:00\"\n```\n", i, i, 100000 + i, i, i }'
}
asked=$(mktemp -d)
trap 'rm -rf "$asked"' EXIT
asking 400 >"$asked/few.md"
asking 4000 >"$asked/many.md"
first=$(count read 0 "$asked/few.md")
counted=$(count read 0 "$asked/many.md")
row "400 steps that ask for values of their own: read" "$first" "1.00" ""
row "4000 such steps: read" "$counted" "$(ratio "$counted" "$first")" "11"
[ $((counted)) -le $((first * 11)) ] || { echo "instructions: reading does not grow with what is asked for" >&2; exit 1; }
[ "$dear" = 0 ]
