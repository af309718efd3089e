"""Collect the words of the board, merge them into its languages, and compile these.

`python scripts/words.py` rewrites `board.pot` and every `board.po` (new words come in empty) and
compiles `board.mo`; `--check` changes nothing and fails where something would change.
"""

import dataclasses
import io
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from safepassage.board.entering.forms import plainly, shown_choices
from safepassage.board.reads import SENSITIVE
from safepassage.board.roles import ROLES
from safepassage.clearance.rules import DECISION_TABLE
from safepassage.ledger.changed import Part
from safepassage.ledger.classes import CLASSES
from safepassage.ledger.kinds import KINDS
from safepassage.ledger.source import CHANNELS
from safepassage.scenario.people import BUILT_IN_CLASSES
from safepassage.scenario.places import PLACE_KINDS

BOARD = Path(__file__).parents[1] / "src" / "safepassage" / "board"
LOCALE = BOARD / "locale"
POT = LOCALE / "board.pot"
METHODS = [("**/templates/**.j2", "jinja2"), ("**.py", "python")]
NEVER = datetime(2026, 1, 1, tzinfo=UTC)
"""The date of every catalogue: a real one would make each run another file."""
KEYWORDS = {"_": None, "later": None}
ACTS = (
    "obtain a guarantee",
    "confirm the guarantee by a second person",
    "lift the hold",
    "meet what the gate demands",
    "sign the gate of participation",
    "have the stretch opened",
    "prove the road",
    "check",
    "settle the condition",
    "wait for the counterpart's step",
    "adopt the plan that was asked about",
    "find out who holds it, and plan again",
    "make a new plan",
    "measure this room's clock",
    "read the ledger again",
    "restore the ledger from a whole copy",
    "wait",
    "approve",
)
EXPIRIES = (
    "guarantee",
    "reconfirmation",
    "approvals",
    "check",
    "window",
    "lease",
    "role",
    "notice",
    "clock",
    "closure",
)
CHANGED = get_args(Part)


def spoken() -> list[str]:
    """Return the words that no template holds: kinds, fields, choices, states, acts."""
    words: list[str] = [*KINDS, *ROLES, *CHANNELS, *CLASSES, *PLACE_KINDS, *ACTS]
    words += [*EXPIRIES, *CHANGED, "paper", "sheets", "plan", "rehearsal", "calls"]
    words += ["cell", "crew", "party", "public", "running", "done", "failed"]
    words += ["likely", "low", "high", "prices", "form"]
    words += [one.removeprefix("see ") for one in sorted(SENSITIVE)]
    words += [one.id for one in BUILT_IN_CLASSES]
    words += ["seat", "stretcher", "bus", "ambulance", "convoy", "post", "aboard", "inside"]
    for line, states in DECISION_TABLE.items():
        words += [line, *states]
    for body in KINDS.values():
        for one in dataclasses.fields(body):
            words += [plainly(str(one.metadata["about"])), *shown_choices(one)]
    return list(dict.fromkeys(words))


def collected() -> Catalog:
    """Return every word of the board, in the order of the files."""
    catalog = Catalog(project="Safe Passage board", charset="utf-8", fuzzy=False)
    options = {"**/templates/**.j2": {"encoding": "utf-8", "silent": "false"}}
    found = extract_from_dir(
        str(BOARD), METHODS, options, keywords=KEYWORDS, comment_tags=(), strip_comment_tags=True
    )
    for name, _, message, _, _ in sorted(found, key=lambda one: (one[0], one[1])):
        catalog.add(message, locations=[(name, 0)])
    for one in spoken():
        catalog.add(one, locations=[("words of the record", 0)])
    return catalog


def _text(catalog: Catalog) -> bytes:
    out = io.BytesIO()
    write_po(out, catalog, width=96, omit_header=False, no_location=True, sort_output=True)
    lines = out.getvalue().split(b"\n")
    return b"\n".join(one for one in lines if b"-Date:" not in one)


def main() -> int:
    """Bring the files up to date, or say what is not."""
    check = "--check" in sys.argv[1:]
    collection = collected()
    made: dict[Path, bytes] = {POT: _text(collection)}
    missing: list[str] = []
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/board.po")):
        with path.open("rb") as file:
            known = read_po(file, locale=path.parts[-3])
        known.update(collection, no_fuzzy_matching=True)
        known.obsolete.clear()
        made[path] = _text(known)
        missing += [f"{path.parts[-3]}: {one.id}" for one in known if one.id and not one.string]
        known.creation_date = known.revision_date = NEVER
        out = io.BytesIO()
        write_mo(out, known)
        made[path.with_suffix(".mo")] = out.getvalue()
    stale = [path for path, content in made.items() if not _same(path, content)]
    if not check:
        for path in stale:
            path.write_bytes(made[path])
    for one in missing:
        sys.stderr.write(f"not translated: {one}\n")
    for path in stale:
        sys.stderr.write(f"{'stale' if check else 'written'}: {path}\n")
    return 1 if check and (stale or missing) else 0


def _same(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content


if __name__ == "__main__":
    sys.exit(main())
