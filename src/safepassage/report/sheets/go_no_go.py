"""The go/no-go form: a line for each party at each post, the gate of participation, two signatures.

Any line that is not confirmed is a no. The form is printed empty; its fields for what was confirmed
exist so that a form can be filled from a record. It is for one movement, or for one party: then it
holds that party's own posts and stretches, and nothing of when or who.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from safepassage.planner.verified import VerifiedPlan
from safepassage.report.sheets.clock import rounded_up
from safepassage.report.sheets.fleet import kinds_in
from safepassage.report.sheets.frame import Printing, Sheet, frame_of
from safepassage.report.sheets.movement import Movement, movements, ways_of
from safepassage.report.sheets.names import Name, counted_kind, party_name, place_name
from safepassage.scenario.scenario import Scenario

GATE: Mapping[str, Name] = MappingProxyType(
    {
        "alternatives tried": Name(
            "Alternatives were tried; leaving is the last resort.",
            "جُرّبت البدائل؛ المغادرة هي الملاذ الأخير.",
        ),
        "voluntary": Name(
            "Voluntary: each was asked and wishes to go; nobody is pressed.",
            "طوعاً: سُئل كل شخص وهو يرغب في الذهاب؛ لا ضغط على أحد.",
        ),
        "informed": Name(
            "Informed: where to, the terms and the dangers were read aloud to them.",
            "عن علم: قُرئت عليهم الوجهة والشروط والأخطار بصوت عالٍ.",
        ),
        "stay and return": Name(
            "Who stays is protected; the right to return is agreed.",
            "من يبقى يتمتع بالحماية؛ وحق العودة متفق عليه.",
        ),
        "families together": Name(
            "Families, patients and their companions go together.",
            "تذهب العائلات والمرضى ومرافقوهم معاً.",
        ),
        "no unagreed screening": Name(
            "No screening but what is agreed: where, by whom, of whom.",
            "لا تفتيش غير المتفق عليه: أين، ومن قِبل من، ولمن.",
        ),
    }
)
"""The gate of participation by the ledger's names: no part where one of these is not confirmed."""


