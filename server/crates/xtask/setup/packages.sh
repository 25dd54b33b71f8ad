#!/usr/bin/env bash
# Sourced by system.sh and test-tools.sh: installs Debian packages that are missing, if it may.
#
#   need PROGRAM_OR_CHECK PACKAGE…   remembers the packages if the check (a program's name, or a function) fails
#   install_what_is_missing          installs what was remembered, or says what somebody else has to install

missing=()

need() {
    local check=$1
    shift
    if [ "$(type -t "$check")" = function ]; then
        "$check" || missing+=("$@")
    else
        PATH=$PATH:/usr/sbin:/sbin command -v "$check" >/dev/null || missing+=("$@")
    fi
}

# Packages start no service while they are installed: what Farol's tests need of a database they start themselves.
install_quietly() {
    local as_root=$1 guard=/usr/sbin/policy-rc.d guarded=
    if [ ! -e "$guard" ]; then
        printf '#!/bin/sh\nexit 101\n' | $as_root tee "$guard" >/dev/null
        $as_root chmod +x "$guard"
        guarded=yes
    fi
    local failed=0
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 \
        install --no-install-recommends "${missing[@]}" || failed=1
    if [ -n "$guarded" ]; then
        $as_root rm -f "$guard"
    fi
    return $failed
}

install_what_is_missing() {
    local purpose=$1 as_root=
    if [ ${#missing[@]} -eq 0 ]; then
        echo "$purpose: every package is here"
        return
    fi
    if ! command -v apt-get >/dev/null; then
        echo "$purpose: missing here, and there is no apt-get to install it with: ${missing[*]} (Debian's names)" >&2
        return 1
    fi
    if [ "$(id -u)" != 0 ]; then
        if ! command -v sudo >/dev/null; then
            echo "$purpose: run this as root, then try again: apt-get install ${missing[*]}" >&2
            return 1
        fi
        as_root=sudo
    fi
    echo "$purpose: installing ${missing[*]}"
    $as_root apt-get -q -o DPkg::Lock::Timeout=300 update
    install_quietly "$as_root"
}
