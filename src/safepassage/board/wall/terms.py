"""What is agreed and what is open: each clause as told now, with each party's version beside it."""

from collections.abc import Mapping
from dataclasses import dataclass

from safepassage.board.wall.going import party_name
from safepassage.ledger.situation import TermNow
from safepassage.ledger.versions import versions_differ
from safepassage.scenario.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Version:
    """What one party says of a clause; None: nobody has heard its version."""

    party: str
    name: str
    words: str | None


@dataclass(frozen=True, slots=True)
class TermLine:
    """One clause. `differ`: the parties do not say the same. `shared`: each may see the other's."""

    term: str
    agreement: str
    text: str
    state: str
    linked_to: str | None
    versions: tuple[Version, ...]
    differ: bool
    shared: bool


def term_lines(
    scenario: Scenario, told: Mapping[str, TermNow], language: str
) -> tuple[TermLine, ...]:
    """Return the clauses of the scenario as the ledger tells them now, then those it tells besides.

    Beside each stand the parties of its agreement, those whose version nobody has heard as well.
    """
    parties = {one.id: one.parties for one in scenario.agreements}
    first = {
        clause.id: TermNow(
            *(clause.id, agreement.id, clause.text, clause.state, clause.linked_to),
            versions=clause.versions,
            seq=0,
        )
        for agreement in scenario.agreements
        for clause in agreement.clauses
    }
    lines = []
    for one in {**first, **told}.values():
        before = first.get(one.term, one)
        said = {**before.versions, **one.versions}
        whose = dict.fromkeys((*parties.get(one.agreement, ()), *said))
        lines.append(
            TermLine(
                term=one.term,
                agreement=one.agreement,
                text=one.text,
                state=one.state,
                linked_to=one.linked_to or before.linked_to,
                versions=tuple(
                    Version(party, party_name(scenario, party, language), said.get(party))
                    for party in whose
                ),
                differ=versions_differ(said),
                shared=one.shared,
            )
        )
    return tuple(lines)
