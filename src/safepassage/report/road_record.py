"""What the plan takes the roads to be: the extract, stretches closed or in doubt, whose word it is.

Only where the scenario has roads; with the attribution that their data ask for.
"""

from datetime import timedelta
from typing import Final

from safepassage.report import wording
from safepassage.report.document import Block, Column, Paragraph, Table, Text, strong, text
from safepassage.scenario.closing import Closure
from safepassage.scenario.scenario import Scenario

ATTRIBUTION: Final = "Road data © OpenStreetMap contributors, ODbL 1.0."
DOUBT: Final = {
    "use": "Stretches of unknown state are used.",
    "avoid": "Stretches of unknown state are avoided.",
    None: "How stretches of unknown state are treated is not stated.",
}


def road_blocks(scenario: Scenario) -> tuple[Block, ...]:
    """Return what is known of the roads; nothing where driving times are given by hand."""
    wanted = scenario.roads
    if wanted is None:
        return ()
    blocks: list[Block] = []
    if wanted.closures:
        blocks.append(
            Table(
                "table-closures",
                f"Stretches open, closed or unknown ({wording.zone(scenario.start)})",
                (
                    Column("Stretch", share=1.6),
                    Column("State", share=0.8),
                    Column("From"),
                    Column("Until"),
                    Column("On whose word", share=1.6),
                ),
                tuple(_closure_row(scenario, one) for one in wanted.closures),
            )
        )
    blocks.append(Paragraph(text(f"{DOUBT[wanted.doubt]} {ATTRIBUTION}"), "small"))
    return tuple(blocks)


def _closure_row(scenario: Scenario, closure: Closure) -> tuple[Text, ...]:
    source = scenario.source.get(closure.source or "")
    word = closure.word_of or (source.title if source is not None else "nobody's on record")
    return (
        text(f"{closure.name} ({closure.id})" if closure.name else closure.id),
        strong(closure.state),
        text(_when(scenario, closure.starts, "the start")),
        text(_when(scenario, closure.ends, "no end stated")),
        text(word),
    )


def _when(scenario: Scenario, after: timedelta | None, otherwise: str) -> str:
    if after is None:
        return otherwise
    return wording.moment(wording.at(scenario.start, after.total_seconds()))
