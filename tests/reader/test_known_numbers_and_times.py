"""Numbers in words and days by rule, worked by hand."""

from datetime import date

import pytest

from safepassage.reader.numbers import numbers_in
from safepassage.reader.opening import open_bytes
from safepassage.reader.times import Dateline, Direction, resolve, times_in

THURSDAY = Dateline(date(2016, 12, 15), "person")


@pytest.mark.parametrize(
    ("text", "value", "low", "high"),
    [
        ("20 buses", 20, None, None),
        ("1,400 people", 1400, None, None),
        ("50 000 people", 50_000, None, None),
        ("Two buses", 2, None, None),
        ("Sixty-four residents", 64, None, None),
        ("three hundred and five men", 305, None, None),
        ("a dozen coaches", 12, None, None),
        ("1.2 million people", 1_200_000, None, None),
        ("half a million people", 500_000, None, None),
        ("between 20 and 30 buses", None, 20, 30),
        ("20-25 trucks", None, 20, 25),
        ("tens of thousands of people", None, 10_000, 100_000),
        ("dozens of buses", None, 12, 100),
        ("hundreds of families", None, 100, 1_000),
    ],
)
def test_a_number_is_read_as_it_stands(
    text: str, value: float | None, low: float | None, high: float | None
) -> None:
    found = next(iter(numbers_in(text, 0, len(text))))
    assert (found.value, found.low, found.high) == (value, low, high)


@pytest.mark.parametrize("text", ["40 percent of homes", "$5 a seat", "40% of it", "at 3.5.1"])
def test_shares_and_prices_are_no_counts(text: str) -> None:
    assert not list(numbers_in(text, 0, len(text)))


def test_up_to_and_more_than_are_kept_as_bounds() -> None:
    up, more = "up to 50 people", "more than 300 people"
    assert next(iter(numbers_in(up, 0, len(up)))).bound == "at most"
    assert next(iter(numbers_in(more, 0, len(more)))).bound == "at least"


@pytest.mark.parametrize(
    ("text", "direction", "resolved"),
    [
        ("today", "unknown", "2016-12-15"),
        ("yesterday", "past", "2016-12-14"),
        ("tomorrow", "future", "2016-12-16"),
        ("Wednesday", "past", "2016-12-14"),
        ("Wednesday night", "past", "2016-12-14"),
        ("Wednesday", "future", "2016-12-21"),
        ("Thursday", "past", "2016-12-15"),
        ("Friday morning", "future", "2016-12-16"),
        ("Sunday", "past", "2016-12-11"),
        ("last Monday", "past", "2016-12-12"),
        ("2 January", "future", "2017-01-02"),
        ("30 November", "past", "2016-11-30"),
        ("6 p.m. Friday", "future", "2016-12-16T18:00"),
        ("07:00 on 16 December", "future", "2016-12-16T07:00"),
        ("noon today", "unknown", "2016-12-15T12:00"),
        ("two days ago", "past", "2016-12-13"),
        ("since July", "past", "2016-07"),
        ("23 December 2016", "unknown", "2016-12-23"),
        ("2016-12-19", "unknown", "2016-12-19"),
    ],
)
def test_a_day_follows_from_the_dateline(text: str, direction: Direction, resolved: str) -> None:
    stored = open_bytes("t", f"on that, {text}. ".encode())
    when = next(iter(times_in(stored, 0, len(stored.text))))
    assert resolve(when, THURSDAY, direction).resolved == resolved


@pytest.mark.parametrize("text", ["within hours", "this week", "in the past three weeks", "noon"])
def test_vague_words_stay_words_even_with_a_dateline(text: str) -> None:
    stored = open_bytes("t", f"it was {text}. ".encode())
    when = next(iter(times_in(stored, 0, len(stored.text))))
    assert resolve(when, THURSDAY, "past").resolved is None


@pytest.mark.parametrize("text", ["today", "Wednesday", "6 p.m. Friday", "2 January", "since July"])
def test_without_a_dateline_nothing_is_guessed(text: str) -> None:
    stored = open_bytes("t", f"on that, {text}. ".encode())
    when = next(iter(times_in(stored, 0, len(stored.text))))
    assert resolve(when, None, "past").resolved is None


def test_a_weekday_far_off_in_an_unclear_sentence_is_left_open() -> None:
    stored = open_bytes("t", b"the talks of Monday. ")
    when = next(iter(times_in(stored, 0, len(stored.text))))
    # Monday is four days ahead and three behind.
    assert resolve(when, THURSDAY, "unknown").resolved is None


def test_an_impossible_date_resolves_to_nothing() -> None:
    stored = open_bytes("t", b"by 31 February 2016 and 2016-13-45. ")
    for when in times_in(stored, 0, len(stored.text)):
        assert resolve(when, None, "past").resolved is None
