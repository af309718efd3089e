"""Whatever is sent to the board, it answers: a refusal, never a fault of the program.

Requests are made by schemathesis from a description of every address, as the head of the room. Left
out are streams, what starts child processes, and what would log everybody out.
"""

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from starlette.routing import Route
from starlette.testclient import TestClient

from safepassage.board.app import all_routes, make_app
from safepassage.board.groups.routes import FORMS
from safepassage.ledger.kinds import KINDS
from tests.board.mission import PASSWORD, afternoon, convoys, new_place, room_of

BASE = "http://localhost"
LEFT_OUT = (
    *("/stream", "/logout", "/password", "/login", "/people", "/purge/now", "/language"),
    *("/plan/", "/documents/sheets", "/documents/go-no-go", "/reports", "/clearance/{convoy}/ask"),
)
JSON_BODIES = ("/device/", "/phones/relay/")
FIELDS = sorted(
    {one.name for kind in KINDS.values() for one in dataclasses.fields(kind)}
    | {"id", "heard_at", "post", "number", "device", "seen", "convoy", "hold", "role", "person"}
    | {"source.channel", "source.person", "source.quote", "load.walking", "notice", "languages"}
)
QUERY = ("kind", "about", "lang", "token", "first", "number", "form", "after", "person", "place")
TEXT = {"type": "string", "maxLength": 60}
LINES = {"type": "array", "maxItems": 4, "items": TEXT}


def described(routes: list[Route]) -> dict[str, Any]:
    """Return an OpenAPI document of the routes that may be asked for."""
    paths: dict[str, Any] = {}
    for route in routes:
        if route.path.startswith(LEFT_OUT) or route.path.endswith(".pdf"):
            continue
        for method in sorted((route.methods or set()) - {"HEAD"}):
            paths.setdefault(route.path, {})[method.lower()] = _operation(route, method)
    info = {"title": "board", "version": "1"}
    return {"openapi": "3.0.3", "info": info, "paths": paths}


def _operation(route: Route, method: str) -> dict[str, Any]:
    parameters: list[dict[str, Any]] = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"anyOf": [{"enum": [*FORMS, *convoys()[:2]]}, TEXT]},
        }
        for name in route.param_convertors
    ]
    found: dict[str, Any] = {
        "parameters": parameters,
        "responses": {"default": {"description": ""}},
    }
    if method == "GET":
        parameters += [{"name": one, "in": "query", "schema": TEXT} for one in QUERY]
        return found
    if route.path.startswith(JSON_BODIES):
        body = {
            "type": "object",
            "properties": {
                **dict.fromkeys(("device", "signature", "clock", "page", "code", "line"), TEXT),
                "key": {"anyOf": [TEXT, {"type": "string", "pattern": "^[0-9a-f]{64}$"}]},
                "lines": {"anyOf": [LINES, {}]},
                "n": {},
            },
        }
        media = "application/json"
    else:
        body = {"type": "object", "properties": dict.fromkeys(FIELDS, TEXT)}
        media = "application/x-www-form-urlencoded"
    found["requestBody"] = {"content": {media: {"schema": body}}}
    return found


def _asked(client: TestClient, case: Any) -> int:
    """Send one request as it was drawn; return the status."""
    given_: dict[str, Any] = {}
    body = case.body
    if isinstance(body, dict) and case.media_type != "application/json":
        given_["data"] = {str(key): _plain(value) for key, value in body.items()}
    elif case.method != "GET":
        try:
            given_["content"] = json.dumps(body, default=str).encode("utf-8", "surrogatepass")
        except (TypeError, ValueError, RecursionError):
            given_["content"] = b"{"
    query = {str(key): _plain(value) for key, value in (case.query or {}).items()}
    path = case.formatted_path.encode("utf-8", "ignore").decode()
    return client.request(case.method, path or "/", params=query, **given_).status_code


def _plain(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    return text.encode("utf-8", "ignore").decode()


def _all_asked(folder: Path, each: int) -> int:
    """Ask every address `each` times; return how many requests were made."""
    place = new_place(folder)
    afternoon(place)
    routes = [one for one in all_routes() if isinstance(one, Route)]
    schema = schemathesis.openapi.from_dict(described(routes))
    asked = 0
    app = make_app(room_of(place), hosts=("localhost",))
    with TestClient(
        app, base_url=BASE, follow_redirects=False, raise_server_exceptions=False
    ) as client:
        client.headers |= {"origin": BASE, "accept": "text/html"}
        data = {"call_sign": "Head-1", "password": PASSWORD}
        assert client.post("/login", data=data).status_code == 303
        for found in schema.get_all_operations():
            operation = found.ok()

            @settings(
                max_examples=each,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
                database=None,
            )
            @given(case=operation.as_strategy())
            def ask(case: Any) -> None:
                nonlocal asked
                asked += 1
                status = _asked(client, case)
                assert status < 500, (case.method, case.formatted_path, case.body, status)

            ask()
    return asked


def test_no_request_makes_the_board_fail(tmp_path: Path) -> None:
    assert _all_asked(tmp_path, 3) > 150


@pytest.mark.proof
def test_ten_thousand_requests_and_none_makes_the_board_fail(tmp_path: Path) -> None:
    assert _all_asked(tmp_path, 150) >= 10_000
