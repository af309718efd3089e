"""Run every benchmark in benchmarks/ that has a main, in turn; results go to results.csv."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]

WITH_ROWS = frozenset({"city", "convoy", "examples", "growth", "week"})
"""Those that add their rows to results.csv and best.csv only when told to."""


def main() -> int:
    """Run the benchmarks named on the command line, or all; return 1 if one failed."""
    wanted = sys.argv[1:]
    failed = 0
    for path in sorted((ROOT / "benchmarks").glob("*.py")):
        if path.stem == "__init__" or (wanted and path.stem not in wanted):
            continue
        if "__main__" not in path.read_text(encoding="utf-8"):
            continue
        sys.stderr.write(f"benchmarks.{path.stem}\n")
        run = subprocess.run(
            [
                *(sys.executable, "-m", f"benchmarks.{path.stem}"),
                *(["--out"] if path.stem in WITH_ROWS else []),
            ],
            cwd=ROOT,
            check=False,
        )
        failed += run.returncode != 0
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
