"""The wall page, the liaison view, and their live stream."""

from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from safepassage.board.access import Who, page, room_of
from safepassage.board.pages import context, render
from safepassage.board.wall.tiles import LAYOUT, tiles
from safepassage.board.wording import words


async def wall(request: Request) -> Response:
    """Show the wall: may we go, what expires, where is each convoy, who has arrived."""
    return await _view(request, _wall_for(request))


async def liaison(request: Request) -> Response:
    """Show what may stand in a room with officers of the parties."""
    return await _view(request, "liaison")


async def wall_stream(request: Request) -> Response:
    """Send the wall as it changes."""
    return _stream(request, _wall_for(request))


async def liaison_stream(request: Request) -> Response:
    """Send the liaison view as it changes."""
    return _stream(request, "liaison")


def _wall_for(request: Request) -> str:
    """Return the view of the wall for who asks: the desk has no contacts and no positions."""
    who: Who = request.state.who
    return "wall" if who.may("see contacts") and who.may("see positions") else "desk"


async def _view(request: Request, view: str) -> Response:
    room = room_of(request)
    if view == "wall":
        room.reads.note(request.state.who.person, "wall", at=room.clock())
    picture = await room.picture(age=2.0)
    said = words(context(request)["words"].language)
    return render(
        request,
        "wall.html.j2",
        view=view,
        picture=picture,
        parts=tiles(room, picture, view, said),
        layout=LAYOUT[view],
    )


def _stream(request: Request, view: str) -> Response:
    language = request.state.who.session.language
    frames: AsyncIterator[bytes] = request.app.state.screens.frames(view, language)
    return StreamingResponse(
        frames, media_type="text/event-stream", headers={"cache-control": "no-store"}
    )


ROUTES: list[Route] = [
    page("/", wall, "see wall"),
    page("/liaison", liaison, "see liaison"),
    page("/stream/wall", wall_stream, "see wall"),
    page("/stream/liaison", liaison_stream, "see liaison"),
]
