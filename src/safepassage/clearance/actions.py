"""The shortest set of acts that would turn a no into a go, in the order in which to do them.

Each act is one thing that one person does. Acts that bear on the convoy come before the approvals,
because both approvers must have seen them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from safepassage.clearance.case import Case
from safepassage.clearance.limits import APPROVAL_LIFE
from safepassage.clearance.rules import Clearance
from safepassage.clearance.saying import NOTHING, Saying
from safepassage.clearance.standing import Standing, approval_counts, promised


@dataclass(frozen=True, slots=True)
class Act:
    """One act: what to do, about what, and whom to call where that is known.

    `what` is one of `DEEDS`, `to` a sentence whose values are ids or words of the record. `ours`
    says whether this cell can do it alone; what is not ours depends on others.
    """

    what: str
    to: Saying
    call: str | None = None
    ours: bool = True

    @property
    def about(self) -> str:
        """About what, in English, with ids as they are."""
        return str(self.to)

    def in_words(self) -> str:
        """Return it as a line for people."""
        whom = f" (call {self.call})" if self.call else ""
        return f"{self.what}: {self.about}{whom}" if self.about else f"{self.what}{whom}"


DEEDS = (
    "obtain a guarantee",
    "confirm the guarantee by a second person",
    "lift the hold",
    "meet what the gate demands",
    "sign the gate of participation",
    "have the stretch opened",
    "prove the road",
    "check",
    "settle the condition",
    "wait for the counterpart's step",
    "adopt the plan that was asked about",
    "find out who holds it, and plan again",
    "make a new plan",
    "measure this room's clock",
    "read the ledger again",
    "restore the ledger from a whole copy",
    "wait",
    "approve",
)
"""Every `what` of an act, for those who translate them."""
ON_ALL = "%(party)s on %(stretches)s"
ONE_MORE = "%(subject)s, one more person"
DETAILS = (
    ON_ALL,
    ONE_MORE,
    "person %(number)s of 2",
    "one that names who holds the way",
    "against a receiver or time signal",
    "until the departure is near",
    "from now",
)
"""Every sentence of what an act is about, beside the subject of a standing."""


def shortest_acts(case: Case, clearance: Clearance) -> tuple[Act, ...]:
    """Return the shortest set of acts to a go; empty for a go.

    A party's missing promises on several stretches are one act: one promise that covers them all,
    and one confirmation of it.
    """
    if clearance.go:
        return ()
    failing = {(reason.line, reason.subject) for reason in clearance.reasons}
    open_lines = [one for one in clearance.standings if (one.line, one.subject) in failing]
    leaves = max(clearance.at, case.departs)
    lapsing = [
        one
        for one in clearance.standings
        if one.line == "check" and one.until is not None and one.until < leaves
    ]
    acts = [*_promises(case, open_lines)]
    for one in [*open_lines, *lapsing]:
        acts += _acts(one)
    missing = 2
    if all(act.what in DO_NOT_BEAR for act in acts):
        missing = _approvals_missing(case, clearance, open_lines)
    # Every act that bears on the convoy is an entry that both approvers must have seen.
    acts += [
        Act("approve", Saying("person %(number)s of 2", {"number": number}))
        for number in range(3 - missing, 3)
    ]
    return tuple(acts)


DO_NOT_BEAR = frozenset(
    {"measure this room's clock", "read the ledger again", "wait", "make a new plan"}
)
"""Acts after which approvals that were given before still count."""


def _promises(case: Case, open_lines: list[Standing]) -> list[Act]:
    """Return the acts on guarantees, one promise a party."""
    by_party: dict[str, dict[str, Standing]] = {}
    for need in case.needs:
        subject = str(promised(need.party, need.stretch))
        for one in open_lines:
            if one.line == "promise" and one.subject == subject:
                by_party.setdefault(need.party, {})[need.stretch] = one
    acts = []
    for party, stretches in by_party.items():
        call = case.contacts.get(party)
        confirm = {key: one for key, one in stretches.items() if one.state in CONFIRM}
        renew = [key for key in stretches if key not in confirm]
        if renew:
            # A new promise may as well cover what only lacks a confirmation: fewer acts.
            about = _on(party, stretches)
            acts.append(Act("obtain a guarantee", about, call, ours=False))
            acts.append(Act("confirm the guarantee by a second person", about, call))
        else:
            acts += _confirmations(party, confirm, call)
    return acts


def _on(party: str, stretches: Iterable[str]) -> Saying:
    return Saying(ON_ALL, {"party": party, "stretches": tuple(stretches)})


CONFIRM = frozenset({"not confirmed", "to be reconfirmed"})


def _confirmations(party: str, confirm: Mapping[str, Standing], call: str | None) -> list[Act]:
    """Return the confirmations that are missing, a promise at a time."""
    by_promise: dict[tuple[str, ...], tuple[int, list[str]]] = {}
    for stretch, one in confirm.items():
        missing = one.count if one.state == "not confirmed" else 1
        _, known = by_promise.setdefault(one.rests_on, (missing, []))
        known.append(stretch)
    acts = []
    for missing, stretches in by_promise.values():
        about = _on(party, stretches)
        acts += [Act("confirm the guarantee by a second person", about, call)] * missing
    return acts


def _acts(one: Standing) -> list[Act]:
    """Return the acts that one open line needs, approvals and promises left out."""
    subject = one.about if isinstance(one.about, Saying) else Saying(one.about)
    match one.line, one.state:
        case ("hold", _):
            return [Act("lift the hold", Saying(ONE_MORE, {"subject": subject}))] * one.count
        case ("gate", "not signed"):
            return [Act("sign the gate of participation", subject)] * one.count
        case ("gate", _):
            # Whoever signed that it is unmet has to sign that it is met.
            met = Act("meet what the gate demands", subject, ours=False)
            return [met, *[Act("sign the gate of participation", subject)] * one.count]
        case ("road", "closed"):
            return [
                Act("have the stretch opened", subject, ours=False),
                Act("prove the road", subject),
            ]
        case ("road", _):
            return [Act("prove the road", subject)]
        case ("check", _):
            return [Act("check", subject)]
        case ("term", _):
            return [Act("settle the condition", subject, ours=False)]
        case ("counterpart", _):
            return [Act("wait for the counterpart's step", subject, ours=False)]
        case ("plan", _):
            return [Act("adopt the plan that was asked about", subject)]
        case ("holder", _):
            return [Act("find out who holds it, and plan again", subject, ours=False)]
        case ("parties", _):
            return [Act("make a new plan", Saying("one that names who holds the way"))]
        case ("clock", _):
            return [Act("measure this room's clock", Saying("against a receiver or time signal"))]
        case ("contact", _):
            return [Act("read the ledger again", NOTHING)]
        case ("chain", _):
            return [Act("restore the ledger from a whole copy", NOTHING, ours=False)]
        case ("departure", "too early"):
            return [Act("wait", Saying("until the departure is near"))]
        case ("departure", "too late"):
            return [Act("make a new plan", Saying("from now"))]
        case _:
            return []


def _approvals_missing(case: Case, clearance: Clearance, open_lines: list[Standing]) -> int:
    """Return how many more approvals it takes where nothing else that bears on it changes."""
    leaves = max(clearance.at, case.departs)
    lines = {(one.line, one.state) for one in open_lines}
    approvals = next(one for one in clearance.standings if one.line == "approvals")
    lapses = approvals.until is not None and approvals.until < leaves
    if not lapses and ("approvals", "missing") not in lines:
        return 0
    lasting = [
        one
        for one in case.approvals
        if approval_counts(case, one, clearance.at) and one.at + APPROVAL_LIFE >= leaves
    ]
    return 2 - bool(lasting)
