"""What the room knows as of one entry, seen at one time: read once, shown on every screen.

Lives in one thread, the reader's; what it returns is frozen and goes anywhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from safepassage.board.roles import ROLES, Role
from safepassage.clearance.asking import Answer, ask
from safepassage.clearance.from_now import MARK, from_ledger, marked
from safepassage.clearance.way import convoy_ids
from safepassage.ledger.decided import PlanAdopted
from safepassage.ledger.entry import Entry
from safepassage.ledger.folding import situation
from safepassage.ledger.kept import Revoke
from safepassage.ledger.kept import Role as RoleGiven
from safepassage.ledger.log import Ledger
from safepassage.ledger.situation import Situation
from safepassage.planner.plan import Plan
from safepassage.planner.plan_file import plan_from_text
from safepassage.planner.plan_form import PlanError
from safepassage.planner.verified import VerifiedPlan
from safepassage.planner.verify import PlanRefused, verify
from safepassage.scenario.figure import UnknownFigureError
from safepassage.scenario.scenario import Scenario

RECENT = 120
"""How many of the newest entries a picture carries."""
_FIELD: Mapping[str, Role] = {"field": "device"}


@dataclass(frozen=True)
class Picture:
    """The room as of entry `upto`, at the time `at`.

    `plan` is the plan in force as the verifier accepts it now; None where there is none or it is
    refused: then `plan_refused` says why. `answers` holds the clearance of every convoy of it that
    has not departed, in order of departure. `recent` are the newest entries, newest first.
    """

    upto: int
    at: datetime
    situation: Situation
    plan: VerifiedPlan | None
    plan_refused: str | None
    answers: tuple[Answer, ...]
    recent: tuple[Entry, ...]

    @property
    def next(self) -> Answer | None:
        """The clearance of the convoy that leaves next."""
        return self.answers[0] if self.answers else None


class Painter:
    """Makes pictures from one ledger, one after the other."""

    def __init__(
        self, ledger: Ledger, scenario: Scenario, *, keys: Mapping[str, str], device: str
    ) -> None:
        self._ledger = ledger
        self._scenario = scenario
        self._keys = keys
        self._device = device
        self._plan_seq = 0
        self._plan: VerifiedPlan | None = None
        self._refused: str | None = None

    def paint(self, at: datetime) -> Picture:
        """Return the picture as of the last entry."""
        ledger = self._ledger
        upto = ledger.tail()[0]
        now = situation(ledger, at=at, scenario=self._scenario, upto=upto)
        self._adopt(now)
        answers: list[Answer] = []
        if self._plan is not None:
            departed = set(now.convoys)
            answers = [
                self._ask(self._plan, convoy, at=at, upto=upto)
                for convoy in convoy_ids(self._plan)
                if convoy not in departed
            ]
        recent = tuple(reversed(list(ledger.entries(max(0, upto - RECENT), upto))))
        return Picture(upto, at, now, self._plan, self._refused, tuple(answers), recent)

    def _ask(self, plan: VerifiedPlan, convoy: str, *, at: datetime, upto: int) -> Answer:
        return ask(
            plan,
            self._ledger,
            convoy,
            at=at,
            contact_at=at,
            keys=self._keys,
            device=self._device,
            upto=upto,
        )

    def _adopt(self, now: Situation) -> None:
        """Verify the plan in force, once for each adoption."""
        seq = 0 if now.plan is None else now.plan.seq
        if seq == self._plan_seq:
            return
        self._plan_seq, self._plan, self._refused = seq, None, None
        if now.plan is not None:
            try:
                proposed = plan_from_text(now.plan.text)
                self._plan = verify(given_to(proposed, self._scenario, self._ledger), proposed)
            except (PlanError, PlanRefused, UnknownFigureError, ValueError) as error:
                self._refused = str(error)


def given_to(plan: Plan, scenario: Scenario, ledger: Ledger) -> Scenario:
    """Return the scenario that a plan was made for: what was left of it, for a plan from now."""
    if not any(one.startswith(MARK) for one in plan.inputs):
        return scenario
    upto, at = marked(tuple(plan.inputs))
    return from_ledger(scenario, ledger, at=at, upto=upto).scenario


def roles_at(entries: Sequence[Entry], at: datetime) -> Mapping[str, frozenset[Role]]:
    """Return who has which roles at a time, from the entries that give and take them, in order."""
    held: dict[str, dict[Role, datetime | None]] = {}
    for entry in entries:
        body = entry.body
        if isinstance(body, RoleGiven):
            role = _FIELD.get(body.role) or next((one for one in ROLES if one == body.role), None)
            if role is not None:
                held.setdefault(body.person, {})[role] = body.until
        elif isinstance(body, Revoke) and body.person is not None:
            held.pop(body.person, None)
    return {
        person: frozenset(role for role, until in roles.items() if until is None or at <= until)
        for person, roles in held.items()
    }


def adopted_texts(ledger: Ledger) -> tuple[str, ...]:
    """Return the text of every plan adopted so far."""
    return tuple(
        one.body.plan
        for one in ledger.entries(0, None, ("plan",))
        if isinstance(one.body, PlanAdopted)
    )
