#!/usr/bin/env bash
# Makes sure that the tests find the real things: PostgreSQL's and MariaDB's programs, SQLite, curl, Chromium, and the npm
# packages of e2e/. Nothing here starts, stops or asks a database of this machine: the tests start their own, in
# temporary folders on free ports. Only missing Debian packages are installed, as root or through sudo.
set -euo pipefail
here=$(dirname "$0")
. "$here/packages.sh"

has_postgres() { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null; }
has_chromium() { command -v chromium >/dev/null || [ -n "${FAROL_CHROMIUM:-}" ]; }

need has_postgres postgresql
need psql postgresql-client
need mariadbd mariadb-server
need mariadb mariadb-client
need sqlite3 sqlite3
need curl curl
need git git
need pgrep procps
need runuser util-linux
need has_chromium chromium
install_what_is_missing "test tools"

"$here/npm.sh" e2e
