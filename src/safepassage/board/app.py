"""The board as a web application: the pages of all its rooms over one `Room`.

A room of the board hands in a list of routes, made with `access.page`; nothing else is served.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from safepassage.board import entrance
from safepassage.board.access import Door
from safepassage.board.deciding import routes as deciding
from safepassage.board.documents import routes as documents
from safepassage.board.entering import routes as entering
from safepassage.board.exercise.player import play
from safepassage.board.exercise.script import Line
from safepassage.board.groups import routes as groups
from safepassage.board.mapping import routes as mapping
from safepassage.board.pages import STATIC
from safepassage.board.phone import routes as phone
from safepassage.board.planning import routes as planning
from safepassage.board.reports import routes as reports
from safepassage.board.room import Room
from safepassage.board.telling import routes as telling
from safepassage.board.telling.host import PublicHost
from safepassage.board.wall import routes as wall
from safepassage.board.wall.stream import Screens
from safepassage.board.working import routes as working

LOOPBACK = ("127.0.0.1", "localhost", "::1")
OPEN_TO_DEVICES: tuple[str, ...] = ("/device/",)
"""Paths whose every request carries a device's own proof, and no cookie."""


def all_routes() -> list[BaseRoute]:
    """Return the routes of every room of the board."""
    return [
        *entrance.ROUTES,
        *wall.ROUTES,
        *mapping.ROUTES,
        *entering.ROUTES,
        *deciding.ROUTES,
        *working.ROUTES,
        *planning.ROUTES,
        *documents.ROUTES,
        *phone.ROUTES,
        *groups.ROUTES,
        *telling.ROUTES,
        *reports.ROUTES,
    ]


def make_app(
    room: Room,
    *,
    hosts: Collection[str] = LOOPBACK,
    public: PublicHost | None = None,
    script: Sequence[Line] = (),
) -> Starlette:
    """Return the board of a room.

    `hosts` are the names under which browsers reach it, `public` the public host that it writes
    pages for and reads messages of, `script` what is played into it in a drill.
    """

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await room.open()
        app.state.screens = Screens(room)
        beside = [] if public is None else [asyncio.create_task(public.keep(room))]
        beside += [asyncio.create_task(play(room, script))] if script else []
        try:
            yield
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
            await app.state.screens.close()
            await room.close()

    app = Starlette(
        routes=[*all_routes(), Mount("/static", _Static(directory=STATIC))],
        middleware=[Middleware(Door, hosts=hosts, open_to_devices=OPEN_TO_DEVICES)],
        exception_handlers={403: entrance.refused},
        lifespan=lifespan,
    )
    app.state.room = room
    app.state.public = public
    return app


class _Static(StaticFiles):
    """Files of the package: their address holds their content, so browsers may keep them."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one file."""

        async def kept(message: dict[str, object]) -> None:
            if message["type"] == "http.response.start" and scope.get("query_string"):
                headers = message.setdefault("headers", [])
                assert isinstance(headers, list)  # noqa: S101 - as ASGI says
                headers.append((b"cache-control", b"public, max-age=31536000, immutable"))
            await send(message)

        await super().__call__(scope, receive, kept)  # type: ignore[arg-type] # ASGI's own looseness
