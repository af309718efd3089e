"""The best plan and the lowest bound ever found for each benchmark case.

A row of best.csv holds no plan, only what it was worth, its hash, and what is proved. Nothing found
later may contradict it: a plan of one run above the bound of another is a fault of the bound or of
the verifier. Of many plans of one case the best is enough: if any beat a bound, it would.
"""

import csv
import hashlib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from safepassage import __version__
from safepassage.planner.verified import VerifiedPlan
from safepassage.scenario.figure import Figure
from safepassage.scenario.scenario import Scenario

HERE = Path(__file__).parent
FILE = HERE / "best.csv"
Aim = Literal["most", "least"]

SLACK = 1e-9
"""Relative slack for the last digits of floating point."""

WORDS_ONLY = frozenset(
    {
        *("name", "names", "note", "source", "sources", "assumed", "path", "sha256", "inputs"),
        *("parties", "agreements", "roads", "rehearsal", "summary", "as_of", "consent", "holder"),
        *("held_by", "position", "pcode", "arrived_reason", "medical", "accuracy_m"),
    }
)
"""Fields of a scenario that no plan depends on."""


ADDED = {"worst_first": False}
"""Fields that came after the record was begun, each with the value that changes nothing."""


class ContradictionError(ValueError):
    """A plan that is better than a proved bound of the same case."""


@dataclass(frozen=True)
class Best:
    """What is known of one case: `aim` says whether the best value is the most or the least.

    `scenario` tells which text of the case it is of (`fingerprint`). `plan_hash` is empty where the
    plan was not kept, `bound` None where none is proved.
    """

    case: str
    scenario: str
    aim: Aim
    value: float
    plan_hash: str
    plan_version: str
    plan_date: str
    bound: float | None
    bound_kind: str
    bound_version: str
    bound_date: str

    @property
    def gap_percent(self) -> float | None:
        """How far the best plan is from the best bound, in percent of the larger of the two."""
        if self.bound is None:
            return None
        top = max(self.value, self.bound)
        return 0.0 if top == 0 else 100.0 * abs(self.bound - self.value) / top


def fingerprint(scenario: Scenario) -> str:
    """Return 12 digits that stay while nothing that a plan depends on changes."""
    return digest(repr(_bare(scenario)))[:12]


def _bare(value: object) -> object:
    if isinstance(value, Figure):
        return (value.value, value.low, value.likely, value.high, value.unknown is not None)
    if is_dataclass(value) and not isinstance(value, type):
        told = ((one.name, getattr(value, one.name)) for one in fields(value))
        return tuple(
            (name, _bare(one))
            for name, one in told
            if name not in WORDS_ONLY and not (name in ADDED and one == ADDED[name])
        )
    if isinstance(value, Mapping):
        return tuple(sorted((str(key), _bare(one)) for key, one in value.items()))
    if isinstance(value, (tuple, list)):
        return tuple(_bare(one) for one in value)
    return value


def digest(text: str) -> str:
    """Return the sha256 of a text in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def row(
    case: str,
    scenario: str,
    aim: Aim,
    value: float,
    plan_hash: str,
    bound: float | None,
    bound_kind: str,
) -> Best:
    """Return the row of what this version found today."""
    day = datetime.now(UTC).date().isoformat()
    proof = ("", "", "") if bound is None else (bound_kind, __version__, day)
    return Best(case, scenario, aim, value, plan_hash, __version__, day, bound, *proof)


def found(case: str, made: VerifiedPlan) -> Best:
    """Return the row of a verified plan."""
    aim: Aim = "least" if made.plan.objective == "last_out" else "most"
    scenario, kind = fingerprint(made.scenario), made.plan.proof.kind
    return row(case, scenario, aim, made.value, made.plan_hash, made.bound, kind)


def contradictions(known: Best, new: Best) -> list[str]:
    """Return in words where a plan of one beats a bound of the other; empty where none does."""
    said = []
    for plan, proof in ((known, new), (new, known), (new, new)):
        if proof.bound is None or not _beats(plan, proof.bound):
            continue
        said.append(
            f"{plan.case}: the plan {plan.plan_hash[:12] or 'kept by value'} of {plan.plan_date} "
            f"({plan.value}) beats the bound of {proof.bound_date} ({proof.bound}, "
            f"{proof.bound_kind}, {proof.bound_version})"
        )
    return list(dict.fromkeys(said))


def _beats(plan: Best, bound: float) -> bool:
    slack = SLACK * max(1.0, abs(bound))
    return plan.value > bound + slack if plan.aim == "most" else plan.value < bound - slack


def merged(known: Best | None, new: Best) -> Best:
    """Return what is known after a new run: the better plan and the better bound.

    Raises
    ------
    ContradictionError
        If a plan beats a bound, old or new.
    """
    if known is None or (known.scenario, known.aim) != (new.scenario, new.aim):
        # Of another text of the case nothing can be said any more.
        known = new
    said = contradictions(known, new)
    if said:
        raise ContradictionError("; ".join(said))
    sign = 1 if new.aim == "most" else -1
    best = known
    if sign * new.value > sign * known.value:
        best = replace(
            best,
            value=new.value,
            plan_hash=new.plan_hash,
            plan_version=new.plan_version,
            plan_date=new.plan_date,
        )
    if new.bound is not None and (known.bound is None or sign * new.bound < sign * known.bound):
        best = replace(
            best,
            bound=new.bound,
            bound_kind=new.bound_kind,
            bound_version=new.bound_version,
            bound_date=new.bound_date,
        )
    return best


def read(path: Path = FILE) -> dict[str, Best]:
    """Return all rows by case; none where there is no file yet."""
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {given["case"]: _read(given) for given in csv.DictReader(file)}


def _read(given: Mapping[str, str]) -> Best:
    made = dict(given)
    bound = made.pop("bound")
    value = float(made.pop("value"))
    return Best(**made, value=value, bound=float(bound) if bound else None)  # type: ignore[arg-type]


def keep(new: Best, path: Path = FILE) -> Best:
    """Add what a run found to the file if it is better; return what is known then.

    Raises
    ------
    ContradictionError
        If a plan beats a bound; the file stays as it was.
    """
    rows = read(path)
    best = merged(rows.get(new.case), new)
    if rows.get(new.case) != best:
        rows[new.case] = best
        _write(rows, path)
    return best


def _write(rows: Mapping[str, Best], path: Path) -> None:
    handle, name = tempfile.mkstemp(prefix=".best.", dir=path.parent)
    draft = Path(name)
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, [one.name for one in fields(Best)], lineterminator="\n")
        table.writeheader()
        for case in sorted(rows):
            told = asdict(rows[case])
            table.writerow(told | {"bound": "" if rows[case].bound is None else told["bound"]})
    draft.chmod(0o644)
    draft.replace(path)
