"""Who is left behind, and why."""

from safepassage.planner.worst_served import worst_served
from safepassage.report import wording
from safepassage.report.document import (
    Block,
    Column,
    Paragraph,
    Section,
    Table,
    Text,
    named,
    strong,
    text,
)
from safepassage.report.material import LeftBehind, Material


def _sentence(one: LeftBehind) -> str:
    """Return the reason, and what it would take to bring them."""
    why = one.why[:1].upper() + one.why[1:]
    return why if one.takes is None else f"{why.rstrip('.')}. It would take {one.takes}."


def left_behind_section(material: Material) -> Section:
    """Return each group left behind with its reason, or that the reason was not sought."""
    verified, scenario = material.verified, material.verified.scenario
    heading = "Left behind, and why"
    left = {one: number for one, number in verified.left_behind.items() if number}
    if not left:
        return Section(
            "left", heading, (Paragraph(text("Nobody who wishes to leave is left behind.")),)
        )
    rows: list[tuple[Text, ...]] = []
    if material.left_behind is not None:
        for one in material.left_behind:
            label = text(
                named(scenario.place[one.at].names, one.at),
                f", {wording.class_word(one.class_id)}",
            )
            rows.append((label, strong(wording.count(one.people)), text(_sentence(one))))
    else:
        for group_id, number in left.items():
            group = scenario.group[group_id]
            label = text(
                named(scenario.place[group.at].names, group.at),
                f", {wording.class_word(group.class_id)}",
            )
            rows.append(
                (
                    label,
                    strong(wording.count(number)),
                    text("reason not sought for this report: `safepassage explain`"),
                )
            )
    blocks: list[Block] = [
        Table(
            "table-left",
            "People who wish to leave and have not arrived at the end (companions not counted)",
            (
                Column("Place and class", share=1.5),
                Column("People", numeric=True, share=0.6),
                Column("Why", share=3.0),
            ),
            tuple(rows),
            note=text(
                f"At the number the plan was made for ({verified.plan.people} of each range)."
            ),
        )
    ]
    worst = worst_served(verified)
    if worst is not None:
        most = ""
        if worst.at_most is not None and worst.at_most < 1:
            most = f" No plan brings {worst.at_most:.1%} of every group."
        blocks.append(
            Paragraph(
                text(
                    "Worst served: ",
                    named(scenario.place[worst.at].names, worst.at),
                    f", {wording.class_word(worst.class_id)}: {wording.count(worst.arrive)} of "
                    f"{wording.count(worst.people)} arrive if the window holds "
                    f"({worst.share:.1%}).{most}",
                )
            )
        )
    return Section("left", heading, tuple(blocks))
