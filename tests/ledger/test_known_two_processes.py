"""Known: what this process has written is seen by others, whoever opens and closes the file."""

import subprocess
import sys
from pathlib import Path

from safepassage.ledger.decided import Hold
from safepassage.ledger.sqlite import open_sqlite
from tests.ledger.writing import enter, new_ledger

COUNT = (
    "import sys; from pathlib import Path; from safepassage.ledger.sqlite import open_sqlite;"
    "store = open_sqlite(Path(sys.argv[1])); print(store.tail()[0]); store.close()"
)


def seen_by_another(path: Path) -> int:
    found = subprocess.run(
        [sys.executable, "-c", COUNT, str(path)], capture_output=True, check=True
    )
    return int(found.stdout)


def test_a_second_connection_here_and_a_third_elsewhere_take_no_entry_away(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    ledger, _ = new_ledger(path)
    # The board reads through a connection of its own, opened while the first one is open.
    reader = open_sqlite(path)
    for number in range(3):
        enter(ledger, Hold("head-1", f"reason {number}"))
        assert seen_by_another(path) == ledger.tail()[0]
    reader.close()
    ledger.close()
    assert seen_by_another(path) == 4
