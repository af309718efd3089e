"""A ledger is in earnest or of a drill, once and for all: practice never passes for the real."""

from safepassage.board.room import Mode, beside
from safepassage.ledger.faults import LedgerError
from safepassage.ledger.files import replace_file
from safepassage.ledger.place import Place


def settle_mode(place: Place, mode: Mode) -> None:
    """Note in which mode a ledger is used first; refuse the other one ever after.

    Raises
    ------
    LedgerError
        If the ledger was opened in the other mode before.
    """
    path = beside(place, "mode")
    if not path.is_file():
        replace_file(path, f"{mode}\n".encode())
        return
    known = path.read_text(encoding="utf-8").strip()
    if known != mode:
        other = "a drill: open it with --drill" if known == "DRILL" else "in earnest: no --drill"
        raise LedgerError(
            f"{path}: this ledger is {other}, or make another ledger; nothing was changed"
        )
