"""Known: a notice is checked whole, and gives nothing exact away that it does not name."""

import pytest

from safepassage.report.public.exact import exact_in, releases_of, unreleased
from safepassage.report.public.notice import NoticeError, read_notice
from safepassage.report.public.short import parts_of
from tests.report.public.noticing import TEXT, notice, scenario


def test_the_notice_of_the_case_names_no_place_and_no_time() -> None:
    assert unreleased(notice(), scenario()) == ()
    assert releases_of(notice()) == ()


def test_every_fault_of_a_notice_is_named_at_once() -> None:
    wrong = (
        TEXT.replace('topic = "free"', 'topic = "fee"')
        .replace('languages = ["en", "ar"]', 'languages = ["en", "ar", "tlh"]')
        .replace('ar = "خلية الإجلاء"', 'ar = " "')
        .replace('urgency = "Expected"', 'urgency = "Soon"')
        .replace('id = "leaving-15-december"', 'id = "leaving 15"\nsurprise = 1')
    )
    with pytest.raises(NoticeError) as found:
        read_notice(wrong)
    paths = {one.path for one in found.value.faults}
    assert {"line[7].topic", "line", "languages", "by.ar", "alert.urgency", "id", "surprise"} <= (
        paths
    )


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("Buses leave at 14:30.", "times"),
        ("Be there at 9 o'clock", "times"),
        ("Be there at noon.", "times"),
        ("at 1430 hrs", "times"),
        ("at nine we go", "times"),
        ("Come to Ramouseh post now", "ramouseh"),
        ("Come to AL-AMIRIYAH!", "amiriyah"),
        ("go to rashidin4 please", "rashidin4"),
    ],
)
def test_an_exact_time_or_place_is_found_in_english(words: str, what: str) -> None:
    changed = read_notice(TEXT.replace("Towards Idlib. You are told", f"{words} You are told"))
    assert what in {one.what for one in exact_in(changed, scenario())}
    assert unreleased(changed, scenario())


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("تعالوا إلى العامرية", "amiriyah"),
        ("تجمعوا بالعامرية", "amiriyah"),
        ("الساعة ٢", "times"),
        ("عند ١٤:٣٠", "times"),
        ("إلى الرّاموسة", "ramouseh"),
    ],
)
def test_an_exact_time_or_place_is_found_in_arabic(words: str, what: str) -> None:
    changed = read_notice(TEXT.replace("باتجاه إدلب. تُبلَّغون", f"{words}. تُبلَّغون"))
    assert what in {one.what for one in exact_in(changed, scenario())}


def test_a_date_and_a_number_of_people_are_no_time_of_day() -> None:
    changed = read_notice(
        TEXT.replace("Towards Idlib. You", "On 15.12.2016 about 5,000 people, 20 buses. You")
    )
    assert exact_in(changed, scenario()) == ()


def test_what_is_exact_may_be_written_once_the_notice_releases_it() -> None:
    changed = read_notice(
        TEXT.replace("Towards Idlib. You", "From Al-Amiriyah at 14:30. You")
        + '\n[releases]\nplaces = ["amiriyah"]\ntimes = true\n'
    )
    assert unreleased(changed, scenario()) == ()
    assert releases_of(changed) == ("amiriyah", "times")


def test_coordinates_and_hidden_turns_of_direction_are_refused() -> None:
    wrong = TEXT.replace("Towards Idlib. You", "36.1603, 37.0961 You").replace(
        "A seat costs nothing.", "A seat \u202ecosts nothing."
    )
    with pytest.raises(NoticeError, match="no position is ever published") as found:
        read_notice(wrong)
    assert "hidden characters" in str(found.value)


def test_a_short_text_is_counted_as_the_phone_network_counts_it() -> None:
    # 3GPP TS 23.038: 160 and 2 x 153 GSM characters; 70 and 2 x 67 as soon as one is Arabic.
    assert [len(parts_of("a" * length)) for length in (160, 161, 306, 307)] == [1, 2, 2, 3]
    assert [len(parts_of("ب" * length)) for length in (70, 71, 134, 135)] == [1, 2, 2, 3]
    assert len(parts_of("€" * 80)) == 1
    assert len(parts_of("€" * 81)) == 2
    assert "".join(parts_of("ab€" * 100)) == "ab€" * 100


def test_a_short_text_of_three_messages_is_refused() -> None:
    wrong = TEXT.replace("Leaving is your choice, free.", "Leaving is your choice, free. " * 8)
    with pytest.raises(NoticeError, match=r"short\.en: got 3 messages"):
        read_notice(wrong)
