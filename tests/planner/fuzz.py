"""A fuzzer of whole runs: scenarios changed at random are checked, planned, verified, explained.

`python -m tests.planner.fuzz --first 0 --count 200` prints a JSON line for every case that ends in
anything but a plan that is right, a fault in words, or a proof in words; then one line of counts.
Each case follows from its seed. What a coordinator types is what is run: the commands themselves.
"""

import argparse
import contextlib
import copy
import io
import json
import random
import resource
import signal
import sys
import tempfile
import time
import tomllib
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from safepassage.cli import app
from safepassage.cli.running import run_guarded
from safepassage.scenario.example import example_text
from safepassage.scenario.toml_text import toml_text
from tests.planner.as_document import document_of
from tests.planner.linked_town import SIDE
from tests.planner.strategies import draw
from tests.scenario.given import SMALL

LONGEST = 240
"""Seconds after which one case counts as hanging, on a machine however busy."""

LONGEST_OWN = 20.0
"""Seconds of processor that one case may use in this process."""

CASES = Path(__file__).parents[2] / "cases"

WORDS = {0: "plan", 3: "fault in words", 4: "proved impossible", 5: "no plan, in words"}


class HangsError(BaseException):
    """The alarm of one case: no handler of the program may take it for a fault of a file."""


@dataclass
class Case:
    """What one seed gave: the ends of its commands, and what is wrong with it."""

    seed: int
    document: dict[str, object]
    changes: list[str]
    ends: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0


def base(chance: random.Random) -> dict[str, object]:
    """Return the tables of a valid scenario: one of the program's own, or a drawn one."""
    kind = chance.choice(("template", "aleppo", "sumy", "small", "town", *("drawn",) * 9))
    if kind == "template":
        return tomllib.loads(example_text("fuzzed"))
    if kind == "aleppo":
        return tomllib.loads((CASES / "aleppo-2016" / "scenario.toml").read_text("utf-8"))
    if kind == "sumy":
        return tomllib.loads((CASES / "sumy-2022" / "scenario.toml").read_text("utf-8"))
    if kind == "small":
        return tomllib.loads(SMALL)
    if kind == "town":
        town = SIDE.format(
            name="Town", minutes=100, people=900, buses=4, horizon="12 h", largest=10, escorts=2
        )
        return tomllib.loads(town)
    document = document_of(draw(chance.randrange(10**7)))
    kinds = {one["kind"] for one in _rows(document, "vehicle")}
    for one in _rows(document, "staff"):
        if one["needed_by"] == ["vehicle:ambulance"] and "ambulance" not in kinds:
            one["needed_by"] = ["vehicle:bus"]
    return document


def changed(chance: random.Random, document: dict[str, object]) -> list[str]:
    """Change a document in place in one to four places; return what was done, in words."""
    done = []
    for _ in range(chance.choice((0, 1, 1, 2, 2, 3, 4))):
        change = chance.choice((_a_number, _a_number, _a_number, _a_row, _a_rule, _a_rule))
        done.append(change(chance, document))
    return done


def _places_of(value: object, path: tuple[object, ...] = ()) -> Iterator[tuple[object, ...]]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _places_of(one, (*path, key))
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from _places_of(one, (*path, number))
    else:
        yield path


NUMBERS = (
    *(0, 1, 2, 3, 7, 100, 9_999, 10_000, 10_001, 10**6, 10**7, 10**9, 2**31, 2**53, 2**63, 10**20),
    *(-1, 0.0, -0.0, 0.5, 1e-9, 1e-300, 1e300, float("nan"), float("inf"), -3.5, 100.0, 99.99),
)
SPANS = (
    *("0 min", "1 s", "1 min", "2 min", "0.5 s", "0.0001 s", "17 s", "30 min", "1 h", "5 h"),
    *("13 h", "24 h", "36 h", "59 days", "60 days", "61 days", "365 days", "99999999 h", "-5 min"),
)


