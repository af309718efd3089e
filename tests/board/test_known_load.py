"""The board under load, small here and full in `make proof`: nothing lost, nothing doubled."""

import pytest

from benchmarks.board import FULL, QUICK, offline, raise_files, steady


def _numbers(rows: list[dict[str, object]]) -> dict[str, float]:
    return {str(one["what"]).rpartition(": ")[2]: float(str(one["number"])) for one in rows}


def test_no_report_is_lost_or_doubled_under_a_steady_load() -> None:
    found = _numbers(steady(QUICK, seconds=4, rate=40))
    assert (found["errors"], found["events lost"], found["events stored twice"]) == (0, 0, 0)
    assert found["events acknowledged a second"] > 0


def test_full_queues_come_in_once_over_a_link_that_breaks_again_and_again() -> None:
    found = _numbers(offline(QUICK))
    assert (found["lost"], found["stored twice"]) == (0, 0)


@pytest.mark.proof
def test_two_hundred_phones_and_thirty_screens_for_ten_minutes() -> None:
    raise_files()
    found = _numbers(steady(FULL, seconds=FULL.seconds, rate=FULL.rate))
    assert (found["errors"], found["events lost"], found["events stored twice"]) == (0, 0, 0)
    assert found["acknowledged, p99"] < 100
    assert found["on the screens, p99"] < 500
    assert found["server memory at most"] < 150


@pytest.mark.proof
def test_ten_thousand_queued_reports_of_fifty_phones_are_in_within_a_minute() -> None:
    raise_files()
    found = _numbers(offline(FULL))
    assert (found["lost"], found["stored twice"]) == (0, 0)
    assert found["all in after"] < 60
