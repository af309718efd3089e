"""What child processes of the board make: `python -m safepassage.board.making WHAT …`.

Reads what it needs from its own arguments and standard input, judges the plan again, and writes
files into its working folder. Nothing here runs in the server.
"""

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from safepassage.board.asked import Asked
from safepassage.board.naming import Teller
from safepassage.board.picture import given_to
from safepassage.board.wording import words
from safepassage.clearance.asking import ask
from safepassage.clearance.changes import named
from safepassage.clearance.from_now import from_ledger
from safepassage.clearance.saying import Saying
from safepassage.ledger.folding import situation
from safepassage.ledger.log import Ledger
from safepassage.ledger.place import open_ledger, place_of
from safepassage.ledger.signer import read_signer
from safepassage.ledger.situation import TermNow
from safepassage.planner.following import still_ahead
from safepassage.planner.plan_file import plan_from_text, write_verified
from safepassage.planner.plan_form import PlanError
from safepassage.planner.verified import VerifiedPlan
from safepassage.planner.verify import PlanRefused, verify
from safepassage.roads.network import RoadsError
from safepassage.roads.travel import open_roads, travel
from safepassage.scenario.duration import parse_duration
from safepassage.scenario.faults import ScenarioError
from safepassage.scenario.load import load_scenario
from safepassage.scenario.scenario import Scenario

if TYPE_CHECKING:
    from safepassage.report.sheets.names import Name


