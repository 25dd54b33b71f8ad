#!/usr/bin/env bash
# Installs the npm packages of one folder, exactly as its package-lock.json says: npm.sh web | npm.sh e2e
#
# No install script of a package is run, and no browser is downloaded. A second run costs nothing: a stamp in
# node_modules remembers the lock file that was installed.
set -euo pipefail

folder=${1:?usage: npm.sh FOLDER}
cd "$(dirname "$0")/../../../../$folder"
command -v npm >/dev/null || {
    echo "npm ($folder): npm is missing. Install Node.js 18 or newer (Debian: apt-get install nodejs npm), then try again." >&2
    exit 1
}

stamp=node_modules/.installed-lock
if [ -f "$stamp" ] && cmp -s package-lock.json "$stamp"; then
    echo "npm ($folder): packages are as package-lock.json says"
    exit 0
fi
echo "npm ($folder): installing the packages of package-lock.json"
PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
cp package-lock.json "$stamp"
