"""The file plan.json: read, written and hashed (format "safepassage/plan/1").

Knows docs/reference/plan.md. Minutes in the file, whole seconds inside. Reading checks the form
only; whether a plan is right is for `planner.verify` to say.
"""

import hashlib
import json
import math
import os
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from safepassage.planner.plan import BoundProof, Convoy, Plan, ProofKind, Run, Stated, Trip
from safepassage.planner.plan_form import MISSING, Form, PlanError
from safepassage.planner.verified import VerifiedPlan
from safepassage.scenario.figure import Choice
from safepassage.scenario.rules import Objective

FORMAT = "safepassage/plan/1"
NOT_HASHED = frozenset({"run", "plan_hash"})


def plan_hash(plan: Plan) -> str:
    """Return the sha256 (hex) of the plan's canonical JSON without `run` and `plan_hash`.

    Canonical: keys sorted, no blanks, UTF-8, as `json.dumps` writes numbers.
    """
    document = {key: one for key, one in _document(plan).items() if key not in NOT_HASHED}
    text = json.dumps(
        document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return hashlib.sha256(text.encode()).hexdigest()


def plan_to_json(plan: Plan) -> dict[str, object]:
    """Return a plan as the JSON object of plan.json, its hash included."""
    document = _document(plan)
    document["plan_hash"] = plan_hash(plan)
    return document


def write_plan(plan: Plan, path: Path) -> None:
    """Write a plan to a temporary file beside `path`, then put it in place at once.

    Raises
    ------
    OSError
        If it cannot be written (disk full, no such folder); the old file is then still whole.
    """
    text = json.dumps(plan_to_json(plan), indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_verified(verified: VerifiedPlan, path: Path) -> None:
    """Write a verified plan with the verifier's own curve, counts, value and gap."""
    write_plan(verified.plan, path)


def read_plan(path: Path) -> Plan:
    """Read a plan.json; nothing of it is trusted yet.

    Raises
    ------
    PlanError
        With every fault of the file by its path: not UTF-8 or JSON, cut off, unknown or missing
        keys, wrong types, numbers that are no numbers.
    OSError
        If the file cannot be read.
    """
    try:
        return plan_from_text(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as fault:
        raise PlanError((f"found bytes that are not UTF-8 ({fault.reason}), want JSON",)) from fault


def plan_from_text(text: str) -> Plan:
    """Read a plan from the text of a plan.json; see `read_plan`."""
    return plan_from_json(_parsed(text))


def plan_from_json(document: object) -> Plan:
    """Read a plan from the parsed JSON of a plan.json; see `read_plan`."""
    form = Form()
    plan = _read(form, document)
    if form.faults:
        raise PlanError(tuple(form.faults))
    return plan


def _parsed(text: str) -> object:
    def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
        found: dict[str, object] = {}
        for key, value in pairs:
            if key in found:
                raise ValueError(f"key {key!r} twice in one object")
            found[key] = value
        return found

    def refused(constant: str) -> object:
        raise ValueError(f"{constant} is not a number of JSON")

    try:
        return json.loads(text, object_pairs_hook=unique, parse_constant=refused)
    except json.JSONDecodeError as fault:
        where = f"line {fault.lineno} column {fault.colno}"
        raise PlanError((f"{where}: {fault.msg}; want one whole JSON object",)) from fault
    except RecursionError as fault:
        raise PlanError(("nested too deeply; want one JSON object",)) from fault
    except ValueError as fault:
        raise PlanError((f"{fault}; want one JSON object",)) from fault


# --- to JSON ---------------------------------------------------------------------------------


def _minutes(seconds: int) -> int | float:
    whole, rest = divmod(seconds, 60)
    return whole if rest == 0 else seconds / 60


def _document(plan: Plan) -> dict[str, object]:
    stated = plan.stated
    return {
        "format": FORMAT,
        "scenario": plan.scenario,
        "inputs": dict(plan.inputs),
        "plan_hash": None,
        "start": plan.start.isoformat(),
        "objective": plan.objective,
        "people": plan.people,
        "value": plan.value,
        "bound": plan.bound,
        "gap": None if stated is None else stated.gap,
        "expected_people": plan.expected_people,
        "expected_people_bound": plan.expected_people_bound,
        "people_total": None if stated is None else stated.people_total,
        "people_out": None if stated is None else stated.people_out,
        "curve": None
        if stated is None or stated.curve is None
        else [[_minutes(when), people] for when, people in stated.curve],
        "convoys": [_convoy(one) for one in plan.convoys],
        "trips": [_trip(one) for one in plan.trips],
        "bound_proof": {
            "kind": plan.proof.kind,
            "relaxes": list(plan.proof.relaxes),
            "data": _plain(plan.proof.data),
        },
        "seed": plan.seed,
        "run": None
        if plan.run is None
        else {
            "seconds": plan.run.seconds,
            "version": plan.run.version,
            "machine": plan.run.machine,
        },
    }


def _plain(value: object) -> object:
    """Return data of a proof as plain JSON: mappings as objects, tuples as lists."""
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value


def _who(who: Mapping[str, tuple[str, ...]]) -> dict[str, object]:
    """Return `who` as a key of its own, or nothing where nobody is named."""
    return {"who": {kind: list(names) for kind, names in who.items()}} if who else {}


def _convoy(convoy: Convoy) -> dict[str, object]:
    return {
        "id": convoy.id,
        "corridor": convoy.corridor,
        "start": convoy.start,
        "end": convoy.end,
        "depart": _minutes(convoy.depart),
        "arrive": _minutes(convoy.arrive),
        "staff": dict(convoy.staff),
        **_who(convoy.who),
    }


def _trip(trip: Trip) -> dict[str, object]:
    return {
        "vehicle": trip.vehicle,
        "kind": trip.kind,
        "convoy": trip.convoy,
        "from": trip.start,
        "to": trip.end,
        "legs": list(trip.legs),
        "depart": _minutes(trip.depart),
        "arrive": _minutes(trip.arrive),
        "load": dict(trip.load),
        "groups": dict(trip.groups),
        **({"households": dict(trip.households)} if trip.households else {}),
        "staff": dict(trip.staff),
        **_who(trip.who),
    }


# --- from JSON -------------------------------------------------------------------------------

PLAN_REQUIRED = (
    "format",
    "scenario",
    "inputs",
    "start",
    "objective",
    "value",
    "bound",
    "convoys",
    "trips",
    "bound_proof",
    "seed",
)
PLAN_KEYS = (
    *PLAN_REQUIRED,
    "plan_hash",
    "people",
    "gap",
    "expected_people",
    "expected_people_bound",
    "people_total",
    "people_out",
    "curve",
    "run",
)
CONVOY_REQUIRED = ("id", "corridor", "start", "end", "depart", "arrive")
CONVOY_KEYS = (*CONVOY_REQUIRED, "staff", "who")
TRIP_REQUIRED = ("vehicle", "kind", "from", "to", "legs", "depart", "arrive")
TRIP_KEYS = (*TRIP_REQUIRED, "convoy", "load", "groups", "households", "staff", "who")
PROOF_KEYS = ("kind", "relaxes", "data")
RUN_KEYS = ("seconds", "version", "machine")

Objects = Mapping[str, object]


def _read(form: Form, document: object) -> Plan:
    top = form.table(document, "", PLAN_KEYS, PLAN_REQUIRED)
    if top["format"] is not MISSING and top["format"] != FORMAT:
        form.fault("format", top["format"], f'"{FORMAT}"')
    return Plan(
        scenario=form.text(top["scenario"], "scenario"),
        inputs=form.texts_by_key(top["inputs"], "inputs"),
        start=_read_start(form, top["start"]),
        objective=_objective(form, top["objective"]),
        people=_choice(form, top["people"]),
        convoys=tuple(
            _read_convoy(form, one, f"convoys[{number}]")
            for number, one in enumerate(form.items(top["convoys"], "convoys"))
        ),
        trips=tuple(
            _read_trip(form, one, f"trips[{number}]")
            for number, one in enumerate(form.items(top["trips"], "trips"))
        ),
        value=form.number(top["value"], "value"),
        bound=form.number_or_none(top["bound"], "bound"),
        proof=_read_proof(form, top["bound_proof"]),
        seed=form.whole(top["seed"], "seed"),
        expected_people=form.number_or_none(top["expected_people"], "expected_people"),
        expected_people_bound=form.number_or_none(
            top["expected_people_bound"], "expected_people_bound"
        ),
        run=_read_run(form, top["run"]),
        stated=_read_stated(form, top),
    )


def _read_start(form: Form, value: object) -> datetime:
    wanted = "a date and time with its zone, as 2016-12-15T08:00:00+02:00"
    text = form.text(value, "start")
    try:
        start = datetime.fromisoformat(text)
    except ValueError:
        if text:
            form.fault("start", value, wanted)
        return datetime.max.replace(tzinfo=UTC)
    if start.tzinfo is None:
        form.fault("start", value, wanted)
    return start


def _objective(form: Form, value: object) -> Objective:
    found = form.one_of(value, "objective", ["expected", "last_out"])
    return "last_out" if found == "last_out" else "expected"


def _choice(form: Form, value: object) -> Choice:
    found = form.one_of(value, "people", ["likely", "low", "high"])
    choices: dict[str, Choice] = {"low": "low", "high": "high"}
    return choices.get(found, "likely")


def _read_proof(form: Form, value: object) -> BoundProof:
    proof = form.table(value, "bound_proof", PROOF_KEYS, ["kind"])
    kinds: dict[str, ProofKind] = {
        "none": "none",
        "certificate": "certificate",
        "lp_optimal": "lp_optimal",
        "search": "search",
        "relaxed": "relaxed",
    }
    data = form.mapping(proof["data"], "bound_proof.data")
    _check_finite(form, data, "bound_proof.data")
    return BoundProof(
        kind=kinds[form.one_of(proof["kind"], "bound_proof.kind", list(kinds))],
        relaxes=form.texts(proof["relaxes"], "bound_proof.relaxes"),
        data=data,
    )


def _check_finite(form: Form, value: object, path: str) -> None:
    """Note numbers such as 1e999, which JSON writes but no float holds."""
    if isinstance(value, dict):
        for key, one in value.items():
            _check_finite(form, one, f"{path}.{key}")
    elif isinstance(value, list):
        for number, one in enumerate(value):
            _check_finite(form, one, f"{path}[{number}]")
    elif isinstance(value, float) and not math.isfinite(value):
        form.fault(path, value, "a number that is finite")


def _read_run(form: Form, value: object) -> Run | None:
    if value is None or value is MISSING:
        return None
    run = form.table(value, "run", RUN_KEYS, RUN_KEYS)
    return Run(
        seconds=form.number(run["seconds"], "run.seconds"),
        version=form.text(run["version"], "run.version"),
        machine=form.text(run["machine"], "run.machine"),
    )


def _read_stated(form: Form, top: Objects) -> Stated | None:
    """Return what follows from the plan; all of it is stated, or nothing but the hash."""
    keys = ("people_total", "people_out", "curve")
    absent = [key for key in keys if top[key] is None or top[key] is MISSING]
    gap = form.number_or_none(top["gap"], "gap")
    stated_hash = form.text_or_none(top["plan_hash"], "plan_hash")
    if absent:
        if len(absent) < len(keys) or gap is not None:
            form.faults.append(f"{', '.join(absent)}: missing beside the other figures stated")
        return None if stated_hash is None else Stated(None, None, None, None, stated_hash)
    curve = []
    for number, one in enumerate(form.items(top["curve"], "curve")):
        path = f"curve[{number}]"
        pair = form.items(one, path)
        if len(pair) != 2:
            form.fault(path, one, "[minutes, persons arrived]")
        else:
            curve.append((form.seconds(pair[0], path), form.count(pair[1], path)))
    return Stated(
        gap=gap,
        people_total=form.count(top["people_total"], "people_total"),
        people_out=form.count(top["people_out"], "people_out"),
        curve=tuple(curve),
        plan_hash=stated_hash,
    )


def _read_convoy(form: Form, value: object, path: str) -> Convoy:
    one = form.table(value, path, CONVOY_KEYS, CONVOY_REQUIRED)
    return Convoy(
        id=form.text(one["id"], f"{path}.id"),
        corridor=form.text(one["corridor"], f"{path}.corridor"),
        start=form.text(one["start"], f"{path}.start"),
        end=form.text(one["end"], f"{path}.end"),
        depart=form.seconds(one["depart"], f"{path}.depart"),
        arrive=form.seconds(one["arrive"], f"{path}.arrive"),
        staff=form.counts(one["staff"], f"{path}.staff"),
        who=form.names(one["who"], f"{path}.who"),
    )


def _read_trip(form: Form, value: object, path: str) -> Trip:
    one = form.table(value, path, TRIP_KEYS, TRIP_REQUIRED)
    return Trip(
        vehicle=form.text_or_none(one["vehicle"], f"{path}.vehicle"),
        kind=form.text_or_none(one["kind"], f"{path}.kind"),
        convoy=form.text_or_none(one["convoy"], f"{path}.convoy"),
        start=form.text(one["from"], f"{path}.from"),
        end=form.text(one["to"], f"{path}.to"),
        legs=form.texts(one["legs"], f"{path}.legs"),
        depart=form.seconds(one["depart"], f"{path}.depart"),
        arrive=form.seconds(one["arrive"], f"{path}.arrive"),
        load=form.counts(one["load"], f"{path}.load"),
        groups=form.counts(one["groups"], f"{path}.groups"),
        households=form.counts(one["households"], f"{path}.households"),
        staff=form.counts(one["staff"], f"{path}.staff"),
        who=form.names(one["who"], f"{path}.who"),
    )
