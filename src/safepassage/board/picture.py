"""What the room knows as of one entry, seen at one time: read once, shown on every screen.

Lives in one thread, the reader's; what it returns is frozen and goes anywhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType

from safepassage.board.chain import Chain
from safepassage.board.roles import ROLES, Role
from safepassage.clearance.asking import Answer, answer
from safepassage.clearance.from_now import MARK, from_ledger, marked
from safepassage.clearance.gathering import KINDS as BEARING
from safepassage.clearance.gathering import case_of, node_of
from safepassage.clearance.way import convoy_ids
from safepassage.ledger.entry import Entry
from safepassage.ledger.folding import Projection
from safepassage.ledger.kept import Revoke
from safepassage.ledger.kept import Role as RoleGiven
from safepassage.ledger.kinds import KINDS
from safepassage.ledger.log import JUMP, Ledger
from safepassage.ledger.situation import Situation
from safepassage.planner.people_numbers import other_than_likely
from safepassage.planner.plan import Plan
from safepassage.planner.plan_file import plan_from_text
from safepassage.planner.plan_form import PlanError
from safepassage.planner.verified import VerifiedPlan
from safepassage.planner.verify import PlanRefused, verify
from safepassage.scenario.figure import UnknownFigureError
from safepassage.scenario.scenario import Scenario

RECENT = 60
"""How many of the newest entries a picture carries."""
THEN = 3
"""Of how many convoys after the next one a picture knows the clearance: one that was left out must
not hide the next."""
BULK = frozenset({"movement", "count", "consent", "passage", "household"})
"""Kinds that come by the thousand: read through the situation, not kept as entries."""
_FIELD: Mapping[str, Role] = {"field": "device"}


@dataclass(frozen=True)
class Picture:
    """The room as of entry `upto`, at the time `at`.

    `plan` is the plan in force as the verifier accepts it now; None where there is none or it is
    refused: then `plan_refused` says why. `people_warning` stands where it was made for another
    number of people than the likely one. `left` are the convoys of it that have not departed, in
    order of departure, `next` the clearance of the first, `then` those of a few after it. `said`
    are all entries but the bulk of counts and movements, `recent` the newest of all kinds, oldest
    first. `chain_whole` is what following the chain says. `numbers` has number and kind of the
    entries in `said`, and of what they speak of, by id.
    """

    upto: int
    at: datetime
    situation: Situation
    plan: VerifiedPlan | None
    plan_refused: str | None
    left: tuple[str, ...]
    next: Answer | None
    then: tuple[Answer, ...]
    said: tuple[Entry, ...]
    recent: tuple[Entry, ...]
    chain_whole: bool
    people_warning: str | None = None
    numbers: Mapping[str, tuple[int, str]] = field(default_factory=dict, repr=False)


class Painter:
    """Makes pictures from one ledger, one after the other."""

    def __init__(
        self, ledger: Ledger, scenario: Scenario, *, keys: Mapping[str, str], device: str
    ) -> None:
        self._ledger = ledger
        self._scenario = scenario
        self._device = device
        self._chain = Chain(ledger.store, keys)
        self._projection = Projection(ledger, scenario)
        self._seq = 0
        self._said: list[Entry] = []
        self._recent: list[Entry] = []
        self._numbers: dict[str, tuple[int, str]] = {}
        self._newest: datetime | None = None
        self._plan_seq = 0
        self._plan: VerifiedPlan | None = None
        self._refused: str | None = None
        self._warning: str | None = None

    def paint(self, at: datetime) -> Picture:
        """Return the picture as of the last entry."""
        upto = self._ledger.tail()[0]
        self._read(upto)
        whole = self._chain.whole(upto)
        now = self._projection.situation(at, upto)
        self._adopt(now)
        left: tuple[str, ...] = ()
        if self._plan is not None:
            left = tuple(one for one in convoy_ids(self._plan) if one not in now.convoys)
        return Picture(
            upto=upto,
            at=at,
            situation=now,
            plan=self._plan,
            plan_refused=self._refused,
            left=left,
            next=self.clearance(left[0], at=at) if left else None,
            then=tuple(self.clearance(one, at=at) for one in left[1 : 1 + THEN]),
            said=tuple(self._said),
            recent=tuple(self._recent),
            chain_whole=whole,
            people_warning=self._warning,
            numbers=MappingProxyType(self._numbers),
        )

    def clearance(self, convoy: str, *, at: datetime) -> Answer:
        """Return the clearance of one convoy of the plan in force, as of the last painting.

        Raises
        ------
        KeyError
            If there is no plan in force, or it has no such convoy.
        """
        if self._plan is None:
            raise KeyError(convoy)
        entries = [one for one in self._said if one.kind in BEARING]
        whole = self._chain.whole(self._seq)
        node = node_of(entries, self._device, at=at, contact_at=at, chain_whole=whole)
        if self._newest is not None and self._newest > at + JUMP:
            # The clock stands before what it has written itself: nobody knows what it says.
            node = replace(node, skew=None)
        case = case_of(self._plan, entries, convoy, at=at, node=node, upto=self._seq)
        return answer(case, at=at)

    def _read(self, upto: int) -> None:
        """Read what is new."""
        before = len(self._said)
        if upto > self._seq + RECENT:
            told = tuple(one for one in KINDS if one not in BULK)
            self._said += self._ledger.entries(self._seq, upto - RECENT, told)
            self._seq = upto - RECENT
        new = list(self._ledger.entries(self._seq, upto))
        if self._seq and any(one.kind == "purge" for one in new):
            # What was erased is not kept here either: everything is read anew, as far as it can be.
            self._said, self._recent, self._numbers, self._seq = [], [], {}, 0
            self._read(upto)
            return
        self._said += [one for one in new if one.kind not in BULK]
        self._recent = [*self._recent, *new][-RECENT:]
        if new:
            self._newest = new[-1].entered_at
        self._seq = upto
        self._number(self._said[before:])

    def _number(self, entries: Sequence[Entry]) -> None:
        """Note the numbers of entries, and of earlier ones of the bulk that they speak of."""
        self._numbers |= {one.id: (one.seq, one.kind) for one in entries}
        for one in entries:
            for name in ("about", "instead"):
                id_ = getattr(one.body, name, None)
                if isinstance(id_, str) and id_ not in self._numbers:
                    meant = self._ledger.find(id_)
                    if meant is not None:
                        self._numbers[id_] = (meant.seq, meant.kind)

    def _adopt(self, now: Situation) -> None:
        """Verify the plan in force, once for each adoption."""
        seq = 0 if now.plan is None else now.plan.seq
        if seq == self._plan_seq:
            return
        self._plan_seq, self._plan, self._refused, self._warning = seq, None, None, None
        if now.plan is not None:
            try:
                proposed = plan_from_text(now.plan.text)
                given = given_to(proposed, self._scenario, self._ledger)
                self._plan = verify(given, proposed)
                self._warning = other_than_likely(given, proposed)
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
