"""The radio log: who has to be called when, what is overdue, and what was heard."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from safepassage.board.access import Who, page, room_of
from safepassage.board.pages import WAYS, Way, render
from safepassage.board.picture import Picture
from safepassage.board.wall.going import place_name
from safepassage.board.wall.heard import late_departures, over
from safepassage.board.wall.told import in_words, who_says
from safepassage.board.wording import later
from safepassage.ledger.decided import Check
from safepassage.ledger.situation import STALE
from safepassage.scenario.scenario import Scenario

POSTS_EVERY = timedelta(minutes=60)
"""Assumed: a post is called at least so often while convoys are on the road."""


@dataclass(frozen=True, slots=True)
class Call:
    """Whom to call: the last word from them, and by when the next one is due."""

    who: str
    kind: str
    last: datetime | None
    due: datetime
    overdue: bool
    place: str


async def radio(request: Request) -> Response:
    """Show the calls and what was heard by radio."""
    room = room_of(request)
    who: Who = request.state.who
    picture = await room.picture(age=2.0)
    language = who.session.language
    heard = [
        (one, who_says(one), in_words(room.scenario, one, language, room.number_of))
        for one in reversed(picture.recent)
        if one.source is not None and one.source.channel in {"radio", "device"}
    ]
    return render(
        request,
        "working/radio.html.j2",
        calls=calls(room.scenario, picture, language),
        heard=heard[:40],
        every=int(STALE.total_seconds() // 60),
    )


def calls(scenario: Scenario, picture: Picture, language: str) -> tuple[Call, ...]:
    """Return whom to call, the most overdue first: convoys on the road, then posts."""
    found = []
    now = picture.situation
    for one in now.convoys.values():
        if not over(one, picture):
            # A call that was agreed with those who wait takes the place of the usual rhythm.
            agreed = [x.next_call for x in now.aboard if x.convoy == one.convoy and x.next_call]
            due = min(agreed, default=one.reported_at + STALE)
            place = place_name(scenario, one.place, language)
            found.append(Call(one.convoy, "convoy", one.reported_at, due, due <= picture.at, place))
    # Who should have left and was not heard of is asked: nobody knows whether the wheels roll.
    for late in late_departures(picture):
        place = place_name(scenario, late.start, language)
        found.append(Call(late.convoy, "convoy", None, late.planned, overdue=True, place=place))
    if found:
        last: dict[str, datetime] = {}
        for entry in picture.said:
            if isinstance(entry.body, Check) and entry.body.what == "comms" and entry.body.place:
                last[entry.body.place] = entry.heard_at
        for post in scenario.places:
            if post.kind == "checkpoint":
                heard = last.get(post.id)
                due = picture.at if heard is None else heard + POSTS_EVERY
                name = post.name(language)
                found.append(Call(name, "post", heard, due, due <= picture.at, post.id))
    return tuple(sorted(found, key=lambda one: one.due))


WAYS.append(Way("/radio", later("Radio"), "see radio", "r"))
ROUTES: list[Route] = [page("/radio", radio, "see radio")]
