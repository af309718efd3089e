"""The activity log (ICS-214): what one position, or the whole room, entered in a period."""

from datetime import datetime

from safepassage.board.documents.paper import Block, Paper
from safepassage.board.pages import Times
from safepassage.board.room import Mode
from safepassage.board.wall.told import in_words
from safepassage.ledger.entry import Entry
from safepassage.scenario.scenario import Scenario


def activity_log(
    scenario: Scenario,
    entries: list[Entry],
    *,
    person: str,
    roles: list[str],
    begins: datetime,
    ends: datetime,
    mode: Mode,
    upto: int,
) -> Paper:
    """Return the log in the order of the form: incident, period, position, activities.

    Positions have call signs here, never names: the form's boxes for names stay for the pen.
    """
    t = Times(ends, scenario.start.tzinfo)
    rows = tuple(
        (t.hm(one.heard_at), f"{one.kind}: {in_words(scenario, one, 'en')}", str(one.seq))
        for one in entries
    )
    return Paper(
        title="Activity log (ICS-214)",
        mission=scenario.name,
        mode=mode,
        audience="cell",
        made_at=t.full(ends),
        upto=upto,
        blocks=(
            Block(
                "1 to 5",
                head=("box", "entry"),
                rows=(
                    ("1. Incident name", scenario.name),
                    ("2. Operational period", f"{t.full(begins)} to {t.full(ends)}"),
                    ("3. Name", f"call sign {person or 'of all'} (a name is for the pen)"),
                    ("4. ICS position", ", ".join(roles) or "all positions of the room"),
                    ("5. Home agency", ""),
                ),
            ),
            Block("6. Resources assigned", ("Counts only; see the plan in force.",)),
            Block("7. Activity log", head=("time", "activity", "entry"), rows=rows),
            Block(
                "8. Prepared by", ("Call sign, signature, date and time: ______________________",)
            ),
        ),
    )
