"""What the tests of the public host share: a folder, a clock in hand, and a visitor."""

import re
from pathlib import Path

from starlette.applications import Starlette
from starlette.testclient import TestClient

from safepassage.intake.app import make_app
from safepassage.intake.desk import Desk
from safepassage.intake.folder import make_folder

START = 1_481_800_000.0


class Clock:
    """A clock that moves only when told."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now


class Host:
    """A public host with its folder and its key."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "host"
        self.key = folder / "cell.key"
        make_folder(self.folder, self.key)
        self.clock = Clock()
        self.app: Starlette = make_app(self.folder, clock=self.clock)

    @property
    def desk(self) -> Desk:
        desk: Desk = self.app.state.desk
        return desk

    def visitor(self, address: str = "192.0.2.1") -> "Visitor":
        return Visitor(self, address)


class Visitor:
    """Somebody with a browser that runs no script."""

    def __init__(self, host: Host, address: str) -> None:
        self._host = host
        self.client = TestClient(host.app, client=(address, 50_000))

    def token(self, path: str = "/en/ask") -> str:
        found = re.search(r'name="token" value="([^"]+)"', self.client.get(path).text)
        assert found
        return found.group(1)

    def ask(
        self, message: str, category: str = "question", *, waits: float = 5.0, **more: str
    ) -> "Reply":
        token = more.pop("token", None) or self.token()
        self._host.clock.now += waits
        data = {"token": token, "category": category, "message": message, **more}
        answer = self.client.post("/en/ask", data=data)
        return Reply(answer.status_code, answer.text)

    def look(self, code: str) -> "Reply":
        answer = self.client.post("/en/answer", data={"code": code})
        return Reply(answer.status_code, answer.text)


class Reply:
    """A page that came back."""

    def __init__(self, status: int, text: str) -> None:
        self.status = status
        self.text = text

    @property
    def code(self) -> str:
        found = re.search(r'class="code"><bdi>([0-9A-Z-]+)<', self.text)
        return found.group(1) if found else ""
