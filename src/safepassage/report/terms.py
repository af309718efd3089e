"""What the parties have agreed, in each one's version; and where this report comes from."""

from safepassage.report import wording
from safepassage.report.document import (
    Block,
    Column,
    Paragraph,
    Section,
    Table,
    Text,
    strong,
    text,
)
from safepassage.report.material import Material
from safepassage.scenario.parties import Agreement, Party
from safepassage.scenario.scenario import Scenario


def terms_section(material: Material) -> Section:
    """Return the clauses of each agreement, each party's version beside the other's."""
    scenario = material.verified.scenario
    blocks: list[Block] = [
        _agreement_table(scenario, one) for one in scenario.agreements if one.clauses
    ]
    if not blocks:
        blocks = [Paragraph(text("No agreement is recorded."), "caution")]
    return Section("terms", "What is agreed and what is open", tuple(blocks))


def party_terms_section(material: Material) -> Section:
    """Return the clauses and whether they are agreed, for the parties.

    Without versions and sources: what one party said to the cell is not for the other.
    """
    scenario = material.verified.scenario
    blocks: list[Block] = [
        Table(
            f"table-agreement-{number}",
            f"Agreement between {wording.listed(_party_names(scenario, agreement))}",
            (Column("Clause", share=4.0), Column("State")),
            tuple(
                (
                    text(clause.text),
                    strong("agreed") if clause.state == "agreed" else strong("OPEN"),
                )
                for clause in agreement.clauses
            ),
        )
        for number, agreement in enumerate(scenario.agreements, start=1)
        if agreement.clauses
    ]
    if not blocks:
        blocks = [Paragraph(text("No agreement is recorded."), "caution")]
    return Section("terms", "What is agreed and what is open", tuple(blocks))


def _party_names(scenario: Scenario, agreement: Agreement) -> list[str]:
    return [scenario.party.get(one, Party(one)).name() for one in agreement.parties]


def _agreement_table(scenario: Scenario, agreement: Agreement) -> Table:
    parties = [scenario.party.get(one, Party(one)) for one in agreement.parties]
    rows: list[tuple[Text, ...]] = []
    for clause in agreement.clauses:
        source = scenario.source.get(clause.source or "")
        linked = f" (hangs on {clause.linked_to})" if clause.linked_to else ""
        rows.append(
            (
                text(clause.text, linked),
                strong("agreed") if clause.state == "agreed" else strong("OPEN"),
                *(text(clause.versions.get(one.id, "no version recorded")) for one in parties),
                text(source.title if source is not None else "no source given"),
            )
        )
    when = "" if agreement.date is None else f", {agreement.date.isoformat()}"
    return Table(
        f"table-agreement-{agreement.id}",
        f"Agreement {agreement.id}{when}: each clause in each party's version",
        (
            Column("Clause", share=1.6),
            Column("State", share=0.75),
            *(Column(f"{one.name()} says", share=1.4) for one in parties),
            Column("Source", share=1.3),
        ),
        tuple(rows),
    )


def facts_of(material: Material) -> tuple[tuple[str, str], ...]:
    """Return where the plan and the report come from, for those who work with the plan."""
    verified = material.verified
    plan = verified.plan
    gap = (
        "not known" if verified.gap is None else wording.percent(max(0.0, verified.gap), decimals=2)
    )
    facts = [
        ("Plan hash", verified.plan_hash),
        ("Scenario hash", plan.scenario),
        (
            "Objective",
            "most expected arrivals" if plan.objective == "expected" else "earliest last arrival",
        ),
        ("Ranges taken at", plan.people),
        ("Gap", gap),
        ("Seed", str(plan.seed)),
        ("Checked", "the verifier found no rule of the scenario broken"),
        ("Report made at", wording.full_moment(material.made_at)),
        ("Made by", f"safepassage {material.version}"),
    ]
    if plan.run is not None:
        facts.append(
            ("Plan made by", f"safepassage {plan.run.version} in {plan.run.seconds:.0f} s")
        )
    facts += [("Further input", f"{path}: {digest}") for path, digest in plan.inputs.items()]
    return tuple(facts)


def about_section(material: Material) -> Section:
    """Return the provenance as a table."""
    return Section("about", "Where this comes from", (_facts_table(facts_of(material)),))


def short_about_section(material: Material) -> Section:
    """Return the provenance for those outside of the cell: which plan, when."""
    facts = (
        ("Plan hash", material.verified.plan_hash),
        ("Report made at", wording.full_moment(material.made_at)),
        ("Made by", f"safepassage {material.version}"),
    )
    return Section("about", "Where this comes from", (_facts_table(facts),))


def _facts_table(facts: tuple[tuple[str, str], ...]) -> Table:
    return Table(
        "table-about",
        "Plan, scenario and report",
        (Column("What", share=0.8), Column("Value", share=3.0)),
        tuple((text(what), text(value)) for what, value in facts),
    )
