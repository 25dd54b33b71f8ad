#!/usr/bin/env bash
# Feeds the reader of runbooks what nobody would write: fuzz.sh runs NUMBER, or fuzz.sh seconds NUMBER, for each target.
#
# libFuzzer needs no nightly compiler: the coverage that it goes by comes from a pass of LLVM that stable rustc knows. What it
# finds lies in target/fuzz/found/TARGET; what it learnt is kept in target/fuzz/corpus/TARGET for the next run.
set -euo pipefail
cd "$(dirname "$0")/../../../.."
. server/crates/xtask/setup/packages.sh

need c++ g++
install_what_is_missing "fuzzing"

unit=$1 number=$2
host=$(rustc -vV | sed -n 's/^host: //p')
target=$PWD/target/fuzz
coverage="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-trace-compares"
coverage+=" -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table"
# With --target the flags reach nothing that runs while building.
RUSTFLAGS="$coverage" cargo build --quiet --locked --release --target "$host" --target-dir "$target" \
    --manifest-path server/crates/runbook/fuzz/Cargo.toml

seeds=$target/seeds
mkdir -p "$seeds"
cp runbooks/*.md server/crates/runbook/tests/fixtures/*.md "$seeds"
for name in parse commands render; do
    mkdir -p "$target/corpus/$name" "$target/found/$name"
    echo "fuzz: $name, $number $unit"
    case $unit in
        runs) bound="-runs=$number" ;;
        seconds) bound="-max_total_time=$number" ;;
        *) echo "fuzz.sh runs NUMBER | seconds NUMBER" >&2; exit 2 ;;
    esac
    rm -f "$target/found/$name"/*
    log=$target/$name.log
    if ! "$target/$host/release/$name" "$bound" -seed=1 -timeout=20 -rss_limit_mb=2048 -max_len=16384 -verbosity=0 \
        -print_final_stats=1 -artifact_prefix="$target/found/$name/" "$target/corpus/$name" "$seeds" >"$log" 2>&1; then
        tail -n 40 "$log"
        echo "fuzz: $name failed; what it was fed lies in $target/found/$name" >&2
        exit 1
    fi
    grep -E 'stat::(number_of_executed_units|new_units_added|peak_rss_mb)' "$log"
done