def _a_number(chance: random.Random, document: dict[str, object]) -> str:
    """Put another number or duration in the place of one."""
    found = []
    for path in _places_of(document):
        value = _at(document, path)
        is_span = isinstance(value, str) and value[:1].isdigit() and " " in value
        if (isinstance(value, (int, float)) and not isinstance(value, bool)) or is_span:
            found.append((path, is_span))
    if not found:
        return "nothing"
    path, is_span = chance.choice(found)
    odd: object = chance.choice(SPANS if is_span else NUMBERS)
    before = _at(document, path)
    if not is_span and chance.random() < 0.6 and isinstance(before, int):
        odd = max(0, before + chance.choice((-1, 1, 2, -2, 5)))
    _put(document, path, odd)
    return f"{_name(path)}: {before} -> {odd}"


def _a_row(chance: random.Random, document: dict[str, object]) -> str:
    """Leave a row or a key out, put a row twice, or join the end of one to another."""
    tables = [key for key, one in document.items() if isinstance(one, list) and one]
    if not tables:
        return "nothing"
    table = chance.choice(tables)
    rows = document[table]
    assert isinstance(rows, list)
    number = chance.randrange(len(rows))
    row = rows[number]
    what = chance.choice(("leave out", "twice", "key", "reference", "flag"))
    if what == "leave out":
        del rows[number]
    elif what == "twice" and isinstance(row, dict):
        rows.append(copy.deepcopy(row) | {"id": f"{row.get('id', 'x')}-again"})
    elif what == "key" and isinstance(row, dict) and len(row) > 1:
        key = chance.choice(sorted(row))
        del row[key]
        what = f"without {key}"
    elif what == "flag" and isinstance(row, dict):
        key = {"leg": "one_way", "corridor": "one_way", "place": "arrived"}.get(table, "one_way")
        row[key] = not row.get(key, False)
        what = f"{key} turned"
    elif isinstance(row, dict):
        names = [one["id"] for one in _rows(document, "place")]
        keys = [one for one in ("at", "from", "to", "where", "relief") if one in row]
        if keys and names:
            key = chance.choice(keys)
            row[key] = chance.choice(names)
            what = f"{key} = {row[key]}"
    return f"{table}[{number}] {what}"


def _a_rule(chance: random.Random, document: dict[str, object]) -> str:
    """State a rule that was not stated, mild or absurd."""
    places, groups = _rows(document, "place"), _rows(document, "group")
    fleet, staff, legs = (_rows(document, one) for one in ("vehicle", "staff", "leg"))
    if not places or not groups or not fleet or not legs:
        return "nothing"
    place, group, vehicle = chance.choice(places), chance.choice(groups), chance.choice(fleet)
    names = [one["id"] for one in places]
    span, whole = chance.choice(SPANS), chance.choice((0, 1, 2, 3, 10, 100, 10**7))
    where = chance.choice([*names, *(one["id"] for one in legs), "all"])
    rules = document.setdefault("rules", {})
    assert isinstance(rules, dict)
    what = chance.randrange(22)
    if what == 0:
        place["capacity"] = whole
    elif what == 1:
        place["intake"] = {"people": whole, "per": span}
    elif what == 2:
        place["rate"] = {"vehicles": whole, "per": span}
    elif what == 3:
        place["bays"] = {vehicle["kind"]: whole}
    elif what == 4:
        place["opens"] = span
    elif what == 5:
        place |= {"kind": chance.choice(("staging", "handover")), "limit": whole}
        place.pop("arrived", None)
        if chance.random() < 0.5:
            place["longest_wait"] = span
    elif what == 6:
        group["households"] = max(1, whole)
    elif what == 7:
        ends = [one["id"] for one in places if one["kind"] in ("shelter", "hospital")] or names
        group["wants"] = chance.sample(ends, min(len(ends), chance.randint(1, 2)))
    elif what == 8:
        group["ready"] = span
    elif what == 9:
        group["leave"] = chance.choice((0, 1, {"low": 0, "high": whole}, {"unknown": "not asked"}))
        group.pop("ready", None)
    elif what == 10:
        vehicle["serves"] = chance.sample(names, min(len(names), chance.randint(1, 2)))
    elif what == 11:
        vehicle["range"] = chance.choice((span, "40 km", "1 km", "0 km"))
        if chance.random() < 0.6:
            vehicle["refuel"] = {"at": [chance.choice(names)], "time": chance.choice(SPANS)}
    elif what == 12:
        vehicle["ready"] = span
    elif what == 13 and staff:
        chance.choice(staff).update({"duty": span, "rest": chance.choice(SPANS)})
    elif what == 14:
        kind = chance.choice(("guard", "crew"))
        needs = ["convoy", f"vehicle:{vehicle['kind']}", f"class:{group.get('class', 'walking')}"]
        row = {"id": f"{kind}-{len(staff)}", "kind": kind, "count": min(whole, 20)}
        row |= {"at": chance.choice(names), "needed_by": [chance.choice(needs)]}
        document["staff"] = [*staff, row]
    elif what == 15:
        row = {"id": f"more-{chance.randrange(10**6)}", "where": where}
        row[chance.choice(("opens", "closes"))] = span
        document["window"] = [*_rows(document, "window"), row]
    elif what == 16:
        rules["longest_on_board"] = span
    elif what == 17:
        rules["rho"] = chance.choice((0, 0.5, 3, 50, 100, 101, 1e300))
    elif what == 18:
        rules["objective"] = "last_out"
    elif what == 19:
        law = chance.choice(("never", "exponential", "weibull", "hard", "table"))
        ending: dict[str, object] = {"law": law}
        if law not in ("never", "table"):
            ending["mean"] = span
        if law == "weibull":
            ending["shape"] = chance.choice((0.1, 0.7, 5, 20))
        if law == "table":
            ending["table"] = [[span, 0.5], ["59 days", chance.choice((0, 0.5, 0.1))]]
        document["ending"] = ending
    elif what == 20:
        document["opening"] = {"time": span}
    elif len(groups) > 1:
        row = {"id": "other side", "name": "Other side", "groups": [group["id"]]}
        row |= chance.choice(({}, {"ratio": chance.choice((0.1, 1.0, 50.0))}, {"steps": [3, 2]}))
        document["linked"] = [row | {"id": "other"}]
    return (
        f"rule {what} at {place.get('id')}, {group.get('id')}, {vehicle.get('id')}: {span}, {whole}"
    )


