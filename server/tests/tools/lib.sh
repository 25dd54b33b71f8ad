# shellcheck shell=bash
# What the stand-ins share: the record of calls, outages, state, files and errors.
set -euo pipefail

tool=$(basename "$0")
tools_dir=$(cd "$(dirname "$0")" && pwd)

# Every call is one line, so that a test can count dispatches.
if [ -n "${STANDIN_LOG:-}" ]; then
    # A step that only reads may not write it: the real tools write nothing on this machine either.
    { printf '%s\n' "$tool $*" >>"$STANDIN_LOG"; } 2>/dev/null || true
fi

# Fails as an unknown command or option does.
unknown() {
    printf '%s\n' "$@" >&2
    exit 2
}

# Fails as the tool does when a known command cannot be carried out.
fail() {
    printf '%s\n' "$@" >&2
    exit 1
}

# Tells whether a test has taken the service behind this tool down: STANDIN_DOWN="kubectl fly".
is_down() {
    [[ " ${STANDIN_DOWN:-} " == *" $tool "* ]]
}

# Prints a remembered value, or the default where there is none.
recall() {
    local file=${STANDIN_STATE:-/nonexistent}/$1
    if [ -f "$file" ]; then cat "$file"; else printf '%s' "$2"; fi
}

# Remembers a value where a test has given a folder for it.
remember() {
    if [ -n "${STANDIN_STATE:-}" ]; then
        mkdir -p "$STANDIN_STATE"
        printf '%s' "$2" >"$STANDIN_STATE/$1"
    fi
}

# Tells whether a file exists, in the working folder or among the stand-ins' own.
has_file() {
    [ -e "$1" ] || [ -e "$tools_dir/files/$1" ]
}

# Waits as a command that follows something does, though not for ever.
follow() {
    sleep "${STANDIN_FOLLOW_SECONDS:-1}"
}
