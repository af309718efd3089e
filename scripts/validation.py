"""Run the validation targets and write docs/validation.md; `--page` writes the page alone.

Rows that are frozen are run once: they are kept as they stand in results.json. The model must be
committed, so that the page can name it.
"""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
RESULTS = ROOT / "benchmarks" / "validation" / "results.json"
PAGE = ROOT / "docs" / "validation.md"
MODEL = ("src/safepassage/rehearsal", "benchmarks/validation")


def main() -> int:
    """Run what is asked for; return 1 where the model is not committed."""
    if "--page" not in sys.argv[1:]:
        changed = _git("status", "--porcelain", "--", *MODEL).replace(
            "benchmarks/validation/results.json", ""
        )
        if any(len(line.split()) > 1 for line in changed.splitlines()):
            sys.stderr.write(f"commit the model first:\n{changed}")
            return 1
        run()
    write_page()
    return 0


def run() -> None:
    """Measure every row that is not frozen, and the frozen ones that were never run."""
    import numpy as np  # noqa: PLC0415 - not needed for the page

    from benchmarks.validation.measure import MEASURES, RUNS, SEED  # noqa: PLC0415
    from benchmarks.validation.targets import TARGETS  # noqa: PLC0415
    from safepassage import __version__  # noqa: PLC0415

    before: dict[str, Any] = (
        json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    )
    kept = dict(before.get("frozen", {}).get("rows", {}))
    commit, date = _git("rev-parse", "HEAD").strip(), f"{datetime.now(UTC):%Y-%m-%d}"
    rows, frozen = {}, {}
    for one in TARGETS:
        into = frozen if one.standing == "frozen" else rows
        if one.row in kept:
            into[one.row] = kept[one.row]
            continue
        sys.stderr.write(f"{one.row}\n")
        found = np.percentile(MEASURES[one.row](RUNS), [10, 50, 90])
        into[one.row] = [round(float(number), 4) for number in found]
    document = {
        "runs": RUNS,
        "seed": SEED,
        "version": __version__,
        "date": date,
        "commit": commit,
        "rows": rows,
        "frozen": {
            "commit": before["frozen"]["commit"] if kept else commit,
            "date": before["frozen"]["date"] if kept else date,
            "rows": frozen,
        },
    }
    RESULTS.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def write_page() -> None:
    """Write the page from the results."""
    PAGE.write_text(text(), encoding="utf-8")


def text() -> str:
    """Return the page that the results make."""
    from benchmarks.validation.page import Results, page  # noqa: PLC0415

    found = json.loads(RESULTS.read_text(encoding="utf-8"))
    rows = {**found["rows"], **found["frozen"]["rows"]}
    return page(
        Results(
            {name: (row[0], row[1], row[2]) for name, row in rows.items()},
            found["runs"],
            found["seed"],
            found["version"],
            found["date"],
            found["commit"],
            found["frozen"]["commit"],
            found["frozen"]["date"],
        )
    )


def _git(*words: str) -> str:
    return subprocess.run(
        ["git", *words],  # noqa: S607 - the git of this checkout
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


if __name__ == "__main__":
    sys.exit(main())
