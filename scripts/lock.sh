#!/bin/sh
# Resolves requirements.txt (to use), requirements-dev.txt (to develop) and requirements-bench.txt (peers), with
# hashes, for Python 3.11 to 3.13.
set -eu
cd "$(dirname "$0")/.."
uv=.venv/bin/uv
[ -x "$uv" ] || .venv/bin/python -m pip install -q uv
options="--universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header -q"
# shellcheck disable=SC2086
$uv pip compile $options --group pyproject.toml:build pyproject.toml -o requirements.txt
# shellcheck disable=SC2086
$uv pip compile $options --extra all --group pyproject.toml:build --group pyproject.toml:dev -c requirements.txt \
    pyproject.toml -o requirements-dev.txt
# shellcheck disable=SC2086
$uv pip compile $options --group pyproject.toml:bench -c requirements-dev.txt -o requirements-bench.txt
