"""Scenarios that the tests of this room begin with: one by hand, and all valid ones."""

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st

from safepassage.scenario.duration import format_duration, parse_duration
from safepassage.scenario.faults import ScenarioError
from safepassage.scenario.load import parse, read_document
from safepassage.scenario.scenario import Scenario

SMALL = """
format = "safepassage/scenario/1"
name = "Small"
start = 2026-06-01T06:00:00+03:00
horizon = "12 h"

[[source]]
id = "hall"
title = "List of the town hall"

[[party]]
id = "guard"
promised = "Passage until noon."

[[place]]
id = "school"
kind = "pickup"
bays = { bus = 3 }

[[place]]
id = "post"
kind = "checkpoint"
holder = ["guard"]

[[place]]
id = "gym"
kind = "shelter"
capacity = 800
intake = { people = 250, per = "30 min" }

[[leg]]
id = "out"
from = "school"
to = "post"
time = "20 min"
held_by = ["guard"]

[[leg]]
id = "on"
from = "post"
to = "gym"
time = "40 min"
held_by = ["guard"]

[[corridor]]
id = "road"
legs = ["out", "on"]
convoy = { largest = 12, headway = "30 min" }

[[group]]
id = "families"
at = "school"
class = "walking"
leave = 150
ready = [["0 min", 100], ["60 min", 50]]
consent = "Asked on 31 May."

[[vehicle]]
id = "buses"
kind = "bus"
count = 4
at = "school"
slots = { seat = 50 }
load = "15 min"
unload = "10 min"

[[staff]]
id = "escorts"
kind = "escort"
count = 1
at = "school"
needed_by = "convoy"

[[window]]
id = "day"
where = "all"
opens = "06:00"
closes = "20:00"
daily = true

[opening]
time = "30 min"

[ending]
law = "exponential"
mean = "4 h"

[rules]
arrival_margin = "20 min"
"""


