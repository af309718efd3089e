"""What a schedule under construction lets board, worked out by hand."""

from safepassage.planner.timelines import Standing, Stock


def test_persons_who_stand_at_once_never_exceed_the_limit() -> None:
    standing = Standing(10)
    standing.book(0, 600, 6)
    standing.book(300, 900, 4)
    assert standing.room(300, 600) == 0
    assert standing.room(0, 300) == 4
    assert standing.room(0, 301) == 0
    assert standing.room(600, 900) == 6
    assert standing.room(900, 901) == 10


def test_the_next_gain_is_the_next_moment_at_which_more_come() -> None:
    stock = Stock()
    stock.change(0, 5)
    stock.change(50, -3)
    stock.change(100, 4)
    assert stock.next_gain(0) == 100
    assert stock.next_gain(100) is None
