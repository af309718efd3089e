"""The activity log (ICS-214): what one position, or the whole room, entered in a period."""

from datetime import datetime

from safepassage.board.documents.paper import SIGNED, Block, Paper
from safepassage.board.naming import Teller
from safepassage.board.pages import Times
from safepassage.board.room import Mode
from safepassage.board.wall.told import in_words
from safepassage.ledger.entry import Entry
from safepassage.scenario.scenario import Scenario


def activity_log(
    scenario: Scenario,
    entries: list[Entry],
    tell: Teller,
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
    _, language = tell.said, tell.said.language
    t = Times(ends, scenario.start.tzinfo)
    rows = tuple(
        (
            t.hm(one.heard_at),
            f"{_(one.kind)}: {in_words(scenario, one, language, tell.names.number_of)}",
            str(one.seq),
        )
        for one in entries
    )
    return Paper(
        title=_("Activity log (ICS-214)"),
        mission=tell.names.mission,
        mode=mode,
        audience="cell",
        made_at=t.full(ends),
        upto=upto,
        blocks=(
            Block(
                _("1 to 5"),
                head=(_("box"), _("entry")),
                rows=(
                    (_("1. Incident name"), tell.names.mission),
                    (
                        _("2. Operational period"),
                        _("%(begins)s to %(ends)s", begins=t.full(begins), ends=t.full(ends)),
                    ),
                    (
                        _("3. Name"),
                        _(
                            "call sign %(person)s (a name is for the pen)",
                            person=person or _("of all"),
                        ),
                    ),
                    (
                        _("4. ICS position"),
                        _.listed(_(one) for one in roles) or _("all positions of the room"),
                    ),
                    (_("5. Home agency"), ""),
                ),
            ),
            Block(_("6. Resources assigned"), (_("Counts only; see the plan in force."),)),
            Block(_("7. Activity log"), head=(_("time"), _("activity"), _("entry")), rows=rows),
            Block(
                _("8. Prepared by"),
                (f"{_(SIGNED)} ______________________",),
            ),
        ),
        language=language,
    )
