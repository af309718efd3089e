"""A counterpart in the report: both sides batch by batch, one for one, for the cell alone."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from safepassage.planner.both_sides import both_sides
from safepassage.planner.solve import solve
from safepassage.report.audience import AUDIENCES
from safepassage.report.compose import document_for
from safepassage.report.document import Table, words_of
from safepassage.report.material import Material
from tests.planner.linked_town import two_towns

STEPS = 'steps = [100, 50, 150]\nwaits_for = "arrival"'


@pytest.fixture(scope="module")
def material(tmp_path_factory) -> Material:
    scenario = two_towns(tmp_path_factory.mktemp("sides"), STEPS)
    made = solve(scenario, iterations=10)
    return Material(made, datetime(2016, 12, 14, tzinfo=UTC), "0")


def test_our_next_batch_leaves_when_their_steps_so_far_have_arrived(material) -> None:
    (sides,) = both_sides(material.verified)
    assert sides.name == "Foua"
    assert sum(one.persons for one in sides.ours.batches) == sides.ours.arrive == 600
    assert sum(one.persons for one in sides.theirs.batches) == sides.theirs.arrive == 300
    for number, ours in enumerate(sides.ours.batches):
        there = sum(one.persons for one in sides.theirs.batches if one.arrives <= ours.leaves)
        assert there >= sum((100, 50, 150)[:number])


def test_the_cell_reads_both_sides_and_their_sums(material) -> None:
    sections = {one.id: one for one in document_for(material, "cell").sections}
    section = sections["both-sides"]
    (table,) = (one for one in section.blocks if isinstance(one, Table))
    last = [words_of(cell) for cell in table.rows[-1]]
    assert (last[0], last[2], last[5]) == ("all", "600", "300")
    sides = both_sides(material.verified)[0]
    assert len(table.rows) - 1 == max(len(sides.ours.batches), len(sides.theirs.batches))
    assert sides.ours.batches[0].convoy in words_of(table.rows[0][1])


def test_no_other_audience_reads_of_a_batch(material) -> None:
    for audience in AUDIENCES:
        ids = {one.id for one in document_for(material, audience).sections}
        assert ("both-sides" in ids) == (audience == "cell")


def test_without_a_counterpart_there_is_no_such_section(tmp_path) -> None:
    alone = replace(two_towns(tmp_path, STEPS), linked=())
    assert both_sides(solve(alone, iterations=2)) == ()
