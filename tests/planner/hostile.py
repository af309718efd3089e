"""Scenarios beyond all reason: each must end in a plan, a fault or a proof, soon, in little memory.

`python -m tests.planner.hostile [WORD …]` runs those in whose name a word is, after `--exactly`
just those of these names. It prints a JSON line for each: how `plan` ended, what it said, the
seconds of processor and the peak memory.
"""

import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.planner.fuzz import run
from tests.planner.linked_town import SIDE

TOWN = SIDE.format(
    name="Town", minutes=100, people=900, buses=4, horizon="12 h", largest=10, escorts=2
)
PLAIN = (
    TOWN[: TOWN.index("[[corridor]]")]
    + TOWN[TOWN.index("[[group]]") : TOWN.index("[[staff]]")]
    + TOWN[TOWN.index("[ending]") :]
)
"""The town without convoys and escorts."""

BUSES = TOWN[TOWN.index("[[vehicle]]") : TOWN.index("[[staff]]")]
ALL = 'where = "all"\n'


def put(text: str, *changes: tuple[str, str]) -> str:
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


def window(more: str) -> str:
    return f'[[window]]\nid = "w"\n{ALL}{more}\n'


def many_places(number: int, *, convoy: bool) -> str:
    """Return a town with so many pickups in a star around the gate, a group at each."""
    text = TOWN if convoy else PLAIN
    row = (
        '[[place]]\nid = "p{n}"\nkind = "pickup"\n[[leg]]\nid = "l{n}"\nfrom = "p{n}"\n'
        'to = "town"\ntime = "{minutes} min"\n[[group]]\nid = "g{n}"\nat = "p{n}"\n'
        'class = "walking"\nleave = 3\n'
    )
    rows = [row.format(n=n, minutes=1 + n % 30) for n in range(number)]
    return text + "".join(rows)


def shuttle(people: int, vehicles: int, horizon: str, convoy: str = "") -> str:
    """Return a town a second away from its shelter: trips without end."""
    text = TOWN if convoy else PLAIN
    return put(
        text,
        ('time = "100 min"', 'time = "1 s"'),
        ("leave = 900", f"leave = {people}"),
        ("count = 4", f"count = {vehicles}"),
        ("seat = 50", "seat = 1"),
        ('load = "20 min"', 'load = "0 s"'),
        ('unload = "10 min"', 'unload = "0 s"'),
        ('horizon = "12 h"', f'horizon = "{horizon}"'),
        *([('headway = "30 min"', f'headway = "{convoy}"')] if convoy else []),
    )


