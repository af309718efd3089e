"""`safepassage explain --protection`: a price for the head alone, and only once it is on record."""

from pathlib import Path
from typing import TYPE_CHECKING

from safepassage.cli.exits import Exit
from safepassage.cli.faults import CommandError

if TYPE_CHECKING:
    from safepassage.planner.protection import Protection


def log_request(person: str, ledger: str, keys: Path | None, plan_hash: str) -> None:
    """Write down who asks what rules that protect people cost; only the head may.

    Raises
    ------
    CommandError
        If the person does not hold the role of head by the ledger, or nothing can be written.
    """
    import uuid
    from datetime import UTC, datetime

    from safepassage.cli.recording.options import guarded, opened_ledger, place_named
    from safepassage.ledger.entry import read_message
    from safepassage.ledger.roles_held import RolesHeld
    from safepassage.ledger.signer import read_signer

    now = datetime.now(UTC).replace(microsecond=0)
    place = place_named(ledger, keys)
    opened = opened_ledger(ledger, keys)
    try:
        roles = RolesHeld(opened.entries(0, opened.tail()[0], ("role", "revoke")), now)
        if not roles.hold(person, "head"):
            raise CommandError(
                f"--protection: {person} is not the head by this ledger; what rules that protect "
                "people cost is shown to the head alone",
                Exit.USAGE,
            )
        message = read_message(
            {
                "id": uuid.uuid4().hex,
                "kind": "decision",
                "heard_at": now.isoformat(),
                "source": {
                    "channel": "in person",
                    "person": person,
                    "device": read_signer(place.signing_key).device,
                },
                "body": {
                    "what": "asked what rules that protect people cost",
                    "by": [person],
                    "why": f"plan {plan_hash}",
                },
            },
            at=now,
        )
        guarded(lambda: opened.append([message], at=now))
    finally:
        opened.close()


def in_words(priced: "tuple[Protection, ...]") -> str:
    """Return what rules that protect people cost, in lines for the head."""
    if not priced:
        return "No rule of this scenario sets people in need before others or keeps them together."
    lines = ["For the head alone, and logged. Persons expected to arrive, as far as was found:"]
    lines += [
        f"  {one.kept:,.1f} as it is, {one.dropped:,.1f} if {one.what} ({one.rule})"
        for one in priced
    ]
    lines.append("These rules are not for sale: the figures say what keeping them costs.")
    return "\n".join(lines)
