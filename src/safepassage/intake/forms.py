"""What may be written in a form: each field taken, or the key of what is wrong with it."""

import json
from collections.abc import Mapping

from safepassage.intake.desk import Desk
from safepassage.intake.queue import Incoming
from safepassage.intake.screening.sorting import sort_text
from safepassage.intake.sealing import key_of_code, seal

CATEGORIES = (
    "question", "correction", "complaint", "thanks", "missing", "threat", "sensitive", "party",
)  # fmt: skip
LONGEST = 2_000
"""Characters of a message."""
MOST_PEOPLE = 200
"""Of one registration of interest."""
HIDDEN = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the direction of what follows: they can make a reader see 41 for 14."""


def categories(desk: Desk) -> tuple[str, ...]:
    """Return what may be asked; without the cell's key nothing can be kept from others' eyes."""
    return tuple(one for one in CATEGORIES if one != "sensitive" or desk.key is not None)


def asked(desk: Desk, language: str, given: Mapping[str, str], code: str) -> Incoming | str:
    """Return the message of the form, or the key of what is wrong with it.

    `code` is the ticket that its sender will hold.
    """
    text = plain(given.get("message", ""))
    category = given.get("category", "")
    if not text:
        return "again_empty"
    if len(text) > LONGEST:
        return "again_long"
    if category not in categories(desk):
        return "again_category"
    if category == "sensitive" and desk.key is not None:
        words = json.dumps({"text": text, "answer_key": key_of_code(code).hex()}).encode()
        return Incoming(language, category, sealed=seal(desk.key, words), state="sensitive")
    found = sort_text(text, desk.learn())
    # Who reports a threat or a missing person is never advertising.
    plea = found.plea or category in {"threat", "missing"}
    return Incoming(
        language,
        category,
        text=text,
        state="new" if plea else found.state,
        score=found.score,
        plea=plea,
        folded=found.folded,
    )


def registered(desk: Desk, language: str, given: Mapping[str, str], code: str) -> Incoming | str:
    """Return the registration of the form, or the key of what is wrong with it."""
    del desk, code
    numbers: dict[str, int] = {}
    for name in ("people", "wounded", "companions"):
        text = given.get(name, "").strip() or ("" if name == "people" else "0")
        if not text.isdecimal() or len(text) > 4:
            return "again_number"
        numbers[name] = int(text)
    if not 1 <= numbers["people"] <= MOST_PEOPLE:
        return "again_number"
    if numbers["wounded"] + numbers["companions"] > numbers["people"]:
        return "again_number"
    text = plain(given.get("wish", ""))
    if len(text) > LONGEST:
        return "again_long"
    return Incoming(language, "interest", text=text or None, facts=numbers)


def plain(text: str) -> str:
    """Return words without control characters and without hidden turns of direction."""
    kept = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        char for char in kept if char == "\n" or (char not in HIDDEN and char.isprintable())
    ).strip()
