"""Run the full numbers (tests marked `proof`) in turn; take up where a run was stopped.

What has passed on this very source is not run again: results lie in proof/results.json, keyed by
the test and a hash of src, tests, benchmarks and cases. Ctrl-C stops between tests, keeps the rest.
`scripts/proof.py WORD…` runs only those in whose name one of the words is.
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

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "proof" / "results.json"


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
    words = sys.argv[1:] or [""]
    lines = [line for line in listed.stdout.splitlines() if "::" in line]
    return [line for line in lines if any(word in line for word in words)]


def keep(results: dict[str, object]) -> None:
    """Write the results whole or not at all."""
    RESULTS.parent.mkdir(exist_ok=True)
    draft = RESULTS.with_suffix(".tmp")
    draft.write_text(json.dumps(results, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    draft.replace(RESULTS)


def main() -> int:
    """Run what has not passed yet; return 1 if anything failed."""
    results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    source = source_hash()
    tests = collect()
    if not tests:
        sys.stderr.write("no test is marked proof, or collecting them failed\n")
        return 1
    failed = 0
    for number, test in enumerate(tests, 1):
        before = results.get(test)
        if before and before["source"] == source and before["passed"]:
            continue
        sys.stderr.write(f"[{number}/{len(tests)}] {test}\n")
        begun = time.monotonic()
        run = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-m", "proof", test],
            cwd=ROOT,
            env=os.environ | {"HYPOTHESIS_PROFILE": "proof"},
            check=False,
        )
        results[test] = {
            "passed": run.returncode == 0,
            "seconds": round(time.monotonic() - begun, 1),
            "source": source,
            "date": datetime.now(UTC).isoformat(timespec="seconds"),
            "python": platform.python_version(),
            "cores": os.cpu_count(),
        }
        failed += run.returncode != 0
        keep(results)
    sys.stderr.write(f"{len(tests)} proofs, {failed} failed; {RESULTS.relative_to(ROOT)}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(5)
