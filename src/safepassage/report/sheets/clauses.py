"""The clauses of an agreement as the ledger tells them now, for the sheet that is read aloud."""

from collections.abc import Mapping

from safepassage.ledger.situation import TermNow
from safepassage.scenario.parties import Clause
from safepassage.scenario.scenario import Scenario


def clauses_now(scenario: Scenario, now: Mapping[str, TermNow]) -> tuple[Clause, ...]:
    """Return the clauses of a scenario as the ledger tells them now, and those it tells besides.

    What is met was agreed; what is broken is not, and says so in its words.
    """
    found = {clause.id: clause for agreement in scenario.agreements for clause in agreement.clauses}
    for one in now.values():
        known = found.get(one.term)
        versions = {**(known.versions if known else {}), **one.versions}
        broken = "Broken: " if one.state == "broken" else ""
        found[one.term] = Clause(
            one.term,
            f"{broken}{one.text}",
            "agreed" if one.state in {"agreed", "met"} else "open",
            versions,
            linked_to=one.linked_to or (known.linked_to if known else None),
        )
    return tuple(found.values())
