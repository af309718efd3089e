"""Every form of every page of the board, as a browser would find it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

from starlette.routing import BaseRoute, Route
from starlette.testclient import TestClient

from safepassage.board.app import all_routes
from tests.board import mission

NO_PAGE = re.compile(r"^/stream/|\.(pdf|md|csv|json|ics|svg|js|zip)$|^/device/")
"""Streams, files, and what is the phone's own."""
TYPED = {"text", "search", "number", "password", "datetime-local", "email", "tel", "url"}


@dataclass(frozen=True)
class Field:
    """One input: its name, its kind, and what it holds or may hold (of a select)."""

    name: str
    kind: str
    values: tuple[str, ...]

    @property
    def typed(self) -> bool:
        """Whether somebody types into it."""
        return self.kind in {*TYPED, "textarea"}


@dataclass(frozen=True)
class Form:
    """One form that is posted."""

    page: str
    action: str
    fields: tuple[Field, ...]

    def filled(self, typed: dict[str, str]) -> dict[str, str]:
        """Return what is sent when this is typed and all else is left as it stands."""
        found = {}
        for one in self.fields:
            if one.name in typed:
                found[one.name] = typed[one.name]
            elif one.kind in {"hidden", "select", "radio", "button"} and one.values:
                found[one.name] = one.values[-1]
        return found


class _Reader(HTMLParser):
    """Reads the forms of one page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.page = page
        self.forms: list[Form] = []
        self._action: str | None = None
        self._fields: list[Field] = []
        self._select: tuple[str, list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if tag == "form":
            posts = given.get("method", "get").lower() == "post"
            self._action = given.get("action", self.page) if posts else None
            self._fields = []
        elif self._action is None:
            return
        elif tag == "input" and given.get("name"):
            kind = given.get("type", "text")
            value = (given["value"],) if "value" in given else ()
            self._fields.append(Field(given["name"], kind, value))
        elif tag == "textarea" and given.get("name"):
            self._fields.append(Field(given["name"], "textarea", ()))
        elif tag == "select" and given.get("name"):
            self._select = (given["name"], [])
        elif tag == "option" and self._select is not None:
            self._select[1].append(given.get("value", ""))
        elif tag == "button" and given.get("name"):
            self._fields.append(Field(given["name"], "button", (given.get("value", ""),)))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self._select is not None:
            self._fields.append(Field(self._select[0], "select", tuple(self._select[1])))
            self._select = None
        elif tag == "form" and self._action is not None:
            self.forms.append(Form(self.page, self._action, tuple(self._fields)))
            self._action = None


def pages() -> list[str]:
    """Return the address of every page of the room, whatever rooms of the board add."""
    found = []
    for route in all_routes():
        if isinstance(route, Route) and "GET" in (route.methods or ()):
            path = route.path.replace("{convoy}", mission.convoys()[2])
            if "{" not in path and not NO_PAGE.search(path):
                found.append(path)
    return found


def posted(routes: list[BaseRoute]) -> set[str]:
    """Return the paths that take something in."""
    return {one.path for one in routes if isinstance(one, Route) and "POST" in (one.methods or ())}


def forms_of(client: TestClient, page: str) -> Iterator[Form]:
    """Yield the forms of a page, each kind once."""
    answer = client.get(page)
    if answer.status_code != 200:
        return
    reader = _Reader(page.partition("?")[0])
    reader.feed(answer.text)
    seen = set()
    for one in reader.forms:
        key = (re.sub(r"c\d+", "c", one.action), tuple(field.name for field in one.fields))
        if key not in seen:
            seen.add(key)
            yield one
