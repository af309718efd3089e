"""The terms sheet: what is read aloud to people before they board, agreed and not agreed.

What a scenario does not state (return, luggage, checks) is an empty line that somebody fills in
before reading, never a guess.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from safepassage.ledger.versions import versions_differ
from safepassage.planner.verified import VerifiedPlan
from safepassage.report.sheets.frame import Printing, Sheet, frame_of
from safepassage.report.sheets.names import Name, party_name, place_name
from safepassage.scenario.parties import Clause


@dataclass(frozen=True, slots=True)
class Version:
    """What one party says about a clause."""

    party: Name
    text: str


@dataclass(frozen=True, slots=True)
class Term:
    """One clause with the versions of the parties; `linked`: it hangs on something elsewhere.

    `differ`: the parties do not tell it in the same words.
    """

    text: str
    versions: tuple[Version, ...]
    linked: bool
    differ: bool


@dataclass(frozen=True, slots=True)
class Destination:
    """Where people are taken; `arrives` says whether the journey of this plan ends there."""

    place: Name
    arrives: bool


@dataclass(frozen=True, slots=True)
class TermsBody:
    """All that a terms sheet holds."""

    place: Name
    destinations: tuple[Destination, ...]
    agreed: tuple[Term, ...]
    open: tuple[Term, ...]


def terms_sheet(
    verified: VerifiedPlan,
    place: str,
    printing: Printing,
    clauses: Sequence[Clause] | None = None,
) -> Sheet:
    """Return the terms that are read aloud at one boarding place.

    `clauses` are those of now, where a ledger tells them; else those of the scenario.
    """
    scenario = verified.scenario
    ends = {trip.end for trip in verified.plan.trips if trip.start == place and trip.load}
    if clauses is None:
        clauses = [clause for agreement in scenario.agreements for clause in agreement.clauses]
    body = TermsBody(
        place=place_name(scenario, place),
        destinations=tuple(
            Destination(place_name(scenario, one.id), one.arrived)
            for one in scenario.places
            if one.id in ends
        ),
        # Nobody is told that something is agreed which the parties tell differently.
        agreed=tuple(_term(verified, one) for one in clauses if _is_agreed(one)),
        open=tuple(_term(verified, one) for one in clauses if not _is_agreed(one)),
    )
    name = f"pickup-{place}-terms"
    frame = frame_of(verified, printing, name=name, whom=body.place, ends=None)
    return Sheet("terms", name, frame, body)


def _term(verified: VerifiedPlan, clause: Clause) -> Term:
    """Return a clause as it is printed."""
    return Term(
        text=clause.text,
        versions=tuple(
            Version(party_name(verified.scenario, party), text)
            for party, text in clause.versions.items()
        ),
        linked=clause.linked_to is not None,
        differ=versions_differ(clause.versions),
    )


def _is_agreed(clause: Clause) -> bool:
    return clause.state == "agreed" and not versions_differ(clause.versions)