def cases() -> Iterator[tuple[str, str]]:
    """Yield each scenario with its name."""
    yield "people beyond whole numbers", put(TOWN, ("leave = 900", "leave = 99999999999999999999"))
    yield "people negative", put(TOWN, ("leave = 900", "leave = -1"))
    yield "people no number", put(TOWN, ("leave = 900", "leave = nan"))
    yield "people without end", put(TOWN, ("leave = 900", "leave = inf"))
    yield "nobody", put(TOWN, ("leave = 900", "leave = 0"))
    yield "ten million people", put(TOWN, ("leave = 900", "leave = 10000000"))
    yield (
        "ten million households",
        put(TOWN, ("leave = 900", "leave = 10000000\nhouseholds = 10000000")),
    )
    yield "a million vehicles", put(TOWN, ("count = 4", "count = 1000000"))
    yield (
        "a million vehicles in a hundred rows",
        TOWN
        + "".join(
            BUSES.replace('"buses"', f'"b{n}"').replace("= 4", "= 10000") for n in range(100)
        ),
    )
    yield (
        "twenty thousand vehicles",
        put(TOWN, ("count = 4", "count = 10000"))
        + BUSES.replace('"buses"', '"more"').replace("= 4", "= 10000"),
    )
    yield (
        "ten thousand rows of one vehicle",
        PLAIN
        + "".join(BUSES.replace('"buses"', f'"b{n}"').replace("= 4", "= 1") for n in range(9_990)),
    )
    yield "a horizon of a year", put(TOWN, ('horizon = "12 h"', 'horizon = "365 days"'))
    yield (
        "a horizon of sixty days",
        put(TOWN, ('horizon = "12 h"', 'horizon = "60 days"'), ("leave = 900", "leave = 1000000")),
    )
    yield "a horizon of a second", put(TOWN, ('horizon = "12 h"', 'horizon = "1 s"'))
    yield (
        "a horizon beyond counting",
        put(TOWN, ('"12 h"\n[[place]]', '"9999999999 days"\n[[place]]')),
    )
    yield (
        "an intake of nobody",
        put(
            TOWN, ('kind = "shelter"', 'kind = "shelter"\nintake = { people = 0, per = "30 min" }')
        ),
    )
    yield (
        "an intake of one a second",
        put(TOWN, ('kind = "shelter"', 'kind = "shelter"\nintake = { people = 50, per = "1 s" }')),
    )
    yield (
        "an intake over sixty days",
        put(
            TOWN,
            ('kind = "shelter"', 'kind = "shelter"\nintake = { people = 60, per = "60 days" }'),
        ),
    )
    yield (
        "five thousand windows of four seconds",
        TOWN
        + "".join(
            window(f'opens = "{8 * n} s"\ncloses = "{8 * n + 4} s"').replace('"w"', f'"w{n}"')
            for n in range(5000)
        ),
    )
    yield "a household of everybody", put(TOWN, ("leave = 900", "leave = 900\nhouseholds = 1"))
    yield (
        "a duty shorter than the way",
        put(TOWN, ('["convoy"]', '["convoy"]\nduty = "10 min"\nrest = "8 h"')),
    )
    yield "no capacity", put(TOWN, ('kind = "shelter"', 'kind = "shelter"\ncapacity = 0'))
    yield "a window that never opens", TOWN + window('opens = "20 h"')
    yield "a window of a second", TOWN + window('opens = "1 h"\ncloses = "3601 s"')
    yield (
        "windows that exclude each other",
        TOWN
        + window('closes = "4 h"')
        + ('[[window]]\nid = "v"\nwhere = "corridor"\nopens = "5 h"\n'),
    )
    yield (
        "a thousand windows of ten minutes",
        TOWN
        + "".join(
            f'[[window]]\nid = "w{n}"\n{ALL}opens = "{n * 12} min"\ncloses = "{n * 12 + 10} min"\n'
            for n in range(1000)
        ),
    )
    yield (
        "a margin longer than the day",
        TOWN + window('closes = "11 h"') + ('[rules]\narrival_margin = "24 h"\n'),
    )
    yield "a headway above the horizon", put(TOWN, ('headway = "30 min"', 'headway = "24 h"'))
    yield "a headway of nothing", put(TOWN, ('headway = "30 min"', 'headway = "0 s"'))
    yield "convoys of one", put(TOWN, ("largest = 10", "largest = 1"), ("count = 4", "count = 500"))
    yield "rho of a hundred", TOWN + "[rules]\nrho = 100\n"
    yield "rho huge", TOWN + "[rules]\nrho = 1e300\n"
    yield (
        "an end before the first arrival",
        put(TOWN, ('law = "exponential"\nmean = "12 h"', 'law = "hard"\nmean = "1 s"')),
    )
    yield "a mean of a second", put(TOWN, ('mean = "12 h"', 'mean = "1 s"'))
    yield "a mean of nothing", put(TOWN, ('mean = "12 h"', 'mean = "0 s"'))
    yield (
        "a shape that explodes",
        put(
            TOWN,
            ('law = "exponential"\nmean = "12 h"', 'law = "weibull"\nshape = 20\nmean = "1 min"'),
        ),
    )
    yield "loading a second longer than on board", TOWN + '[rules]\nlongest_on_board = "1 s"\n'
    yield "a leg of a second", put(TOWN, ('time = "100 min"', 'time = "1 s"'))
    yield "nearly a thousand places", many_places(990, convoy=False)
    yield "nearly a thousand places in convoy", many_places(990, convoy=True)
    yield "ten thousand places", many_places(10_000, convoy=False)
    yield "ten thousand places in convoy", many_places(10_000, convoy=True)
    yield "a shuttle of a hundred", shuttle(1_000_000, 100, "60 days")
    yield "a shuttle of ten thousand", shuttle(10_000_000, 10_000, "60 days")
    yield "a shuttle in convoys without headway", shuttle(100_000, 100, "60 days", "0 s")
    yield "a shuttle in convoys of a second", shuttle(10_000_000, 10_000, "60 days", "1 s")


def main() -> None:
    """Run the cases named and tell how each ended."""
    words = sys.argv[1:] or [""]
    exactly = words[0] == "--exactly"
    for name, text in cases():
        if name not in words if exactly else not any(word in name for word in words):
            continue
        with tempfile.TemporaryDirectory(prefix="hostile-") as folder:
            Path(folder, "scenario.toml").write_text(text, encoding="utf-8")
            began, own = time.monotonic(), time.process_time()
            plan = ("plan", folder, "--limit", "1s", "-o", f"{folder}/plan.json", "--json")
            code, out, talk = run(*plan)
            told = {
                "case": name,
                "code": code,
                "seconds": round(time.monotonic() - began, 1),
                "processor": round(time.process_time() - own, 1),
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
                "said": (talk if code else out).strip()[-300:],
            }
            print(json.dumps(told), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
