"""What people call the fields of an entry: the words beside them in the forms."""

import dataclasses
from collections.abc import Mapping
from functools import cache

from safepassage.board.wording import Words, later
from safepassage.ledger.kinds import KINDS
from safepassage.ledger.source import Source

PREFIXES = ("id of the ", "ids of the ", "id of ", "ids of ")
WHOLE: Mapping[str, str] = {
    "entry.heard_at": later("heard at"),
    "entry.id": later("the id of the entry"),
    "entry.kind": later("kind of entry"),
    "entry": later("the entry"),
    "source": later("Who says so"),
    "body.about": later("entry that is meant"),
    "token": later("Slip"),
    "form": later("the form"),
    "ledger": later("the ledger"),
}
"""Where a fault may stand that is no field of a kind."""


def plainly(about: str) -> str:
    """Return what a field is without the word id: nobody sees ids who chooses from names."""
    for prefix in PREFIXES:
        about = about.removeprefix(prefix)
    return about


def label_of(where: str, said: Words) -> str | None:
    """Return the words beside a field, from its place in an entry; None where it has none."""
    if where in WHOLE:
        return said(WHOLE[where])
    kind, _, name = where.partition(".")
    about = _abouts().get((kind, name))
    return None if about is None else said(about)


@cache
def _abouts() -> Mapping[tuple[str, str], str]:
    bodies = {**KINDS, "source": Source}
    return {
        (kind, one.name): plainly(str(one.metadata["about"]))
        for kind, body in bodies.items()
        for one in dataclasses.fields(body)
    }