def _rows(document: dict[str, object], table: str) -> list[dict[str, object]]:
    rows = document.get(table, [])
    return [one for one in rows if isinstance(one, dict)] if isinstance(rows, list) else []


def _at(value: object, path: tuple[object, ...]) -> object:
    for key in path:
        value = value[key]  # type: ignore[index]
    return value


def _put(value: object, path: tuple[object, ...], odd: object) -> None:
    _at(value, path[:-1])[path[-1]] = odd  # type: ignore[index]


def _name(path: tuple[object, ...]) -> str:
    return ".".join(str(one) for one in path)


def run(*words: str) -> tuple[int, str, str]:
    """Run one command in this process; return its exit code, output and talk."""
    out, talk = io.StringIO(), io.StringIO()
    before = sys.argv
    sys.argv = ["safepassage", *words]
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(talk):
            code = run_guarded(app)
    finally:
        sys.argv = before
    return code, out.getvalue(), talk.getvalue()


def judge(case: Case, folder: Path, limit: str) -> None:
    """Run the commands on a case and write down what is wrong."""
    file = folder / "scenario.toml"
    file.write_text(toml_text(case.document, "Changed at random"), encoding="utf-8")
    plan = folder / "plan.json"
    _end(case, "check", *run("check", str(folder)))
    code, out, talk = run("plan", str(folder), *limit.split(), "--json", "-o", str(plan))
    _end(case, "plan", code, out, talk)
    if case.ends["check"] == 3 and code == 0:
        case.wrong.append("check refuses what plan takes")
    if code == 4:
        _nobody_moves(case, file)
    if code != 0:
        return
    made = json.loads(out)
    if made["bound"] is None:
        case.wrong.append("a plan without a bound")
    else:
        ahead = made["value"] - made["bound"]
        ahead = -ahead if made["objective"] == "last_out" else ahead
        if ahead > 1e-6 * max(1.0, abs(made["value"])):
            case.wrong.append(f"value {made['value']} beats the bound {made['bound']}")
    if not 0 <= made["people_out"] <= made["people_total"]:
        case.wrong.append(f"{made['people_out']} of {made['people_total']} out")
    _end(case, "verify", *run("verify", str(folder), str(plan), "--json"), only=(0,))
    _end(case, "explain", *run("explain", str(folder), str(plan), "--limit", "1s"), only=(0,))
    if case.seed % 8 == 0:
        report = ("report", str(folder), str(plan), "-o", str(folder / "out"), "--beliefs", "0s")
        _end(case, "report", *run(*report), only=(0,))