def main() -> int:
    """Make one thing; 0 if it is there, 3 if what was handed in cannot be used."""
    what, given = sys.argv[1], json.loads(sys.stdin.read())
    try:
        if what == "paper":
            _paper(given)
        else:
            makers = {
                "sheets": _sheets,
                "form": _form,
                "calls": _calls,
                "rehearsal": _rehearsal,
                "rest": _rest,
            }
            makers[what](Asked(**given))
    except (ScenarioError, RoadsError, PlanError, PlanRefused, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 3
    return 0


def _timed(asked: Asked) -> Scenario:
    path = Path(asked.scenario)
    given = load_scenario(path)
    if given.roads is not None:
        folder = path if path.is_dir() else path.parent
        given = travel(open_roads(given, folder, reference=True)).scenario
    return given


def _verified(asked: Asked) -> VerifiedPlan:
    proposed = plan_from_text(asked.plan)
    ledger = open_ledger(place_of(asked.ledger, Path(asked.keys)))
    try:
        return verify(given_to(proposed, _timed(asked), ledger), proposed)
    finally:
        ledger.close()


def _sheets(asked: Asked) -> None:
    """Write the sheets of one audience into `sheets`, and their list to standard output."""
    from safepassage.report.audience import AUDIENCES  # noqa: PLC0415 - heavy, for the child alone
    from safepassage.report.sheets.clauses import clauses_now  # noqa: PLC0415 - the same
    from safepassage.report.sheets.write import write_sheets  # noqa: PLC0415 - the same

    audience = next(one for one in AUDIENCES if one == asked.audience)
    verified = _verified(asked)
    files = write_sheets(
        verified,
        Path("sheets"),
        audience=audience,
        printed_at=asked.moment,
        mode="DRILL" if asked.mode == "DRILL" else "PLAN",
        clauses=clauses_now(verified.scenario, _terms(asked)),
    )
    sys.stdout.write(json.dumps([str(one) for one in files]))


def _terms(asked: Asked) -> Mapping[str, TermNow]:
    """Return the terms as the ledger tells them now."""
    ledger = open_ledger(place_of(asked.ledger, Path(asked.keys)))
    try:
        return situation(ledger, at=asked.moment).terms
    finally:
        ledger.close()


def _form(asked: Asked) -> None:
    """Write the go/no-go form of one convoy, filled from the ledger, to `paper.pdf`."""
    from safepassage.report.sheets.filled import filled_go_no_go  # noqa: PLC0415 - heavy
    from safepassage.report.sheets.frame import Printing  # noqa: PLC0415 - heavy
    from safepassage.report.sheets.paper import print_sheets  # noqa: PLC0415 - heavy

    verified = _verified(asked)
    place = place_of(asked.ledger, Path(asked.keys))
    signer = read_signer(place.signing_key)
    ledger = open_ledger(place)
    try:
        answer = ask(
            verified,
            ledger,
            asked.convoy,
            at=asked.moment,
            contact_at=asked.moment,
            keys={signer.device: signer.key},
            device=signer.device,
            upto=ledger.tail()[0],
        )
        numbers = {one.id: (one.seq, one.kind) for one in ledger.entries(0, None)}
    finally:
        ledger.close()
    printing = Printing(asked.moment, "DRILL" if asked.mode == "DRILL" else "PLAN")
    sheet = filled_go_no_go(verified, answer, printing, _says(asked, verified, numbers))
    Path("paper.pdf").write_bytes(print_sheets([sheet], at=asked.moment))


def _says(
    asked: Asked, verified: VerifiedPlan, numbers: Mapping[str, tuple[int, str]]
) -> "Callable[[Saying | str], Name]":
    """Return what puts the rule's words into print: English, with Arabic beside it if asked for."""
    from safepassage.report.sheets.names import Name  # noqa: PLC0415 - heavy

    def teller(language: str) -> Teller:
        zone = verified.scenario.start.tzinfo
        return Teller(verified.scenario, words(language), number_of=numbers.get, zone=zone)

    english = teller("en")
    arabic = teller("ar") if asked.language == "ar" else None
    return lambda what: Name(english(what), "" if arabic is None else arabic(what))


def _calls(asked: Asked) -> None:
    """Write the calls of every boarding place as JSON."""
    from safepassage.report.sheets.call_forward import (  # noqa: PLC0415 - heavy
        boarding_places,
        waves_at,
    )
    from safepassage.report.sheets.slips import slips_called  # noqa: PLC0415 - heavy

    verified = _verified(asked)
    found: list[dict[str, Any]] = []
    for place in boarding_places(verified):
        for wave in waves_at(verified, place):
            calls = [
                {
                    "vehicle": one.vehicle,
                    "people": one.people,
                    "seats": dict(one.seats),
                    "called": one.called,
                    "boards": one.boards,
                    "departs": one.trip.depart,
                    "slips": [slips_called(verified, group) for group in one.boardings],
                }
                for one in wave.calls
            ]
            found.append({"place": place, "convoy": wave.name, "calls": calls})
    sys.stdout.write(json.dumps(found, ensure_ascii=False))


def _rehearsal(asked: Asked) -> None:
    """Write a rehearsal of the plan as JSON."""
    from safepassage.rehearsal.run import rehearse  # noqa: PLC0415 - heavy

    verified = _verified(asked)
    made = rehearse(verified.scenario, verified, runs=asked.runs, seed=asked.seed)
    sys.stdout.write(json.dumps(made.to_json(), ensure_ascii=False, allow_nan=False))


def _rest(asked: Asked) -> None:
    """Write what is left of the plan in force, rehearsed from now, beside a plan from now.

    A plan from now that is made here lies in `plan.json`.
    """
    from safepassage.rehearsal.beside import beside  # noqa: PLC0415 - heavy
    from safepassage.rehearsal.rest import rest_of  # noqa: PLC0415 - heavy

    given = _timed(asked)
    ledger = open_ledger(place_of(asked.ledger, Path(asked.keys)))
    try:
        rest = rest_of(given, ledger, at=asked.moment, upto=asked.upto)
        plans: list[tuple[str, VerifiedPlan]] = []
        for name, written in (("force", asked.plan), ("now", asked.other)):
            if written:
                proposed = plan_from_text(written)
                plans.append((name, verify(given_to(proposed, given, ledger), proposed)))
        if asked.limit and not asked.other:
            made = _from_now(asked, given, ledger)
            write_verified(made, Path("plan.json"))
            plans.append(("now", made))
    finally:
        ledger.close()
    found = beside(plans, rest, runs=asked.runs, seed=asked.seed)
    sys.stdout.write(json.dumps(found, ensure_ascii=False, allow_nan=False))


def _from_now(asked: Asked, given: Scenario, ledger: Ledger) -> VerifiedPlan:
    """Return a plan of what is left, under the names of the plan in force."""
    from safepassage.planner.solve import solve  # noqa: PLC0415 - heavy

    left = from_ledger(given, ledger, at=asked.moment, upto=asked.upto)
    before = plan_from_text(asked.plan) if asked.plan else None
    still = None
    if before is not None:
        since = int((asked.moment - before.start).total_seconds())
        still = still_ahead(before, tuple(left.situation.convoys), since)
    made = solve(left.scenario, limit=parse_duration(asked.limit), seed=1, in_force=still)
    return named(made, before, left)


def _paper(given: dict[str, Any]) -> None:
    """Write the PDF of a paper to `paper.pdf`."""
    from safepassage.board.documents.pdf import write_pdf  # noqa: PLC0415 - heavy

    write_pdf(given, Path("paper.pdf"))


if __name__ == "__main__":
    sys.exit(main())
