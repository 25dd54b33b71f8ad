#!/usr/bin/env bash
# Makes sure that this machine can build Farol: a C compiler and libclang (the risk reader is built around PostgreSQL's
# own grammar, which is C), Node and npm (the front end's minifiers and fonts), and Rust, which it never installs itself.
# Only missing Debian packages are installed, as root or through sudo. A second run costs nothing.
set -euo pipefail
. "$(dirname "$0")/packages.sh"

oldest_rust=1.95
oldest_node=18

has_libclang() {
    [ -n "${LIBCLANG_PATH:-}" ] || compgen -G '/usr/lib/llvm-*/lib/libclang*.so*' >/dev/null ||
        compgen -G '/usr/lib/*-linux-gnu/libclang*.so*' >/dev/null
}

# The headers that bindgen needs beside libclang come with the compiler.
has_clang() { command -v clang >/dev/null || compgen -G '/usr/bin/clang-[0-9]*' >/dev/null; }

has_c_headers() { [ -e /usr/include/stdio.h ]; }

need gcc gcc
need g++ g++
need has_c_headers libc6-dev
need make make
need git git
need has_libclang libclang-dev
need has_clang clang
need node nodejs
need npm npm
install_what_is_missing "system"

if ! command -v cargo >/dev/null || ! command -v rustc >/dev/null; then
    echo "system: Rust is missing. Install it with rustup (https://rustup.rs), then try again." >&2
    exit 1
fi
rust=$(rustc --version | cut -d ' ' -f 2)
if [ "$(printf '%s\n%s\n' "$oldest_rust" "$rust" | sort -V | head -n 1)" != "$oldest_rust" ]; then
    echo "system: Rust $rust is older than $oldest_rust. Run 'rustup update stable', then try again." >&2
    exit 1
fi
node=$(node --version | tr -d v)
if [ "${node%%.*}" -lt "$oldest_node" ]; then
    echo "system: Node $node is older than $oldest_node. Install a newer one, then try again." >&2
    exit 1
fi
echo "system: Rust $rust, Node $node"
