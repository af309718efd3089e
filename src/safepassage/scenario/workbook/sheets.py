"""The sheets of the workbook: which column is which key of scenario.toml, and what it means."""

from dataclasses import dataclass

from safepassage.scenario.workbook.cells import (
    FIGURE,
    FIGURES,
    NUMBER,
    PLAIN,
    STEPS,
    TEXT,
    THROUGH,
    WORDS,
    YES,
    Form,
)


@dataclass(frozen=True)
class Column:
    """One column: `key` is the path inside the row of scenario.toml ("intake.per")."""

    key: str
    form: Form
    help: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """One long table: `table` is its name in scenario.toml ("place" for [[place]])."""

    name: str
    table: str
    help: str
    columns: tuple[Column, ...]


YES_NO = ("yes", "no")

MISSION = "mission"
WEIGHTS = "weights"
READ_ME = "read me"

MISSION_LINES: tuple[Column, ...] = (
    Column("name", TEXT, "name of the mission"),
    Column("summary", TEXT, "in a sentence or two (optional)"),
    Column("start", PLAIN, "minute 0 with its offset from UTC, e.g. 2026-06-01T06:00:00+03:00"),
    Column("zone", TEXT, "instead of the offset: a zone such as Asia/Damascus (optional)"),
    Column("horizon", PLAIN, "how long a plan may be, e.g. 12 h"),
    Column("as_of", PLAIN, "when the figures were known, with its offset (optional)"),
    Column("opening.time", FIGURE, "when the window opens, after the start, e.g. 2 h (optional)"),
    Column(
        "ending.law",
        TEXT,
        "how long the window holds: never, exponential (mean), weibull (mean, shape), table, hard",
        ("never", "exponential", "weibull", "table", "hard"),
    ),
    Column("ending.mean", FIGURE, "mean time until it ends, e.g. 4 h to 24 h, likely 8 h"),
    Column("ending.shape", NUMBER, "for weibull only: above 1 the end comes nearer with time"),
    Column("ending.table", STEPS, "for table only: 0 min = 1; 4 h = 0.5 (chance that it holds)"),
    Column("ending.source", TEXT, "id on the sheet sources (optional)"),
    Column("ending.assumed", TEXT, "or why it is assumed (optional)"),
    Column("rules.objective", TEXT, "expected (default) or last_out", ("expected", "last_out")),
    Column("rules.worst_first", YES, "the worst-served group first: yes or no", YES_NO),
    Column("rules.arrival_margin", PLAIN, "kept before each closing, e.g. 20 min (optional)"),
    Column("rules.longest_on_board", PLAIN, "longest time on board, e.g. 4 h (optional)"),
    Column("rules.night.begins", PLAIN, "local time, e.g. 18:00 (optional)"),
    Column("rules.night.ends", PLAIN, "local time, e.g. 06:00"),
    Column("rules.night.allowed", YES, "may convoys move at night: yes or no", YES_NO),
    Column("rules.rho", FIGURE, "what one person caught costs against one arrival, e.g. 0.5"),
)

_ID = Column("id", TEXT, "short, without spaces")
_NAME = Column("name", TEXT, "English; for others add columns such as: name (ar)")
_READY = Column("ready", STEPS, "from when on: 30 min, or 0 min = 10; 60 min = 10 (empty: at once)")

