"""The page of the map, live, and the picture of its roads."""

from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from safepassage.board.access import Who, page, room_of
from safepassage.board.pages import WAYS, Way, context, render
from safepassage.board.wall.tiles import tiles
from safepassage.board.wording import later, words


async def chart(request: Request) -> Response:
    """Show the map with its tables beside it."""
    room = room_of(request)
    view = _view(request)
    if view == "map":
        room.reads.note(request.state.who.person, "map", at=room.clock())
    picture = await room.picture(age=2.0)
    said = words(context(request)["words"].language)
    return render(
        request, "mapping/page.html.j2", picture=picture, parts=tiles(room, picture, view, said)
    )


async def stream(request: Request) -> Response:
    """Send the map as it changes."""
    language = request.state.who.session.language
    frames: AsyncIterator[bytes] = request.app.state.screens.frames(_view(request), language)
    return StreamingResponse(
        frames, media_type="text/event-stream", headers={"cache-control": "no-store"}
    )


async def roads(request: Request) -> Response:
    """Return the roads that are no legs as a picture; its address changes with it."""
    room = room_of(request)
    drawing = room.roads.now(room)
    if drawing is None:
        return Response("no roads are drawn", 404)
    return Response(
        drawing.ground,
        media_type="image/svg+xml",
        headers={"cache-control": "private, max-age=86400"},
    )


def _view(request: Request) -> str:
    """Return the view for who asks: without convoys for those who may not know where they are."""
    who: Who = request.state.who
    return "map" if who.may("see positions") else "desk map"


WAYS.append(Way("/map", later("Map"), "see wall", "z"))
ROUTES: list[Route] = [
    page("/map", chart, "see wall"),
    page("/map/roads.svg", roads, "see wall"),
    page("/stream/map", stream, "see wall"),
]
