"""Known: two people of two roles release a text, one takes it down, and doubt is shown."""

from safepassage.ledger.decided import Correction
from safepassage.ledger.folding import situation
from safepassage.ledger.said import Guarantee, Term, Withdrawal
from safepassage.ledger.told import Notice as NoticeEntry
from safepassage.ledger.told import Publication
from safepassage.report.public.released import with_doubts
from safepassage.report.public.telling import telling
from tests.ledger.writing import clock, enter
from tests.report.public.noticing import (
    TEXT,
    propose,
    release,
    room,
    scenario,
    state,
    take_down,
)


def test_one_person_releases_nothing_however_often() -> None:
    ledger = room()
    read = propose(ledger)
    release(ledger, read, "rep-1", "reporting")
    release(ledger, read, "rep-1", "reporting", at=clock(12, 20))
    assert state(ledger).current is None


def test_two_people_of_two_roles_release_it() -> None:
    ledger = room()
    read = propose(ledger)
    release(ledger, read, "rep-1", "reporting")
    release(ledger, read, "head-1", "head")
    now = state(ledger).current
    assert now is not None
    assert now.notice.text_hash == read.text_hash
    assert state(ledger).waiting == ()


def test_a_role_that_the_person_does_not_hold_or_an_observer_does_not_count() -> None:
    ledger = room()
    read = propose(ledger)
    release(ledger, read, "rep-1", "reporting")
    release(ledger, read, "move-1", "head")
    release(ledger, read, "eye-1", "observer")
    assert state(ledger).current is None


def test_what_was_released_is_the_text_that_was_read_and_no_other() -> None:
    ledger = room()
    first = propose(ledger)
    release(ledger, first, "rep-1", "reporting")
    # The text changes under the same id: the first person's yes was for other words.
    propose(ledger, TEXT.replace("A seat costs nothing.", "A seat costs 100."), at=clock(12, 8))
    release(ledger, first, "head-1", "head")
    assert state(ledger).current is None


def test_a_notice_whose_hash_is_not_its_text_is_never_released() -> None:
    ledger = room()
    enter(ledger, NoticeEntry("leaving-15-december", TEXT, "a" * 64, "rep-1"), at=clock(12, 5))
    for person, role in (("rep-1", "reporting"), ("head-1", "head")):
        enter(
            ledger,
            Publication("leaving-15-december", "a" * 64, person, role),
            at=clock(12, 10),
        )
    assert state(ledger).current is None


def test_one_person_takes_it_down_and_two_are_needed_again() -> None:
    ledger = room()
    read = propose(ledger)
    release(ledger, read, "rep-1", "reporting")
    release(ledger, read, "head-1", "head")
    take_down(ledger, read)
    now = state(ledger)
    assert now.current is None
    assert now.taken_down
    down = f"takedown-{ledger.tail()[0]}"
    enter(ledger, Correction(down, "a mistake"), at=clock(13, 5))
    assert state(ledger).current is None, "a correction must not publish anything"


def test_the_old_text_stays_until_the_new_one_is_released() -> None:
    ledger = room()
    read = propose(ledger)
    release(ledger, read, "rep-1", "reporting")
    release(ledger, read, "head-1", "head")
    new = propose(ledger, TEXT.replace("warm clothes", "blankets"), at=clock(13))
    now = state(ledger).current
    assert now is not None
    assert now.notice.text_hash == read.text_hash
    release(ledger, new, "rep-1", "reporting", at=clock(13, 5))
    release(ledger, new, "move-1", "movement", at=clock(13, 6))
    after = state(ledger)
    assert after.current is not None
    assert after.current.notice.text_hash == new.text_hash
    assert after.replaced is not None


def test_a_line_on_a_withdrawn_guarantee_or_a_reopened_clause_is_told_as_being_checked() -> None:
    ledger = room()
    promised, clause = enter(
        ledger,
        Guarantee("government", ("ramouseh",), "radio-1"),
        Term("leave", "exit", "People may leave.", "agreed"),
        at=clock(12, 1),
    )
    text = TEXT.replace('topic = "agreed"', f'topic = "agreed"\nrests_on = ["{promised}"]').replace(
        'topic = "may_go"', f'topic = "may_go"\nrests_on = ["{clause}"]'
    )
    read = propose(ledger, text)
    release(ledger, read, "rep-1", "reporting")
    release(ledger, read, "head-1", "head")

    def doubted() -> tuple[tuple[int, str], ...]:
        current = state(ledger).current
        assert current is not None
        now = situation(ledger, at=clock(14), scenario=scenario())
        entries = [one for one in map(ledger.find, (promised, clause)) if one is not None]
        return with_doubts(current, now, entries, at=clock(14)).doubted

    assert doubted() == ()
    enter(ledger, Withdrawal("government", ("ramouseh",), promised), at=clock(13))
    assert [number for number, _ in doubted()] == [1]
    enter(ledger, Term("leave", "exit", "People may leave.", "open"), at=clock(13, 1))
    assert [number for number, _ in doubted()] == [1, 3]
    now = state(ledger)
    assert now.current is not None
    current = with_doubts(
        now.current,
        situation(ledger, at=clock(14), scenario=scenario()),
        [one for one in map(ledger.find, (promised, clause)) if one is not None],
        at=clock(14),
    )
    told = telling(type(now)(current, ()), "en", scenario(), mode="LIVE", at=clock(14))
    agreed = next(one for one in told.sections if one.topic == "agreed")
    assert agreed.sentences == ("This is being checked again. It may no longer hold.",)
    assert told.short is not None
    assert "being checked" in told.short
