"""What those outside of the cell are told: totals without hours, places or convoys."""

from safepassage.report import wording
from safepassage.report.answer import without_wish
from safepassage.report.document import (
    Block,
    Bullets,
    Column,
    Number,
    Numbers,
    Paragraph,
    Section,
    Table,
    strong,
    text,
)
from safepassage.report.journeys import classes_in_order
from safepassage.report.material import Material
from safepassage.scenario.checks.record import NO_CONSENT


def crew_totals_section(material: Material) -> Section:
    """Return what a crew is told: that times stand on its own sheet, and what a plan is not."""
    return Section(
        "crew-totals",
        "What this is",
        (
            Numbers(
                (
                    Number(
                        wording.count(material.verified.people_out),
                        "people are planned to arrive",
                        "the whole operation, companions counted",
                    ),
                )
            ),
            Bullets(
                (
                    text("Times and passengers stand on your own sheet, and only there."),
                    text("Nothing moves on this plan: wait for the release of your convoy."),
                    text("The convoy leader orders; a clock orders nothing."),
                )
            ),
        ),
    )


def party_totals_section(material: Material) -> Section:
    """Return what a party is told: how many people by class, and that each counts as one."""
    verified = material.verified
    blocks: list[Block] = [
        Paragraph(
            text(
                "This plan asks for passage for the people below. It is not a notification and not "
                "a clearance: each convoy is notified on its own form."
            ),
            "lead",
        ),
        Table(
            "table-party",
            "People planned to arrive, by class",
            (Column("Class", share=2.0), Column("People", numeric=True)),
            (
                *(
                    (
                        text(wording.class_word(one)),
                        text(wording.count(verified.curve_by_class[one][-1][1])),
                    )
                    for one in classes_in_order(verified.scenario)
                    if verified.curve_by_class.get(one)
                ),
                (strong("all"), strong(wording.count(verified.people_out))),
            ),
            total_last=True,
        ),
        *_consent(material),
    ]
    return Section("party-totals", "Who is planned to leave", tuple(blocks))


def public_totals_section(material: Material) -> Section:
    """Return what everybody may know: how many are planned for; no hour, place or convoy."""
    verified = material.verified
    return Section(
        "public-totals",
        "What is planned",
        (
            Numbers(
                (
                    Number(
                        wording.count(verified.people_out),
                        "people are planned to arrive",
                        "a plan, not a promise of a seat",
                    ),
                )
            ),
            Paragraph(
                text(
                    "When and where vehicles leave is told to those who travel, when it is "
                    "released; never on this page."
                )
            ),
            *_consent(material),
        ),
    )


def wish_section() -> Section:
    """Return what holds for everybody, whether they go or stay."""
    return Section(
        "wish",
        "Your choice",
        (
            Bullets(
                (
                    text("Leaving is by choice. Nobody may be made to leave."),
                    text("Those who stay are still protected."),
                    text("Families travel together; a patient's companion goes with the patient."),
                    text("It is free of charge. Who asks for money for a seat is a fraud."),
                )
            ),
        ),
    )


def _consent(material: Material) -> tuple[Block, ...]:
    if without_wish(material.verified.scenario):
        return (Paragraph(text(NO_CONSENT), "caution"),)
    return ()
