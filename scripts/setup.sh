#!/bin/sh
# Makes the virtual environment in .venv from a lock file with hashes.
# usage: scripts/setup.sh user|dev
# Python 3.11 or newer is needed (PYTHON=... chooses one). On Debian and Ubuntu missing system packages are
# installed when this runs as root or sudo asks no password; otherwise the command to type is shown.
set -eu
cd "$(dirname "$0")/.."
kind=${1:-user}
case $kind in
    user) lock=requirements.txt ;;
    dev) lock=requirements-dev.txt ;;
    *) echo "usage: scripts/setup.sh user|dev" >&2; exit 2 ;;
esac

say() { printf '%s\n' "$*" >&2; }

debian_install() {
    command -v apt-get >/dev/null 2>&1 || { say "Please install: $*"; return 1; }
    if [ "$(id -u)" = 0 ]; then run=""
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then run="sudo -n"
    else say "Please run: sudo apt-get install $*"; return 1
    fi
    say "Installing Debian packages: $*"
    $run apt-get update -qq >/dev/null
    $run env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

good_python() {
    "$1" -c 'import sys; sys.exit(not ((3, 11) <= sys.version_info[:2] <= (3, 13)))' 2>/dev/null
}

find_python() {
    for one in ${PYTHON:-} python3 python3.13 python3.12 python3.11; do
        if command -v "$one" >/dev/null 2>&1 && good_python "$one"; then
            command -v "$one"
            return 0
        fi
    done
    return 1
}

python=$(find_python) || { debian_install python3 python3-venv && python=$(find_python); } || {
    say "Safe Passage needs Python 3.11, 3.12 or 3.13; found: $(python3 --version 2>&1 || echo none)."
    exit 3
}
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    debian_install "python$version-venv" || debian_install python3-venv
fi
if [ "$kind" = dev ]; then
    missing=""
    command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || missing="$missing chromium"
    command -v pdftoppm >/dev/null 2>&1 || missing="$missing poppler-utils"
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
    # Tests that need one of these skip with the reason when it cannot be had.
    # shellcheck disable=SC2086
    [ -z "$missing" ] || debian_install $missing || say "Going on without:$missing (their tests will be skipped)."
fi

stamp=.venv/.made-from-$kind
# A development environment holds everything that a user's one does.
if [ "$kind" = user ] && [ -f .venv/.made-from-dev ]; then stamp=.venv/.made-from-dev; lock=requirements-dev.txt; fi
sum=$(cat "$lock" pyproject.toml | sha256sum | cut -d' ' -f1)
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$sum" ]; then exit 0; fi

[ -x .venv/bin/python ] && good_python .venv/bin/python || { rm -rf .venv; "$python" -m venv .venv; }
say "Installing into .venv from $lock (the first time takes a minute or two) ..."
pip=".venv/bin/python -m pip --disable-pip-version-check --no-input -q"
$pip install --require-hashes -r "$lock" >&2
$pip install --no-deps --no-build-isolation -e . >&2
say "Compiling the planner and the rehearsal (about 40 seconds, only this once) ..."
compiled=$(mktemp)
{ .venv/bin/safepassage plan cases/aleppo-2016 --iterations 1 -o "$compiled" &&
    .venv/bin/safepassage rehearse cases/aleppo-2016 "$compiled" --runs 8; } >/dev/null 2>&1 ||
    say "(they will compile when first used)"
rm -f "$compiled"
printf '%s\n' "$sum" > "$stamp"
