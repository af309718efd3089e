"""Whatever is changed in a scenario, the commands end in a right plan or in words (`fuzz`)."""

import random

import pytest

from safepassage.scenario.load import parse, read_document
from safepassage.scenario.toml_text import toml_text
from tests.planner.as_document import document_of
from tests.planner.fuzz import base, changed, try_seed
from tests.planner.strategies import draw

FEW_STEPS = "--iterations 1"


@pytest.mark.parametrize("seed", [1001, 1003, 1011, 1018, 2005])
def test_a_changed_scenario_ends_in_a_right_plan_or_in_words(seed: int) -> None:
    case = try_seed(seed, FEW_STEPS)
    assert [one for one in case.wrong if "of processor" not in one] == []
    assert case.ends["plan"] in {0, 3, 4, 5}


def test_the_changes_are_such_that_about_half_of_the_scenarios_can_still_be_read() -> None:
    read = 0
    for seed in range(60):
        chance = random.Random(f"fuzz/{seed}")  # noqa: S311 - a seeded test
        document = base(chance)
        changed(chance, document)
        try:
            read_document(parse(toml_text(document, "Changed").encode(), "s.toml"), "0" * 64)
        except ValueError:
            continue
        read += 1
    assert 15 <= read <= 50


@pytest.mark.parametrize("seed", [2, 3, 9])
def test_a_drawn_scenario_written_as_a_file_is_read_back_with_its_people(seed: int) -> None:
    scenario = draw(seed)
    text = toml_text(document_of(scenario), "Drawn")
    back = read_document(parse(text.encode(), "s.toml"), scenario.sha256)
    assert back.legs == tuple(back.leg[one.id] for one in scenario.legs)
    assert [(one.id, one.leave.pick()) for one in back.groups] == [
        (one.id, one.leave.pick()) for one in scenario.groups
    ]
    assert [one.count.pick() for one in back.vehicles] == [
        one.count.pick() for one in scenario.vehicles
    ]


@pytest.mark.proof
@pytest.mark.parametrize("part", range(40))
def test_two_thousand_changed_scenarios_end_in_a_right_plan_or_in_words(part: int) -> None:
    for seed in range(10_000 + 50 * part, 10_050 + 50 * part):
        case = try_seed(seed, FEW_STEPS if seed % 5 else "--limit 2s")
        assert [one for one in case.wrong if "of processor" not in one] == [], seed
