"""What the plan is worth: the first convoy, the gain over fill and send, the bound, the caveat."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from safepassage.planner.plan import Plan, Trip
from safepassage.planner.verified import VerifiedPlan
from safepassage.report import wording
from safepassage.report.document import (
    Block,
    Column,
    Number,
    Numbers,
    Paragraph,
    Section,
    Table,
    Text,
    strong,
    text,
)
from safepassage.report.hours import belief_words, marks_of
from safepassage.report.journeys import (
    aboard,
    arrived_by,
    classes_in_order,
    worst_moment,
)
from safepassage.report.material import Material

HOW_KNOWN = {
    "certificate": "a certificate came with it",
    "lp_optimal": (
        "it is the optimum of a linear relaxation, solved with status optimal (floating-point "
        "arithmetic)"
    ),
    "search": "an exhaustive search found nothing above it",
    "relaxed": "it is the best of a simpler problem that leaves rules out",
    "none": "it is not known",
}


@dataclass(frozen=True)
class FirstConvoy:
    """The first departure with people: its time, vehicles by kind, people by class."""

    label: str
    depart: int
    vehicles: dict[str, int]
    load: dict[str, int]

    @property
    def content(self) -> tuple[object, ...]:
        """Return what must agree for two first convoys to be the same."""
        return (
            self.depart,
            tuple(sorted(self.vehicles.items())),
            tuple(sorted(self.load.items())),
        )


def first_convoy(plan: Plan) -> FirstConvoy | None:
    """Return the first convoy that carries people, or the first departure outside of convoys."""
    loaded = [trip for trip in plan.trips if aboard(trip)]
    if not loaded:
        return None
    entry = {one.id: one.depart for one in plan.convoys}

    def leaves(trip: Trip) -> tuple[int, str]:
        return (entry.get(trip.convoy or "", trip.depart), trip.convoy or "")

    first = min(loaded, key=leaves)
    if first.convoy is not None:
        members = [trip for trip in plan.trips if trip.convoy == first.convoy]
    else:
        members = [
            trip
            for trip in loaded
            if (trip.depart, trip.start, trip.end) == (first.depart, first.start, first.end)
        ]
    vehicles: dict[str, int] = {}
    load: dict[str, int] = {}
    for trip in members:
        if trip.kind is not None and trip.vehicle is not None:
            vehicles[trip.kind] = vehicles.get(trip.kind, 0) + 1
        for one, number in trip.load.items():
            if number:
                load[one] = load.get(one, 0) + number
    return FirstConvoy(first.convoy or "", leaves(first)[0], vehicles, load)


def first_convoy_section(material: Material) -> Section:
    """Return what the first convoy carries, and whether that hangs on a belief."""
    heading = "What the first convoy carries"
    own = first_convoy(material.verified.plan)
    if own is None:
        return Section("first", heading, (Paragraph(text("No convoy carries people.")),))
    scenario = material.verified.scenario
    blocks: list[Block] = [
        Numbers(
            (
                Number(
                    wording.count(sum(own.load.values())),
                    "people in the first convoy",
                    f"{_vehicles_words(own.vehicles)}, leaves "
                    f"{wording.moment(wording.at(scenario.start, own.depart))}",
                ),
            )
        ),
    ]
    others = [
        (one.about, None if one.verified is None else first_convoy(one.verified.plan))
        for one in material.beliefs
    ]
    if not others:
        blocks.append(
            Paragraph(
                text(
                    "Whether it would change under another belief about the window was not "
                    "tried for this report."
                )
            )
        )
    else:
        differing = [about for about, one in others if one is None or one.content != own.content]
        if differing:
            blocks.append(
                Paragraph(
                    text(
                        strong("It changes with what one believes about the window: "),
                        f"see {wording.listed(differing)}.",
                    ),
                    "caution",
                )
            )
        else:
            blocks.append(
                Paragraph(
                    text(
                        strong("It is the same under every belief that was tried. "),
                        "The first departure does not hang on how long the window holds.",
                    ),
                )
            )
    shown = [("this plan: " + belief_words(scenario.ending), own), *others]
    blocks.append(_first_table(material, shown))
    return Section("first", heading, tuple(blocks))


def _first_table(material: Material, shown: Sequence[tuple[str, FirstConvoy | None]]) -> Table:
    start = material.verified.scenario.start
    classes = [
        one
        for one in classes_in_order(material.verified.scenario)
        if any(convoy is not None and one in convoy.load for _, convoy in shown)
    ]
    rows = []
    for about, convoy in shown:
        if convoy is None:
            rows.append((text(about), *[text("none")] * (2 + len(classes))))
            continue
        rows.append(
            (
                text(about),
                text(wording.moment(wording.at(start, convoy.depart))),
                text(_vehicles_words(convoy.vehicles)),
                *(text(wording.count(convoy.load.get(one, 0))) for one in classes),
            )
        )
    return Table(
        "table-first",
        "The first convoy, by belief about the window",
        (
            Column("If one believes", share=2.2),
            Column("Leaves", share=1.1),
            Column("Vehicles", share=1.3),
            *(Column(wording.class_word(one).capitalize(), numeric=True) for one in classes),
        ),
        tuple(rows),
    )


def _vehicles_words(vehicles: dict[str, int]) -> str:
    order = sorted(vehicles.items(), key=lambda pair: (-pair[1], pair[0]))
    return wording.listed([wording.kinds(kind, number) for kind, number in order])


def gain_section(material: Material) -> Section:
    """Return what the plan gains over "fill and send"."""
    heading = "The gain over fill and send"
    baseline = material.baseline
    if baseline is None:
        return Section(
            "gain",
            heading,
            (Paragraph(text("Not compared: no fill-and-send plan was made for this report.")),),
        )
    verified = material.verified
    gained = verified.people_out - baseline.people_out
    expected = verified.expected_people - baseline.expected_people
    blocks: list[Block] = [
        Numbers(
            (
                Number(
                    _signed(gained),
                    "arrive by the end",
                    f"{wording.count(verified.people_out)} against "
                    f"{wording.count(baseline.people_out)}",
                ),
                Number(
                    _signed(expected), "in expectation", "when the window may close at any moment"
                ),
            )
        ),
        Paragraph(
            text(
                "Fill and send is what people do without a tool: fill the vehicles as they stand, "
                "in the order of the list, and send a convoy when all that are back are full."
            )
        ),
        _gain_table(material, baseline),
    ]
    return Section("gain", heading, tuple(blocks))


def _signed(number: float) -> str:
    words = wording.count(abs(number)) if isinstance(number, int) else wording.amount(abs(number))
    if words in {"0", "0.0"}:
        return "0"
    return f"+{words}" if number > 0 else f"−{words}"


def _gain_table(material: Material, baseline: VerifiedPlan) -> Table:
    verified, scenario = material.verified, material.verified.scenario
    rows: list[tuple[Text, ...]] = []
    for mark in marks_of(scenario):
        ours = arrived_by(verified.curve, mark.total_seconds())
        theirs = arrived_by(baseline.curve, mark.total_seconds())
        rows.append(
            (
                text(f"arrived by {wording.duration(mark)}"),
                text(wording.count(ours)),
                text(wording.count(theirs)),
                strong(_signed(ours - theirs)),
            )
        )
    rows.append(
        (
            text("expected arrivals"),
            text(wording.amount(verified.expected_people)),
            text(wording.amount(baseline.expected_people)),
            strong(_signed(verified.expected_people - baseline.expected_people)),
        )
    )
    rows.append(
        (
            text("last arrival"),
            *(text(_last_arrival(one)) for one in (verified, baseline)),
            strong(_later(verified, baseline)),
        )
    )
    worst = [peak.people if (peak := worst_moment(one.plan)) else 0 for one in (verified, baseline)]
    rows.append(
        (
            text("on the road at the worst moment"),
            text(wording.count(worst[0])),
            text(wording.count(worst[1])),
            strong(_signed(worst[0] - worst[1])),
        )
    )
    return Table(
        "table-gain",
        "This plan beside fill and send (people, no weights)",
        (
            Column("What", share=1.8),
            Column("This plan", numeric=True),
            Column("Fill and send", numeric=True),
            Column("Difference", numeric=True),
        ),
        tuple(rows),
    )


def _last_arrival(verified: VerifiedPlan) -> str:
    if not verified.curve:
        return "nobody"
    return wording.moment(wording.at(verified.scenario.start, verified.curve[-1][0]))


def _later(verified: VerifiedPlan, baseline: VerifiedPlan) -> str:
    """Return how much later the plan's last arrival is than the baseline's."""
    if not verified.curve or not baseline.curve:
        return "–"
    seconds = verified.curve[-1][0] - baseline.curve[-1][0]
    if seconds == 0:
        return "0"
    return wording.duration(timedelta(seconds=abs(seconds))) + (
        " later" if seconds > 0 else " earlier"
    )


def bound_section(material: Material) -> Section:
    """Return what no plan could beat with these inputs, and how that is known."""
    verified = material.verified
    heading = "What no plan could beat"
    if verified.plan.objective == "last_out":
        blocks = _last_out_bound(verified)
    else:
        blocks = _expected_bound(verified)
    return Section("bound", heading, tuple(blocks))


def _expected_bound(verified: VerifiedPlan) -> list[Block]:
    mean = wording.amount(verified.expected_people)
    rho = verified.scenario.rules.rho
    caught = (
        f", less {rho.pick():g} of an arrival by the chance of being caught on the road"
        if rho is not None and rho.pick()
        else ""
    )
    meaning = (
        " People who arrive in expectation: each arrival counts by the chance that the window "
        f"still holds then{caught}. This plan: {mean}."
    )
    weighted = any(one.weight != 1.0 for one in verified.scenario.classes)
    measure = "the measure that the plan was made for"
    if weighted:
        measure += " (people weighted by medical need)"
    if verified.expected_people_bound is not None:
        more = max(0.0, verified.expected_people_bound - verified.expected_people)
        # Rounded up: "at most" must stay true.
        words = f"{math.ceil(more - 1e-6):,}"
        gap = (
            ""
            if verified.gap is None
            else (
                f" In {measure}, the gap is {wording.percent(max(0.0, verified.gap), decimals=2)}."
            )
        )
        none_more = words == "0"
        lead = (
            "With these inputs no plan does better in expectation."
            if none_more
            else f"At most {words} more with these inputs."
        )
        return [
            Paragraph(text(strong(lead), meaning, gap), "lead"),
            Paragraph(text("How that is known: ", _how_known(verified), ".")),
        ]
    if verified.gap is not None:
        share = wording.percent(max(0.0, verified.gap), decimals=2)
        return [
            Paragraph(
                text(
                    strong(f"Within {share} of what any plan can reach."),
                    f" That is the gap in {measure}; it is not a number of people.",
                    meaning,
                ),
                "lead",
            ),
            Paragraph(text("How that is known: ", _how_known(verified), ".")),
        ]
    return [
        Paragraph(
            text(strong("How much better another plan could be is not known."), meaning), "lead"
        )
    ]


def _last_out_bound(verified: VerifiedPlan) -> list[Block]:
    last = wording.at(verified.scenario.start, 60 * verified.value)
    words = f"The last person arrives at {wording.moment(last)}."
    if verified.bound is None:
        return [
            Paragraph(
                text(strong(words), " How much earlier another plan could be is not known."), "lead"
            )
        ]
    earlier = max(0.0, verified.value - verified.bound)
    lead = (
        " No plan is faster with these inputs."
        if earlier < 1 / 60
        else f" No plan is more than {wording.duration(timedelta(minutes=earlier))} faster with "
        "these inputs."
    )
    return [
        Paragraph(text(strong(words), lead), "lead"),
        Paragraph(text("How that is known: ", _how_known(verified), ".")),
    ]


def _how_known(verified: VerifiedPlan) -> Text:
    proof = verified.plan.proof
    words = HOW_KNOWN[proof.kind]
    if proof.kind == "certificate":
        words += (
            ", and the verifier, which shares no code with the solver, checked it"
            if verified.bound_checked
            else "; the verifier has not checked it"
        )
    if proof.relaxes:
        words += f". Left out: {wording.rule_words(proof.relaxes)}; kept, they can only lower it"
    return text(words)


def slips_section() -> Section:
    """Return the sentence on what the plan takes for granted."""
    return Section(
        "slips",
        "What it takes for granted",
        (Paragraph(text(wording.NOTHING_SLIPS), "caution"),),
    )
