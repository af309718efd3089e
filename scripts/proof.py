"""Run the full numbers (tests marked `proof`) in turn; take up where a run was stopped.

What has passed on this very source is not run again: results lie in proof/results.json, keyed by
the test and a hash of src, tests, benchmarks and cases. Ctrl-C stops between tests, keeps the rest.
`scripts/proof.py WORD…` runs only those in whose name one of the words is; `--list` runs nothing
and says what has run, when, for how long and on which source. What was skipped has not passed.
"""

import hashlib
import json
import os
import platform
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "proof" / "results.json"
LAST = ROOT / "proof" / "last.xml"
LIST = "--list"


def source_hash() -> str:
    """Return a hash over every file that a result depends on."""
    digest = hashlib.sha256()
    for folder in ("src", "tests", "benchmarks", "cases"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(str(path.relative_to(ROOT)).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def collect() -> list[str]:
    """Return the node ids of all tests marked `proof`."""
    listed = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--collect-only", "-m", "proof", "tests"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    words = [one for one in sys.argv[1:] if one != LIST] or [""]
    lines = [line for line in listed.stdout.splitlines() if "::" in line]
    return [line for line in lines if any(word in line for word in words)]


def skipped() -> bool:
    """Tell whether the last test was skipped: it lacks a browser or a database here."""
    return ET.parse(LAST).find(".//skipped") is not None  # noqa: S314 - we wrote it


def keep(results: dict[str, object]) -> None:
    """Write the results whole or not at all."""
    RESULTS.parent.mkdir(exist_ok=True)
    draft = RESULTS.with_suffix(".tmp")
    draft.write_text(json.dumps(results, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    draft.replace(RESULTS)


def listed(tests: list[str], results: dict[str, Any], source: str) -> int:
    """Say how each test stands: on this source, on an earlier one, failed or never run."""
    counts = dict.fromkeys(("passed", "passed on an earlier source", "FAILED", "not run"), 0)
    for test in tests:
        one = results.get(test)
        if one is None:
            state, when = "not run", ""
        else:
            state = "FAILED" if not one["passed"] else "passed"
            state += "" if one["source"] == source or state == "FAILED" else " on an earlier source"
            when = f"  {one['date']}  {one['seconds']} s  Python {one['python']}"
        counts[state] += 1
        sys.stdout.write(f"{state:<27} {test}{when}\n")
    sys.stdout.write(f"{', '.join(f'{number} {state}' for state, number in counts.items())}\n")
    return 1 if counts["FAILED"] else 0


def main() -> int:
    """Run what has not passed yet; return 1 if anything failed."""
    results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    source = source_hash()
    tests = collect()
    if not tests:
        sys.stderr.write("no test is marked proof, or collecting them failed\n")
        return 1
    if LIST in sys.argv:
        return listed(tests, results, source)
    failed = 0
    RESULTS.parent.mkdir(exist_ok=True)
    for number, test in enumerate(tests, 1):
        before = results.get(test)
        if before and before["source"] == source and before["passed"]:
            continue
        sys.stderr.write(f"[{number}/{len(tests)}] {test}\n")
        begun = time.monotonic()
        run = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-m", "proof", f"--junitxml={LAST}", test],
            cwd=ROOT,
            env=os.environ | {"HYPOTHESIS_PROFILE": "proof"},
            check=False,
        )
        passed = run.returncode == 0 and not skipped()
        results[test] = {
            "passed": passed,
            "seconds": round(time.monotonic() - begun, 1),
            "source": source,
            "date": datetime.now(UTC).isoformat(timespec="seconds"),
            "python": platform.python_version(),
            "cores": os.cpu_count(),
        }
        failed += not passed
        keep(results)
    sys.stderr.write(f"{len(tests)} proofs, {failed} failed; {RESULTS.relative_to(ROOT)}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(5)
