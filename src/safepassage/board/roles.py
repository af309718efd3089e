"""Who may see and do what: one table, object by role. What is not in it nobody may.

A field device is a role of its own: it has no page of the room, only what its own paths serve.
Whether two people of two roles are needed is not said here but by `clearance.rules`, each time.
"""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Literal

Role = Literal["head", "movement", "radio", "medical", "reporting", "observer", "device"]
ROLES: tuple[Role, ...] = (
    "head",
    "movement",
    "radio",
    "medical",
    "reporting",
    "observer",
    "device",
)
ROOM: frozenset[Role] = frozenset({"head", "movement", "radio", "medical", "reporting"})
APPROVING: frozenset[Role] = frozenset({"head", "movement", "radio", "medical"})
"""Those whose approval, signature and lift the clearance rule counts."""
ANYONE: frozenset[Role] = ROOM | {"observer"}


def _some(*roles: Role) -> frozenset[Role]:
    return frozenset(roles)


SEES: Mapping[str, frozenset[Role]] = MappingProxyType(
    {
        "wall": ROOM,
        "liaison": ANYONE,
        "log": ROOM,
        "changes": ROOM,
        "clearance": ROOM,
        "plan": _some("head", "movement", "radio", "medical"),
        "prices": _some("head"),
        "rehearsal": _some("head", "movement"),
        "call forward": _some("head", "movement", "radio"),
        "medical": _some("head", "movement", "medical"),
        "radio": _some("head", "movement", "radio"),
        "held": _some("head", "movement", "radio", "medical"),
        "contacts": _some("head", "movement", "radio", "medical"),
        "positions": _some("head", "movement", "radio", "medical"),
        "expiries": _some("head", "movement", "radio", "reporting"),
        "groups": _some("head", "movement", "medical"),
        "documents for cell": _some("head", "movement"),
        "documents for crew": _some("head", "movement", "radio"),
        "documents for party": _some("head", "movement", "reporting"),
        "documents for public": _some("head", "movement", "reporting"),
        "report after": _some("head", "movement", "reporting"),
        "devices": _some("head", "movement", "radio"),
        "public": ROOM,
        "reports": ROOM,
        "messages": _some("head", "reporting"),
        "sensitive messages": _some("head"),
        "people": _some("head"),
        "reads": _some("head"),
        "purge": _some("head", "reporting"),
    }
)
"""Pages and what is on them, by who may see them."""

DOES: Mapping[str, frozenset[Role]] = MappingProxyType(
    {
        "hold": ANYONE | {"device"},
        "lift": APPROVING,
        "approve": APPROVING,
        "sign gate": APPROVING,
        "ask for a go": _some("head", "movement"),
        "adopt a plan": _some("head", "movement"),
        "plan": _some("head", "movement"),
        "rehearse": _some("head", "movement"),
        "move uncleared": _some("head"),
        "read reports": ROOM,
        "enter figures": _some("head", "movement"),
        "propose a notice": _some("head", "movement", "reporting"),
        "release a notice": ROOM,
        "take a notice down": ROOM,
        "answer messages": _some("head", "reporting"),
        "enrol devices": _some("head", "movement", "radio"),
        "keep slips": _some("head", "movement", "medical"),
        "give roles": _some("head"),
        "purge": _some("head"),
        "anchor": _some("head", "reporting"),
        "report from the field": _some("device"),
    }
)
"""Acts, by who may do them."""

ENTERS: Mapping[str, frozenset[Role]] = MappingProxyType(
    {
        "agreement": _some("head", "movement"),
        "term": _some("head", "movement"),
        "statement": ROOM,
        "guarantee": _some("head", "movement", "radio"),
        "confirmation": APPROVING,
        "withdrawal": ROOM,
        "notification": _some("head", "movement"),
        "acknowledgement": _some("head", "movement", "radio"),
        "dispute": ROOM,
        "condition": ROOM,
        "attempt": _some("head", "movement", "reporting"),
        "count": ROOM,
        "consent": _some("head", "movement", "medical"),
        "movement": _some("head", "movement", "radio"),
        "incident": ROOM,
        "closure": _some("head", "movement", "radio"),
        "release": _some("head", "movement", "radio"),
        "proof": _some("head", "movement", "radio"),
        "check": _some("head", "movement", "radio", "medical"),
        "readiness": _some("head", "movement", "radio", "medical"),
        "decision": _some("head"),
        "correction": ROOM,
        "clock": _some("head", "movement", "radio"),
    }
)
"""Kinds of entries that people type in, by who may. The others come from acts (`DOES`)."""


def objects() -> tuple[str, ...]:
    """Return every object of the table: `see …`, `do …`, `enter …`."""
    return (
        *(f"see {one}" for one in SEES),
        *(f"do {one}" for one in DOES),
        *(f"enter {one}" for one in ENTERS),
    )


def allowed(what: str) -> frozenset[Role]:
    """Return the roles that an object of the table is open to.

    Raises
    ------
    KeyError
        If the table does not know it: a page cannot be served before it is in the table.
    """
    how, _, name = what.partition(" ")
    return {"see": SEES, "do": DOES, "enter": ENTERS}[how][name]


def may(roles: Collection[str], what: str) -> bool:
    """Tell whether someone with these roles may."""
    return not allowed(what).isdisjoint(roles)
