"""The odds in a report: every word and chart follows from the numbers of the rehearsal."""

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

from safepassage.rehearsal.result import Difference, Estimate
from safepassage.rehearsal.result_file import (
    NoRehearsalError,
    read_rehearsal,
    rehearsal_from_json,
)
from safepassage.report.compose import document_for
from safepassage.report.document import Chart, Section, Table, words_of
from safepassage.report.html import html_of
from safepassage.report.material import Material, OtherScenarioError
from safepassage.report.pdf import pdf_of
from safepassage.report.rehearsal_section import rehearsal_section
from safepassage.report.wording import in_twenty, signed
from tests.report.handmade import verified
from tests.report.odds import rehearsal
from tests.report.test_known_report_numbers import MADE_AT


def section() -> Section:
    found = rehearsal_section(Material(verified(), MADE_AT, "0.1.0", rehearsal=rehearsal()))
    assert found is not None
    return found


def table(identity: str) -> list[list[str]]:
    for block in section().blocks:
        found = block.table if isinstance(block, Chart) else block
        if isinstance(found, Table) and found.id == identity:
            return [[words_of(cell) for cell in row] for row in found.rows]
    raise AssertionError(identity)


def test_the_odds_are_read_back_as_they_were_written() -> None:
    written = rehearsal().to_json()
    read = rehearsal_from_json(json.loads(json.dumps(written)))
    assert read.to_json() == written


def test_a_report_without_a_rehearsal_has_no_odds_and_no_empty_heading() -> None:
    document = document_for(Material(verified(), MADE_AT, "0.1.0"), "cell")
    assert "rehearsal" not in [one.id for one in document.sections]


@pytest.mark.parametrize("audience", ["crew", "party", "public"])
def test_the_odds_reach_the_cell_alone(audience: str) -> None:
    material = Material(verified(), MADE_AT, "0.1.0", rehearsal=rehearsal())
    page = html_of(document_for(material, audience), audience=audience)  # type: ignore[arg-type] - an audience
    assert "caught" not in page
    assert "The odds" in html_of(document_for(material, "cell"), audience="cell")


def test_the_odds_of_another_plan_are_refused() -> None:
    other = replace(rehearsal(), plan="0" * 64)
    with pytest.raises(OtherScenarioError, match="rehearse it again"):
        Material(verified(), MADE_AT, "0.1.0", rehearsal=other)


def test_arrived_and_caught_stand_together_in_the_first_sentence() -> None:
    lead = words_of(section().blocks[0].content)  # type: ignore[union-attr] - the lead
    assert lead.startswith("6,000 arrive and 120 are caught on the road")
    assert "somebody is caught in 6 of 20 runs" in lead
    assert "probability of success" not in lead


def test_every_chart_has_its_table_and_both_widths() -> None:
    charts = [one for one in section().blocks if isinstance(one, Chart)]
    assert [one.id for one in charts] == [
        "fan",
        "all-out",
        "caught",
        "wait-on-board",
        "go-or-wait",
        "tornado",
        "one-more",
    ]
    for one in charts:
        assert one.table.rows
        assert one.wide[0].startswith("<svg")
        assert one.narrow[0].startswith("<svg")


def test_the_fan_stands_beside_the_plan_itself() -> None:
    by_24 = table("fan-table")[-1]
    # Nine convoys of 1,000 walking, 20 on stretchers and their 20 companions.
    assert by_24[0] == "24 h"
    assert by_24[2] == "9,360"
    assert by_24[5] == "6,084"


def test_waiting_says_by_how_much_the_risk_must_fall() -> None:
    rows = table("go-or-wait-table")
    assert rows[0][1:5] == ["-300", "-340 to -260", "-12", "-16 to -8.0"]
    assert rows[0][5] == "20\u00a0% (15\u00a0% to 26\u00a0%)"
    assert rows[1][5] == "55\u00a0% (40\u00a0% to never)"
    assert rows[2][5] == "never: not even without any break"


def test_what_moves_the_answer_most_comes_first_and_is_named() -> None:
    rows = table("tornado-table")
    assert [row[0] for row in rows][:2] == [
        "no movement at night",
        "the word of Party South never broken",
    ]
    assert rows[1][2:] == ["+1,250", "+1,210 to +1,290", "-60", "-64 to -56"]


def test_chances_are_said_as_so_many_in_twenty_and_doubt_is_never_rounded_away() -> None:
    assert [in_twenty(one) for one in (0, 0.001, 0.65, 0.999, 1)] == [
        "in no run",
        "under 1 in 20",
        "13 in 20",
        "over 19 in 20",
        "in every run",
    ]
    assert [signed(one) for one in (1240.4, -35, 0, 0.04)] == ["+1,240", "-35", "0", "0"]


def test_the_odds_go_on_paper_too() -> None:
    material = Material(verified(), MADE_AT, "0.1.0", rehearsal=rehearsal())
    assert pdf_of(document_for(material, "cell"), at=MADE_AT).startswith(b"%PDF")


def test_a_file_that_is_no_rehearsal_names_the_place(tmp_path: Path) -> None:
    path = tmp_path / "odds.json"
    whole = rehearsal().to_json()
    for wrong, place in (
        ({"format": "safepassage/plan/1"}, "format: got 'safepassage/plan/1'"),
        ({"runs": "many"}, "runs: got 'many', want a whole number"),
        ({"runs": True}, "runs: got True"),
        ({"out": None}, "out: got nothing, want an object"),
        ({"out_by_hour": [[1, 2]]}, r"out_by_hour\[0\]: got \[1, 2\], want 6 numbers"),
        ({"plan_by_hour": []}, "want as many of each"),
        ({"seconds": float("nan")}, "seconds: got nan, want a number"),
    ):
        path.write_text(json.dumps({**whole, **wrong}), encoding="utf-8")
        with pytest.raises(NoRehearsalError, match=place):
            read_rehearsal(path)
    path.write_text("{", encoding="utf-8")
    with pytest.raises(NoRehearsalError, match="not JSON"):
        read_rehearsal(path)


def test_odds_of_one_set_of_draws_are_shown_without_an_interval() -> None:
    few = rehearsal()
    wide = replace(few.out, estimate=Estimate(6_000, -math.inf, math.inf))
    driver = replace(
        few.drivers[0],
        change=Difference(Estimate(1_250, -math.inf, math.inf), Estimate(-60, -math.inf, math.inf)),
    )
    one = replace(few, out=wide, drivers=(driver, *few.drivers[1:]), blocks=1)
    read = rehearsal_from_json(json.loads(json.dumps(one.to_json(), allow_nan=False)))
    assert read.out.estimate == wide.estimate
    found = rehearsal_section(Material(verified(), MADE_AT, "0.1.0", rehearsal=read))
    assert found is not None
    tornado = next(
        block for block in found.blocks if isinstance(block, Chart) and block.id == "tornado"
    )
    row = next(row for row in tornado.table.rows if words_of(row[2]) == "+1,250")
    assert [words_of(cell) for cell in row[2:]] == ["+1,250", "not known", "-60", "not known"]
    assert "inf" not in tornado.wide[0]