SHEETS: tuple[Sheet, ...] = (
    Sheet(
        "sources",
        "source",
        "Where figures come from. Other sheets name them: 20 (source: town-hall).",
        (
            _ID,
            Column("title", TEXT, "title of the report or list"),
            Column("url", TEXT, "address (optional)"),
            Column("said_by", TEXT, "who said it (optional)"),
            Column("date", PLAIN, "2026-05-31 (optional)"),
        ),
    ),
    Sheet(
        "parties",
        "party",
        "Who promises passage or holds a stretch of the way.",
        (
            _ID,
            _NAME,
            Column("promised", TEXT, "what they promised, for when, and who says so (optional)"),
            Column("note", TEXT, "anything else (optional)"),
        ),
    ),
    Sheet(
        "places",
        "place",
        "Loading places, posts, destinations.",
        (
            _ID,
            Column(
                "kind",
                TEXT,
                "pickup, staging, checkpoint, handover, shelter, hospital or depot",
                ("pickup", "staging", "checkpoint", "handover", "shelter", "hospital", "depot"),
            ),
            _NAME,
            Column("arrived", YES, "does reaching it count? empty: shelters, hospitals", YES_NO),
            Column("arrived_reason", TEXT, "why, where another place counts"),
            Column("bays", FIGURES, "how many load at once: bus = 4; ambulance = 2"),
            Column("capacity", FIGURE, "people in all, e.g. 800"),
            Column("filled", STEPS, "places taken by others: 0 min = 40; 6 h = 50"),
            Column("opens", PLAIN, "not before, e.g. 2 h after the start (optional)"),
            Column("intake.people", FIGURE, "most people in any such time ..."),
            Column("intake.per", PLAIN, "... e.g. 30 min"),
            Column("rate.vehicles", FIGURE, "most vehicles in any such time ..."),
            Column("rate.per", PLAIN, "... e.g. 60 min"),
            Column("holder", WORDS, "parties that hold it: a, b"),
            Column("limit", FIGURE, "most people who may wait (staging)"),
            Column("longest_wait", PLAIN, "how long each may wait (staging), e.g. 2 h"),
            Column("position.lat", NUMBER, "degrees north (optional)"),
            Column("position.lon", NUMBER, "degrees east"),
            Column("position.accuracy_m", NUMBER, "may be off by so many metres"),
            Column("position.source", TEXT, "id on the sheet sources"),
            Column("position.assumed", TEXT, "or why it is assumed"),
            Column("pcode", TEXT, "code of the place in official lists (optional)"),
            Column("note", TEXT, "anything else (optional)"),
        ),
    ),
    Sheet(
        "legs",
        "leg",
        "Stretches between two places, with a time, or km and speed.",
        (
            _ID,
            Column("from", TEXT, "id on the sheet places"),
            Column("to", TEXT, "id on the sheet places"),
            Column("time", FIGURE, "driving time, e.g. 48 min"),
            Column("times", FIGURES, "by kind of vehicle: ambulance = 40 min (optional)"),
            Column("km", FIGURE, "length, e.g. 6.8"),
            Column("speed", FIGURE, "km/h, only instead of a time"),
            Column("held_by", WORDS, "parties that hold it: a, b"),
            Column("through", THROUGH, "posts on it: post-1 after 20 min, post-2 after 30 min"),
            Column("one_way", YES, "from - to only? empty: no", YES_NO),
        ),
    ),
    Sheet(
        "corridors",
        "corridor",
        "Legs, in order, that may be driven in convoy only. None: vehicles go one by one.",
        (
            _ID,
            _NAME,
            Column("legs", WORDS, "leg-1, leg-2"),
            Column("convoy.largest", FIGURE, "most vehicles in one convoy"),
            Column("convoy.headway", FIGURE, "time between two convoys, e.g. 30 min"),
            Column("one_way", YES, "no two directions at once? empty: no", YES_NO),
        ),
    ),
    Sheet(
        "classes",
        "class",
        "Only what differs from walking, seated, stretcher, wheelchair, oxygen, companion.",
        (
            _ID,
            Column("uses", FIGURES, "what one person takes up: seat = 1"),
            Column("companions", NUMBER, "how many ride along with each (empty: 0)"),
            Column("medical", TEXT, "the medical need, in words"),
            Column("vulnerability", TEXT, "or the vulnerability, in words"),
        ),
    ),
    Sheet(
        "groups",
        "group",
        "People of one class at one place, counted by their wish. Counts, never names.",
        (
            _ID,
            _NAME,
            Column("at", TEXT, "id on the sheet places"),
            Column("class", TEXT, "walking, seated, stretcher, wheelchair, oxygen, or your own"),
            Column("leave", FIGURE, "how many wish to leave, e.g. 350 to 600, likely 420"),
            Column("stay", FIGURE, "how many wish to stay"),
            Column("unknown", FIGURE, "whose wish is not known, e.g. unknown (not asked)"),
            _READY,
            Column("wants", WORDS, "destinations they accept: a, b (empty: any)"),
            Column("households", FIGURE, "how many households (never split)"),
            Column("consent", TEXT, "who asked them, when, how"),
        ),
    ),
    Sheet(
        "vehicles",
        "vehicle",
        "A row for each kind at each place.",
        (
            _ID,
            Column("kind", TEXT, "bus, ambulance ..."),
            _NAME,
            Column("count", FIGURE, "how many, e.g. 20 (source: town-hall)"),
            Column("at", TEXT, "where they start: id on the sheet places"),
            Column("slots", FIGURES, "in one vehicle: seat = 50; stretcher = 2"),
            Column("load", FIGURE, "time to load, e.g. 20 min"),
            Column("unload", FIGURE, "time to unload, e.g. 10 min"),
            Column("serves", WORDS, "places or kinds of place (empty: all)"),
            _READY,
            Column("range", FIGURE, "what a tank lasts: 300 km or 8 h (optional)"),
            Column("refuel.at", WORDS, "where they refuel: a, b"),
            Column("refuel.time", PLAIN, "how long that takes, e.g. 30 min"),
        ),
    ),
    Sheet(
        "staff",
        "staff",
        "Who must go along: escorts, delegates, drivers, nurses.",
        (
            _ID,
            Column("kind", TEXT, "delegate, escort, driver ..."),
            _NAME,
            Column("count", FIGURE, "how many"),
            Column("at", TEXT, "where they start: id on the sheet places"),
            Column("needed_by", WORDS, "convoy, vehicle:KIND, class:CLASS, staff:KIND"),
            Column("on", WORDS, "corridors or legs where they are needed (empty: everywhere)"),
            Column("per", NUMBER, "one serves so many (empty: 1)"),
            Column("duty", PLAIN, "longest time on duty, e.g. 8 h (with rest)"),
            Column("rest", PLAIN, "rest after that, e.g. 6 h"),
            Column("relief", TEXT, "where they rest: id on the sheet places (optional)"),
            _READY,
        ),
    ),
    Sheet(
        "windows",
        "window",
        "When a corridor, leg or place may be used. None: always.",
        (
            _ID,
            Column("where", TEXT, "id of a corridor, leg or place, or: all"),
            Column("opens", PLAIN, "2 h after the start; if daily a local time, 06:00"),
            Column("closes", PLAIN, "as above"),
            Column("daily", YES, "each day? empty: no", YES_NO),
            Column("source", TEXT, "id on the sheet sources (optional)"),
            Column("assumed", TEXT, "or why it is assumed (optional)"),
        ),
    ),
)
