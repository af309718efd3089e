"""The table of both sides where a counterpart moves step by step: for the cell alone.

One side's hours are nobody else's: crews, parties and the public are told of no batch.
"""

from itertools import zip_longest

from safepassage.planner.both_sides import Batch, BothSides, Moved, both_sides
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
from safepassage.report.material import Material
from safepassage.scenario.scenario import Scenario


def both_sides_section(material: Material) -> Section | None:
    """Return both sides batch by batch, None where no counterpart is planned with us."""
    sides = both_sides(material.verified)
    if not sides:
        return None
    blocks: list[Block] = []
    for number, one in enumerate(sides, start=1):
        blocks += [*_numbers(one), *_deal(one), _table(material, one, number)]
    names = wording.listed([one.name for one in sides])
    return Section("both-sides", f"Step by step with {names}", tuple(blocks))


def _numbers(one: BothSides) -> tuple[Block, ...]:
    return (
        Numbers(
            tuple(
                Number(
                    wording.count(side.arrive),
                    f"arrive {where}, if nothing slips",
                    f"of {wording.count(side.people)} who wish to leave, in "
                    f"{wording.kinds('batch', len(side.batches))}",
                )
                for where, side in (("from here", one.ours), (f"from {one.name}", one.theirs))
            )
        ),
    )


def _deal(one: BothSides) -> tuple[Block, ...]:
    """Return what the deal says, and how far one side is ever ahead of the other."""
    done = "arrived" if one.on_arrival else "left"
    if one.ratio is not None:
        deal = (
            f"The deal: {one.ratio:g} of {one.name} for each person from here. A side sends its "
            f"next batch when so many of the other side have {done}."
        )
    elif one.steps:
        steps = wording.listed([wording.count(step) for step in one.steps])
        deal = (
            f"The deal: {one.name} moves in steps of {steps}. Our next batch leaves when the steps "
            f"so far have {done}; theirs leaves when our batch of that number has {done}."
        )
    else:
        deal = (
            f"The deal: batch for batch. A side sends its next batch when the other side's batch "
            f"of that number has {done}."
        )
    ahead, behind = _ahead(one)
    return (
        Paragraph(
            text(
                deal,
                " A side that has moved everybody who wishes to leave keeps nobody waiting. A "
                "batch is one convoy with people, or one vehicle where there is no convoy. "
                "People are counted one for one, companions included.",
            )
        ),
        Paragraph(
            text(
                f"At most {wording.count(ahead)} more have left here than {one.name}, and at most "
                f"{wording.count(behind)} more {one.name} than here: by so many one side can be "
                "ahead when the other stops."
            )
        ),
    )


def _ahead(one: BothSides) -> tuple[int, int]:
    """Return by how many people each side is ever ahead of the other, counted as they leave."""
    events = sorted(
        [(batch.leaves, batch.persons) for batch in one.ours.batches]
        + [(batch.leaves, -batch.persons) for batch in one.theirs.batches]
    )
    now, most, least = 0, 0, 0
    for number, (at, persons) in enumerate(events):
        now += persons
        # Who leaves in the same second is counted together.
        if number + 1 == len(events) or events[number + 1][0] != at:
            most, least = max(most, now), min(least, now)
    return most, -least


def _table(material: Material, one: BothSides, number: int) -> Table:
    scenario = material.verified.scenario
    rows: list[tuple[Text, ...]] = []
    so_far = [0, 0]
    for step, pair in enumerate(zip_longest(one.ours.batches, one.theirs.batches), start=1):
        row: list[Text] = [strong(str(step))]
        for side, batch in enumerate(pair):
            if batch is None:
                row += [text("–"), text(""), text("")]
                continue
            so_far[side] += batch.persons
            row += [
                text(_times(scenario, batch)),
                strong(wording.count(batch.persons)),
                text(wording.count(so_far[side])),
            ]
        rows.append(tuple(row))
    rows.append(
        (
            strong("all"),
            text(""),
            strong(wording.count(_left(one.ours))),
            text(""),
            text(""),
            strong(wording.count(_left(one.theirs))),
            text(""),
        )
    )
    return Table(
        f"table-both-sides-{number}",
        f"Both sides, batch by batch ({wording.zone(scenario.start)})",
        (
            Column("Batch", share=0.6),
            Column("From here: leaves → arrives", share=2.2),
            Column("People", numeric=True, share=0.8),
            Column("So far", numeric=True, share=0.8),
            Column(f"From {one.name}: leaves → arrives", share=2.2),
            Column("People", numeric=True, share=0.8),
            Column("So far", numeric=True, share=0.8),
        ),
        tuple(rows),
        total_last=True,
        note=text(
            "Only first rides count, from where people live. Who changes vehicles on the way has "
            "not arrived when the batch has."
        )
        if _changes(material)
        else (),
    )


def _left(side: Moved) -> int:
    return sum(one.persons for one in side.batches)


def _changes(material: Material) -> bool:
    places = material.verified.scenario.place
    return any(trip.load and not places[trip.end].arrived for trip in material.verified.plan.trips)


def _times(scenario: Scenario, batch: Batch) -> str:
    convoy = "" if batch.convoy is None else f" ({batch.convoy})"
    leaves, arrives = (wording.at(scenario.start, one) for one in (batch.leaves, batch.arrives))
    return f"{wording.span(leaves, arrives).replace(' to ', ' → ')}{convoy}"