FEW = settings(max_examples=settings.default.max_examples // 3)
"""A third of the examples of the profile: for laws over whole documents, slow to draw."""


def scenario_of(text: str) -> Scenario:
    """Return the scenario in a text."""
    return read_document(parse(text.encode(), "scenario.toml"), "0" * 64)


def faults_of(text: str) -> list[str]:
    """Return the messages of every fault in a text; none where it is valid."""
    try:
        scenario_of(text)
    except ScenarioError as error:
        return [str(one) for one in error.faults]
    return []


def small(*changes: tuple[str, str]) -> str:
    """Return the small scenario with one text put in the place of another, once each."""
    text = SMALL
    for old, new in changes:
        assert text.count(old) >= 1, old
        text = text.replace(old, new, 1)
    return text


def words() -> st.SearchStrategy[str]:
    """Return texts that a person could write, in any script."""
    letters = st.characters(exclude_categories=("Cs", "Cc", "Cn"), include_characters="\n\t")
    return st.text(letters, min_size=1, max_size=20).filter(lambda one: bool(one.strip()))


def durations(least: int = 0, most: int = 600) -> st.SearchStrategy[str]:
    """Return durations of whole minutes as people write them."""
    minutes = st.integers(least, most)
    spelt = st.sampled_from(["{} min", "{} minutes", "{}min"])
    return st.one_of(
        st.builds(lambda n, form: form.format(n), minutes, spelt),
        minutes.map(lambda n: format_duration(timedelta(minutes=n))),
    )


@st.composite
def figures(draw, values, sources, *, ranged=True, unknown=False):
    """Return a figure in any of its forms over a strategy of values."""
    origins = [{}, {"assumed": draw(words())}]
    origins += [{"source": one} for one in sources]
    origin = draw(st.sampled_from(origins))
    kinds = ["plain", "value", *(["range"] if ranged else []), *(["unknown"] if unknown else [])]
    kind = draw(st.sampled_from(kinds))
    if kind == "unknown":
        return {"unknown": draw(words())}
    if kind == "plain":
        return draw(values)
    if kind == "value":
        return {"value": draw(values)} | origin
    low, likely, high = sorted(draw(st.lists(values, min_size=3, max_size=3)), key=_order)
    inner = {"low": low, "likely": likely, "high": high}
    if draw(st.booleans()):
        del inner["likely"]
    return inner | origin


def _order(value: object) -> float:
    """Return a number that orders whole numbers and durations in minutes or hours."""
    if isinstance(value, str):
        return parse_duration(value).total_seconds()
    assert isinstance(value, (int, float))
    return value


def likely_of(figure: object) -> int:
    """Return the likely value of a figure of a document, by the rule of the design."""
    if isinstance(figure, dict):
        return figure.get("value", figure.get("likely", figure.get("high")))
    assert isinstance(figure, int)
    return figure


@st.composite
def steps(draw, total):
    """Return [time, number] pairs with rising times that add up to a total."""
    count = draw(st.integers(1, 3))
    cuts = sorted(draw(st.lists(st.integers(0, total), min_size=count - 1, max_size=count - 1)))
    parts = [end - begin for begin, end in zip([0, *cuts], [*cuts, total], strict=True)]
    times = draw(st.lists(st.integers(0, 500), min_size=count, max_size=count, unique=True))
    return [[f"{at} min", n] for at, n in zip(sorted(times), parts, strict=True)]


@st.composite
def documents(draw):
    """Return the tables of any valid scenario: pickups - gate = corridor = exit - destinations."""
    sources = [f"source-{n}" for n in range(draw(st.integers(0, 2)))]
    parties = [f"party-{n}" for n in range(draw(st.integers(0, 2)))]
    pickups = [f"pickup-{n}" for n in range(draw(st.integers(1, 3)))]
    ends = [f"end-{n}" for n in range(draw(st.integers(1, 3)))]
    kinds = ["bus", "ambulance", "lead car"][: draw(st.integers(1, 3))]
    count = st.integers(0, 400)
    held = st.lists(st.sampled_from(parties), unique=True) if parties else st.just([])

    def maybe(table, key, strategy):
        if draw(st.booleans()):
            table[key] = draw(strategy)

    def place(name, kind):
        row = {"id": name, "kind": kind}
        maybe(row, "name", st.one_of(words(), st.fixed_dictionaries({"ar": words()})))
        maybe(row, "holder", held)
        maybe(row, "note", words())
        maybe(row, "bays", st.fixed_dictionaries({kinds[0]: figures(count, sources)}))
        maybe(row, "rate", _limit("vehicles", figures(st.integers(1, 50), sources)))
        if kind in {"shelter", "hospital"}:
            maybe(row, "capacity", figures(count, sources, unknown=True))
            maybe(row, "intake", _limit("people", figures(st.integers(1, 500), sources)))
            maybe(row, "filled", steps(draw(st.integers(0, 200))))
            maybe(row, "opens", durations())
        if draw(st.booleans()):
            row["position"] = {"lat": draw(st.floats(-90, 90)), "lon": draw(st.floats(-180, 180))}
        return row

    places = [place(one, "pickup") for one in pickups]
    places += [place("gate", "checkpoint"), place("exit", "handover"), place("post", "checkpoint")]
    places += [place(one, draw(st.sampled_from(["shelter", "hospital"]))) for one in ends]

    def leg(name, start, end):
        row = {"id": name, "from": start, "to": end}
        if draw(st.booleans()):
            row["time"] = draw(figures(durations(30, 90), sources))
        else:
            row["speed"] = draw(figures(st.floats(5, 20), sources))
        row["km"] = draw(figures(st.floats(10, 30), sources))
        maybe(row, "times", st.fixed_dictionaries({kinds[0]: figures(durations(30, 90), sources)}))
        maybe(row, "held_by", held)
        if start == "gate":
            row["through"] = [{"checkpoint": "post", "after": draw(durations(0, 29))}]
        return row

    legs = [leg(f"in-{one}", one, "gate") for one in pickups]
    legs += [leg("across", "gate", "exit")]
    legs += [leg(f"out-{one}", "exit", one) for one in ends]
    convoy = {"largest": draw(figures(st.integers(1, 40), sources))}
    maybe(convoy, "headway", figures(durations(), sources))
    corridor = {"id": "road", "legs": ["across"], "convoy": convoy, "one_way": draw(st.booleans())}
    own = {"id": "own", "uses": {"seat": draw(st.integers(1, 2))}, "medical": draw(words())}
    maybe(own, "companions", st.integers(0, 3))
    classes = ["walking", "seated", "stretcher", "wheelchair", "oxygen", "companion", "own"]

    def group(number):
        leave = draw(figures(count, sources))
        row = {"id": f"group-{number}", "at": draw(st.sampled_from(pickups)), "leave": leave}
        row["class"] = draw(st.sampled_from(classes))
        maybe(row, "stay", figures(count, sources, unknown=True))
        maybe(row, "unknown", figures(count, sources, unknown=True))
        maybe(row, "wants", st.lists(st.sampled_from(ends), unique=True))
        maybe(row, "consent", words())
        maybe(row, "ready", st.one_of(steps(likely_of(leave)), durations()))
        return row

    def vehicle(number, kind):
        fleet = draw(figures(st.integers(1, 30), sources))
        row = {"id": f"v-{number}", "kind": kind, "at": draw(st.sampled_from(pickups))}
        row |= {"count": fleet, "slots": {"seat": draw(figures(st.integers(1, 60), sources))}}
        row |= {"load": draw(figures(durations(), sources)), "unload": draw(durations())}
        maybe(row, "serves", st.lists(st.sampled_from([*ends, "hospital"]), unique=True))
        maybe(row, "ready", st.one_of(steps(likely_of(fleet)), durations()))
        if draw(st.booleans()):
            row["range"] = draw(st.sampled_from(["300 km", "8 h", "90.5 km"]))
            maybe(row, "refuel", st.just({"at": ["exit"], "time": "20 min"}))
        return row

    needs = ["convoy", "class:own", *[f"vehicle:{one}" for one in kinds]]
    staff = {"id": "crew", "kind": "crew", "count": draw(figures(count, sources))}
    staff |= {"at": pickups[0], "needed_by": draw(st.lists(st.sampled_from(needs), unique=True))}
    if draw(st.booleans()):
        staff |= {"duty": "8 h", "rest": "6 h", "relief": "exit"}
    document = {
        "format": "safepassage/scenario/1",
        "name": draw(words()),
        "start": "2026-06-01T06:00:00+03:00",
        "horizon": draw(durations(1, 6000)),
        "source": [{"id": one, "title": draw(words())} for one in sources],
        "party": [{"id": one, "name": "P" + draw(words())} for one in parties],
        "place": places,
        "leg": legs,
        "corridor": [corridor],
        "class": [own],
        "group": [group(n) for n in range(draw(st.integers(1, 3)))],
        "vehicle": [vehicle(n, kind) for n, kind in enumerate(kinds)],
        "staff": [staff],
        "window": draw(st.lists(_windows(), max_size=2, unique_by=lambda one: one["id"])),
    }
    maybe(document, "summary", words())
    maybe(
        document,
        "weights",
        st.fixed_dictionaries({"own": figures(st.integers(0, 9), sources, ranged=False)}),
    )
    maybe(document, "opening", st.fixed_dictionaries({"time": figures(durations(), sources)}))
    maybe(document, "ending", _endings(sources))
    maybe(document, "rules", _rules())
    return {key: one for key, one in document.items() if one != []}


def _limit(what, figure):
    return st.fixed_dictionaries({what: figure, "per": durations(1, 90)})


def _windows():
    one = st.sampled_from(["all", "road", "across", "gate"])
    plain = st.fixed_dictionaries(
        {"id": st.just("once"), "where": one, "opens": durations(0, 90), "closes": durations(91)}
    )
    daily = st.fixed_dictionaries(
        {
            "id": st.just("daily"),
            "where": one,
            "opens": st.sampled_from(["06:00", "22:30"]),
            "closes": st.sampled_from(["05:00", "20:15"]),
            "daily": st.booleans().map(lambda _: True),
        }
    )
    return st.one_of(plain, daily)


def _endings(sources):
    mean = figures(durations(1), sources)
    table = [["0 min", 1.0], ["2 h", 0.5], ["4 h", 0.5], ["6 h", 0]]
    return st.one_of(
        st.just({"law": "never"}),
        st.fixed_dictionaries({"law": st.sampled_from(["exponential", "hard"]), "mean": mean}),
        st.fixed_dictionaries(
            {"law": st.just("weibull"), "mean": mean, "shape": st.floats(0.5, 5)}
        ),
        st.just({"law": "table", "table": table}),
    )


def _rules():
    return st.fixed_dictionaries(
        {
            "objective": st.sampled_from(["expected", "last_out"]),
            "arrival_margin": durations(),
            "longest_on_board": durations(1),
            "night": st.just({"begins": "18:00", "ends": "06:00", "allowed": False}),
            "rho": st.floats(0, 10),
        }
    )