EMPTY = Name("")
"""A field to write on."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the form. Empty fields are lines to write on.

    `party` is None in lines that no party answers; `unknown` marks a stretch or post of which
    nobody has stated whose it is: a no until somebody does.
    """

    what: Name
    party: Name | None = None
    unknown: bool = False
    confirmed_by: Name = EMPTY
    until: Name = EMPTY
    heard: Name = EMPTY
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rule says on a form that is filled from the ledger, and as of which entry."""

    go: bool
    at: str
    ends: str
    entry: int
    reasons: tuple[Name, ...]
    doubts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GoNoGoBody:
    """All that a go/no-go form holds. `movement` and `holds_until` are empty on a party's form.

    `verdict` is None on a form that is filled by hand.
    """

    movement: str
    depart: str
    holds_until: str
    promises: tuple[Line, ...]
    gate: tuple[Line, ...]
    ready: tuple[Line, ...]
    verdict: Verdict | None = None


def go_no_go(verified: VerifiedPlan, movement: Movement, printing: Printing) -> Sheet:
    """Return the empty form for one movement."""
    scenario = verified.scenario
    margin = int(scenario.rules.arrival_margin.total_seconds())
    body = GoNoGoBody(
        movement=movement.id,
        depart=rounded_up(scenario, movement.departs).full,
        holds_until=rounded_up(scenario, movement.arrives + margin).full,
        promises=tuple(promises_asked(verified, movement).values()),
        gate=tuple(Line(text) for text in GATE.values()),
        ready=_ready(verified, movement),
    )
    name = f"convoy-{movement.id}-go-no-go"
    frame = frame_of(verified, printing, name=name, whom=Name(movement.id), ends=None)
    return Sheet("go_no_go", name, frame, body)


def go_no_go_of_party(verified: VerifiedPlan, party: str, printing: Printing) -> Sheet:
    """Return the empty form of one party: its own posts and stretches, no convoy and no time."""
    lines: dict[tuple[str, str], Line] = {}
    whom = party_name(verified.scenario, party)
    for movement in movements(verified):
        for key, line in promises_asked(verified, movement).items():
            if key[1] == party:
                # The same road the other way is the same promise: say both ways in one line.
                known = lines.setdefault(key, line)
                if known.what != line.what:
                    lines[key] = replace(known, what=_both_ways(known.what))
    body = GoNoGoBody("", "", "", tuple(lines.values()), (), ())
    name = f"party-{party}-go-no-go"
    frame = frame_of(verified, printing, name=name, whom=whom, ends=None)
    return Sheet("go_no_go", name, frame, body)


def promises_asked(verified: VerifiedPlan, movement: Movement) -> dict[tuple[str, str], Line]:
    """Return a line for each party at each stretch and post of the way, in the order of the way.

    The keys are (leg or post, party); the party is empty where nobody has stated it. None where
    the scenario knows no party at all: then the form asks once and not at every street.
    """
    scenario = verified.scenario
    if not scenario.parties:
        return {}
    found: dict[tuple[str, str], tuple[int, int, Line]] = {}
    for way in ways_of(verified, movement):
        for stretch in way.stretches:
            start, end = place_name(scenario, stretch.start), place_name(scenario, stretch.end)
            arabic = f"{start.ar} ← {end.ar}" if start.ar and end.ar else ""
            what = Name(f"Road {start.en} → {end.en}", arabic)
            for party in stretch.holders or ("",):
                line = _line(verified, what, party)
                found.setdefault((f"leg {stretch.leg}", party), (stretch.enters, 1, line))
        for post in way.posts:
            where = place_name(scenario, post.place)
            what = Name(f"Post {where.en}", where.ar)
            # Who holds the road around a post does not for that hold the post.
            for party in ("",) if post.by_stretch else post.holders or ("",):
                line = _line(verified, what, party)
                found.setdefault((f"post {post.place}", party), (post.at, 0, line))
    in_order = sorted(found.items(), key=lambda pair: pair[1][:2])
    return {key: line for key, (_, _, line) in in_order}


def _both_ways(what: Name) -> Name:
    """Return the name of a road that is driven both ways."""
    return Name(what.en.replace("→", "↔"), what.ar.replace("←", "↔"))


def _line(verified: VerifiedPlan, what: Name, party: str) -> Line:
    """Return the line of one party, or the line that says that nobody has stated whose it is."""
    if not party:
        return Line(what, party=None, unknown=True)
    return Line(what, party=party_name(verified.scenario, party))


def _ready(verified: VerifiedPlan, movement: Movement) -> tuple[Line, ...]:
    """Return the lines on road, roll call, radio and the receiving side."""
    scenario = verified.scenario
    vehicles = _counted(scenario, kinds_in(movement.trips))
    staff = _counted(scenario, movement.staff)
    drivers = Name("drivers", "السائقون")
    ends = sorted({trip.end for trip in movement.trips} or {movement.end})
    posts = {post.place for way in ways_of(verified, movement) for post in way.posts}
    return tuple(
        Line(one)
        for one in (
            Name(
                "Road proved after the last incident: by whom, when",
                "أُثبت الطريق بعد آخر حادث: من أثبته، ومتى",
            ),
            _with(ROLL["vehicles"], vehicles or Name("none planned", "لا شيء مخطط")),
            _with(ROLL["crews"], drivers if staff is None else _joined(drivers, staff)),
            ROLL["fuel"],
            ROLL["radios"],
            Name(
                f"Comms check with the posts ({len(posts)})",
                f"فحص الاتصال مع النقاط ({len(posts)})",
            ),
            *(_with(ROLL["receiving"], place_name(scenario, end)) for end in ends),
            Name("Ledger read up to entry no.", "قُرئ السجل حتى القيد رقم"),
        )
    )


ROLL: Mapping[str, Name] = MappingProxyType(
    {
        "vehicles": Name("Roll call, vehicles present", "التفقد، المركبات الحاضرة"),
        "crews": Name("Roll call, crews and staff", "التفقد، الطواقم والموظفون"),
        "fuel": Name("Roll call, fuel in every vehicle", "التفقد، الوقود في كل مركبة"),
        "radios": Name(
            "Roll call, radios in first and last vehicle",
            "التفقد، أجهزة اللاسلكي في المركبة الأولى والأخيرة",
        ),
        "receiving": Name("Receiving side ready", "الجهة المستقبِلة جاهزة"),
    }
)
"""What is called before the wheels roll."""


def _with(what: Name, about: Name) -> Name:
    """Return a line about something; what has no Arabic name stands in English in the Arabic."""
    return Name(f"{what.en}: {about.en}", f"{what.ar}: {about.ar or about.en}")


def _counted(scenario: Scenario, kinds: Mapping[str, int]) -> Name | None:
    """Return how many of each kind, the number before the name; None where there are none."""
    names = [(number, counted_kind(scenario, kind, number)) for kind, number in kinds.items()]
    if not names:
        return None
    return Name(
        ", ".join(f"{number} {one.en}" for number, one in names),
        "، ".join(f"{number} {one.ar or one.en}" for number, one in names),
    )


def _joined(first: Name, second: Name) -> Name:
    return Name(f"{first.en}, {second.en}", f"{first.ar}، {second.ar}")
