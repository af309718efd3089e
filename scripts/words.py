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

from safepassage.board.deciding.handed import WANT
from safepassage.board.entering.forms import shown_choices
from safepassage.board.labels import plainly
from safepassage.board.ours import OURS
from safepassage.board.reads import SENSITIVE
from safepassage.board.roles import ROLES
from safepassage.board.sentences import whole
from safepassage.clearance.actions import DEEDS, DETAILS
from safepassage.clearance.expiring import AS_ROLE
from safepassage.clearance.rules import DECISION_TABLE, SENTENCES
from safepassage.clearance.standing import OF_PLACES, checked, promised
from safepassage.ledger.changed import Part
from safepassage.ledger.classes import CLASSES
from safepassage.ledger.kinds import KINDS
from safepassage.ledger.source import CHANNELS, Source
from safepassage.report.sheets.filled import SAID
from safepassage.scenario.people import BUILT_IN_CLASSES
from safepassage.scenario.places import PLACE_KINDS

sys.path.insert(0, str(Path(__file__).parents[1]))
from scripts.sentences import sentences  # also found where this file is run by itself

BOARD = Path(__file__).parents[1] / "src" / "safepassage" / "board"
LOCALE = BOARD / "locale"
POT = LOCALE / "board.pot"
METHODS = [("**/templates/**.j2", "jinja2"), ("**.py", "python")]
NEVER = datetime(2026, 1, 1, tzinfo=UTC)
"""The date of every catalogue: a real one would make each run another file."""
KEYWORDS = {"_": None, "later": None}
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
EXTRA = ("nothing", "nobody", "words", "an id", "a number", WANT, "a rehearsal", "a scenario")
NOTED = ("wall", "map", "clearance", "prices")
"""What is noted when somebody reads it, beside the objects of the table of roles."""
"""What faults say in one word, and what a file that is no plan is told."""
UNSHOWN = frozenset({"plan", "token", "plan_hash", "key", "hash", "text_hash", "text"})
"""Fields whose names stand nowhere: what they hold is not shown in a line."""
TABLE = LOCALE / "sentences.txt"


def spoken() -> list[str]:
    """Return the words that no template holds: kinds, fields, choices, states, acts."""
    words: list[str] = [*KINDS, *ROLES, *CHANNELS, *CLASSES, *PLACE_KINDS, *DEEDS]
    words += [*EXPIRIES, *CHANGED, "paper", "sheets", "plan", "rehearsal", "calls"]
    words += ["cell", "crew", "party", "public", "running", "done", "failed"]
    words += ["likely", "low", "high", "prices", "form"]
    words += [one.removeprefix("see ") for one in sorted(SENSITIVE)]
    words += [one.id for one in BUILT_IN_CLASSES]
    words += ["seat", "stretcher", "bus", "ambulance", "convoy", "post", "aboard", "inside"]
    words += [*DETAILS, *SENTENCES, *SAID, AS_ROLE, *sorted(OURS), "this room", "the ledger"]
    words += [
        promised("", "").text,
        *(checked(one, "").text for one in (*sorted(OF_PLACES), "fuel")),
    ]
    words += [*EXTRA, *NOTED, *sentences()]
    for line, states in DECISION_TABLE.items():
        words += [line, *states]
    for body in KINDS.values():
        for one in dataclasses.fields(body):
            words += [plainly(str(one.metadata["about"])), *shown_choices(one)]
            if one.name not in UNSHOWN:
                words.append(one.name.replace("_", " "))
    words += [plainly(str(one.metadata["about"])) for one in dataclasses.fields(Source)]
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


def tabled() -> list[str]:
    """Return the sentences by which English text of other rooms is recognised."""
    values = [one for one in spoken() if "%(" in one]
    return sorted({one for one in values if whole(one) and "\n" not in one})


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
    made[TABLE] = ("\n".join(tabled()) + "\n").encode()
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
