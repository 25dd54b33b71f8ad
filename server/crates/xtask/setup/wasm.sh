#!/usr/bin/env bash
# Makes sure that this machine can compile Rust for wasm32-unknown-unknown.
#
#   1. rustc already has a standard library for the target: nothing to do.
#   2. rustup may fetch it (RUSTUP_AUTO_INSTALL is not 0): `rustup target add`.
#   3. otherwise Debian's security archive: the compiler of `rustc-web` is unpacked into a cache folder (nothing is
#      installed system-wide), and a standard library is built once from `rust-web-src` by that same compiler,
#      because a library built by another compiler version is refused.
#
# The cache is ${FAROL_WASM_TOOLCHAIN:-${XDG_CACHE_HOME:-$HOME/.cache}/farol/wasm}; `cargo run -p xtask` finds it there.
# A second run costs nothing.
set -euo pipefail

target=wasm32-unknown-unknown
cache=${FAROL_WASM_TOOLCHAIN:-${XDG_CACHE_HOME:-$HOME/.cache}/farol/wasm}

say() { printf 'wasm: %s\n' "$*"; }
die() {
    printf 'wasm: %s\n' "$*" >&2
    exit 1
}

# Succeeds if the compiler given holds a standard library for the target.
has_std() {
    local libdir
    libdir=$("$1" --print target-libdir --target "$target" 2>/dev/null) || return 1
    compgen -G "$libdir/libstd-*.rlib" >/dev/null
}

# The newest package that $1 depends on and whose name matches $2.
dependency() {
    apt-cache depends --important "$1" | sed -n 's/^ *Depends: //p' | grep -E "$2" | sort -V | tail -n 1
}

# Unpacks Debian's compiler, libraries and sources into the folder given.
unpack_debian_toolchain() {
    local into=$1 std llvm deb
    command -v apt-get >/dev/null || die "no Debian archive here. Run 'rustup target add $target' yourself, then try again."
    std=$(dependency libstd-rust-web-dev '^libstd-rust-web-[0-9]') ||
        die "apt knows no libstd-rust-web-dev. Run 'apt-get update' (Debian 12 with its security archive), then try again."
    llvm=$(dependency "$std" '^libllvm[0-9]') || die "$std names no libllvm: this route does not fit this Debian."
    say "fetching rustc-web, $std, $llvm and the library sources from the Debian archive"
    mkdir -p "$into/debs"
    (cd "$into/debs" && apt-get -qq -o APT::Sandbox::User="$(id -un)" download \
        rustc-web libstd-rust-web-dev "$std" rust-web-src "$llvm") || die "the Debian archive could not be read"
    for deb in "$into"/debs/*.deb; do
        dpkg -x "$deb" "$into"
    done
    rm -r "$into/debs"
}

# Writes the wrapper that lets the unpacked compiler find its own libraries, wherever the folder is moved to.
write_wrapper() {
    mkdir -p "$1/bin"
    cat >"$1/bin/rustc" <<'WRAPPER'
#!/bin/sh
root=$(dirname "$(dirname "$(readlink -f "$0")")")
for libs in "$root"/usr/lib/*-linux-gnu*; do :; done
LD_LIBRARY_PATH=$libs${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH} exec "$root/usr/bin/rustc" "$@"
WRAPPER
    chmod +x "$1/bin/rustc"
}

# Builds std for the target with the unpacked compiler and puts it where that compiler looks. It keeps its bitcode beside
# the machine code, as rustup's does: link-time optimisation needs the one, a quick build the other.
build_std() {
    local root=$1 sources lld
    sources=$(echo "$root"/usr/src/rustc-*/library)
    [ -d "$sources" ] || die "no library sources under $root/usr/src"
    lld=$(rustc --print sysroot)/lib/rustlib/$(rustc -vV | sed -n 's/^host: //p')/bin/rust-lld
    [ -x "$lld" ] || die "$lld is missing: this route links with the rust-lld of a rustup toolchain."
    say "building std for $target once (about two minutes on two cores)"
    mkdir -p "$root/std/src"
    : >"$root/std/src/lib.rs"
    cat >"$root/std/Cargo.toml" <<'MANIFEST'
[package]
name = "std-for-wasm"
version = "0.0.0"
edition = "2021"
[lib]
crate-type = ["cdylib"]
[workspace]
MANIFEST
    (cd "$root/std" && unset CARGO_TARGET_DIR CARGO_BUILD_TARGET CARGO_ENCODED_RUSTFLAGS RUSTC_WRAPPER &&
        env RUSTC_BOOTSTRAP=1 RUSTFLAGS="-C embed-bitcode=yes" RUSTC="$root/bin/rustc" __CARGO_TESTS_ONLY_SRC_ROOT="$sources" \
            CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER="$lld" \
            cargo build --quiet --release -Zbuild-std=std,panic_abort --target "$target" --target-dir "$root/std/target")
    mkdir -p "$root/usr/lib/rustlib/$target/lib"
    cp "$root/std/target/$target/release/deps/"*.rlib "$root/usr/lib/rustlib/$target/lib/"
    rm -r "$root/std" "$root/usr/src"
}

if has_std rustc; then
    say "$(rustc --version) can build for $target"
    exit 0
fi
if [ "${RUSTUP_AUTO_INSTALL:-1}" != 0 ] && command -v rustup >/dev/null; then
    say "rustup target add $target"
    rustup target add "$target" && exit 0
    say "rustup could not fetch it"
fi

mkdir -p "$(dirname "$cache")"
exec 9>"$cache.lock"
flock 9
if [ -x "$cache/bin/rustc" ] && has_std "$cache/bin/rustc"; then
    say "$("$cache/bin/rustc" --version) in $cache can build for $target"
    exit 0
fi
say "not by rustup here: taking the compiler of the Debian archive"
fresh=$cache.new
rm -rf "$fresh"
mkdir -p "$fresh"
unpack_debian_toolchain "$fresh"
write_wrapper "$fresh"
build_std "$fresh"
has_std "$fresh/bin/rustc" || die "the library was built, but $fresh/bin/rustc does not find it"
rm -rf "$cache"
mv "$fresh" "$cache"
say "$("$cache/bin/rustc" --version) is ready in $cache"
