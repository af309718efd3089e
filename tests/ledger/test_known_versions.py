"""Whether the parties' versions of a term are the same."""

import pytest

from safepassage.ledger.versions import versions_differ


@pytest.mark.parametrize(
    "versions",
    [
        {},
        {"a": "Five hundred."},
        {"a": "Five hundred.", "b": " five  HUNDRED "},
        {"a": "٥٠٠ شخص", "b": "٥٠٠ شخص."},
        {"a": "caf\u00e9", "b": "cafe\u0301"},
    ],
)
def test_spaces_capitals_and_the_marks_at_the_end_are_no_difference(
    versions: dict[str, str],
) -> None:
    assert not versions_differ(versions)


@pytest.mark.parametrize(
    "versions",
    [
        {"a": "500", "b": "5000"},
        {"a": "At the loading place.", "b": "Not at the loading place."},
        {"a": "same", "b": "same", "c": "other"},
    ],
)
def test_every_other_letter_and_digit_is_a_difference(versions: dict[str, str]) -> None:
    assert versions_differ(versions)
