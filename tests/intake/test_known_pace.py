"""Known: slowed down, never shut out; an address is a hash that changes every day."""

from pathlib import Path

from safepassage.intake.pace import Paces
from tests.intake.visiting import Host


def test_a_burst_is_slowed_and_the_words_are_kept(tmp_path: Path) -> None:
    host = Host(tmp_path)
    visitor = host.visitor()
    tokens = [visitor.token() for _ in range(9)]
    replies = [
        visitor.ask(f"thing {number}", token=one, waits=5.0 if number == 0 else 0.0)
        for number, one in enumerate(tokens)
    ]
    assert [one.status for one in replies] == [200] * 6 + [429] * 3
    assert "thing 8" in replies[-1].text
    host.clock.now += 30
    assert visitor.ask("thing 8").status == 200


def test_another_address_is_not_slowed_by_the_first(tmp_path: Path) -> None:
    host = Host(tmp_path)
    for number in range(8):
        host.visitor("192.0.2.1").ask(f"junk {number}", waits=3.1)
    assert host.visitor("192.0.2.2").ask("a question").status == 200


def test_a_bucket_refills_and_the_oldest_visitor_is_forgotten_first() -> None:
    paces = Paces(size=2, a_second=0.5, most=2)
    assert [paces.take("a", 0.0) for _ in range(3)] == [True, True, False]
    assert paces.take("a", 2.0)
    assert not paces.take("a", 2.0)
    paces.take("b", 2.0)
    paces.take("c", 2.0)
    assert paces.take("a", 2.0), "forgotten, so it starts anew"


def test_the_key_of_the_hash_changes_with_the_day() -> None:
    paces = Paces(size=1, a_second=0.0)
    first = paces._hash("192.0.2.1", 0.0)
    assert first == paces._hash("192.0.2.1", 86_399.0)
    assert first != paces._hash("192.0.2.1", 86_400.0)


def test_a_clock_that_goes_back_gives_nothing_for_free() -> None:
    paces = Paces(size=1, a_second=1.0)
    assert paces.take("a", 100.0)
    assert not paces.take("a", 50.0)