def _end(
    case: Case, verb: str, code: int, out: str, talk: str, *, only: tuple[int, ...] = ()
) -> None:
    case.ends[verb] = code
    allowed = only or tuple(WORDS)
    said = talk.strip() or out.strip()
    if code not in allowed or (code != 0 and len(said) < 20) or "internal error" in talk:
        case.wrong.append(f"{verb} ends with {code}: {said[-400:]}")


def _nobody_moves(case: Case, file: Path) -> None:
    """Hold a proof that nobody moves against what a dispatcher would do."""
    from safepassage.planner.greedy import Policy, dispatch  # noqa: PLC0415 - after --help
    from safepassage.planner.objective import plan_value  # noqa: PLC0415
    from safepassage.planner.problem import make_problem  # noqa: PLC0415
    from safepassage.planner.ways import Ways  # noqa: PLC0415
    from safepassage.scenario.load import load_scenario  # noqa: PLC0415

    scenario = load_scenario(file)
    problem = make_problem(scenario)
    began = time.monotonic()
    for policy in (Policy(), Policy(all_back=True, nearest=True)):
        made = dispatch(problem, Ways(problem), policy, stop=lambda: time.monotonic() > began + 5)
        arrived = sum(
            sum(one.load.values()) for one in made.trips if problem.sites[one.end].arrived
        )
        everybody = problem.people_total
        if scenario.rules.objective == "expected" and plan_value(problem, made.trips) > 1e-6:
            case.wrong.append("proved that nobody moves, and a dispatcher moves people")
        if scenario.rules.objective == "last_out" and everybody and arrived == everybody:
            case.wrong.append("proved that not everybody moves, and a dispatcher moves all")


def try_seed(seed: int, limit: str) -> Case:
    """Return what one seed gives."""
    chance = random.Random(f"fuzz/{seed}")  # noqa: S311 - a seeded test
    document = base(chance)
    case = Case(seed, document, changed(chance, document))
    began, own = time.monotonic(), time.process_time()
    with tempfile.TemporaryDirectory(prefix="fuzz-") as name:
        try:
            judge(case, Path(name), limit)
        except HangsError:
            case.wrong.append(f"hangs: {traceback.format_exc()[-1500:]}")
        except Exception:  # noqa: BLE001 - whatever it is, it is a finding
            case.wrong.append(traceback.format_exc()[-1500:])
    case.seconds = time.monotonic() - began
    own = time.process_time() - own
    if own > LONGEST_OWN:
        case.wrong.append(f"{own:.1f} s of processor")
    return case


def _alarm(number: int, frame: object) -> None:
    del number, frame
    raise HangsError


def main() -> int:
    """Try seeds; return 1 if anything was wrong."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--first", type=int, default=0)
    reader.add_argument("--count", type=int, default=100)
    reader.add_argument("--limit", default="--limit 2s", help="how plan is told to end")
    reader.add_argument("--memory-gb", type=float, default=4.0, help="most address space")
    asked = reader.parse_args()
    most = int(asked.memory_gb * 2**30)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    signal.signal(signal.SIGALRM, _alarm)
    counts: Counter[str] = Counter()
    wrong = 0
    for seed in range(asked.first, asked.first + asked.count):
        signal.alarm(LONGEST)
        case = try_seed(seed, asked.limit)
        signal.alarm(0)
        counts[WORDS.get(case.ends.get("plan", -1), "unheard of")] += 1
        if case.wrong:
            wrong += 1
            told = {"seed": seed, "changes": case.changes, "wrong": case.wrong, "ends": case.ends}
            print(json.dumps(told), flush=True)  # noqa: T201
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    told = {"first": asked.first, "count": asked.count, "wrong": wrong, "peak_mb": peak}
    print(json.dumps(told | {"ends": dict(counts)}), flush=True)  # noqa: T201
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
