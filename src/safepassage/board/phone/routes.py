"""The addresses of the phones, and the room's pages about them: enrol, revoke, take in by hand."""

import json
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from safepassage.board.access import Who, open_page, page, room_of
from safepassage.board.pages import WAYS, Way, render, teller
from safepassage.board.phone.codes import qr_svg
from safepassage.board.phone.desk import Desk, opened_signature, text_of
from safepassage.board.phone.enrolment import (
    LIFE,
    EnrolError,
    enrol,
    enrol_words,
    enrolled_with,
    phones_in,
    revoke,
    voice_of,
    word_of,
)
from safepassage.board.phone.expanding import Phone, expand, sign_of
from safepassage.board.phone.page import phone_page, worker_script
from safepassage.board.phone.report import COUNTED, LineError
from safepassage.board.phone.spoken import read_spoken
from safepassage.board.wording import later, words
from safepassage.ledger.canonical import Plain
from safepassage.ledger.entry import Message
from safepassage.ledger.fields import WrongError, public_key
from safepassage.ledger.said import Statement
from safepassage.ledger.signer import signature_fits
from safepassage.ledger.source import Source
from safepassage.scenario.scenario import Scenario

LONGEST_BODY = 256 * 1024
KEPT = "private, max-age=604800"
"""The page opens from the phone's own store for a week, with no network and no service worker."""
WAYS.append(Way("/phones", later("Phones"), "see devices", "p"))


def desk_of(request: Request) -> Desk:
    """Return the desk of the room that an app serves, made when it is first asked for."""
    state = request.app.state
    if not hasattr(state, "desk"):
        state.desk = Desk(room_of(request))
    desk = state.desk
    assert isinstance(desk, Desk)  # noqa: S101 - made here
    return desk


# --- what phones ask for


async def phone(request: Request) -> Response:
    """Serve the phone's page: one text, nothing beside it."""
    del request
    made = phone_page()
    headers = {"content-security-policy": made.policy, "cache-control": KEPT}
    return HTMLResponse(made.html, headers=headers)


async def worker(request: Request) -> Response:
    """Serve the service worker; browsers take it over https only."""
    del request
    headers = {"content-security-policy": "default-src 'none'; connect-src 'self'"}
    return Response(worker_script(), media_type="text/javascript", headers=headers)


async def enrol_phone(request: Request) -> Response:
    """Enrol the phone that shows a code of ours, with the key that it has made."""
    desk = desk_of(request)
    raw = await _body(request)
    if raw is None:
        return _told(request, {"why": "want an object of at most 256 KiB"}, 400)
    if not desk.enrolling.allows(_address(request)):
        return _told(request, {"why": "too many tries: wait a minute"}, 429)
    try:
        key = public_key(raw.get("key"))
    except WrongError as error:
        return _told(request, {"why": f"the key: want {error}"}, 400)
    code = text_of(raw, "code")
    # Whoever only knows a phone's public key is not that phone.
    if not signature_fits(key, enrol_words(code), opened_signature(raw)):
        return _told(request, {"why": "the signature does not fit the key"}, 400)
    found = await enrolled_with(desk.room, key)
    if found is None:
        try:
            sign = desk.codes.use(code, at=datetime.now(UTC))
            found = await enrol(desk.room, sign, key)
        except EnrolError as error:
            return _told(request, {"why": str(error)}, 403)
        desk.forget()
    return JSONResponse(await _welcome(desk, found))


async def report(request: Request) -> Response:
    """Take in what a phone sends."""
    raw = await _body(request)
    if raw is None:
        return _told(request, {"why": "want an object of at most 256 KiB"}, 400)
    answer = await desk_of(request).report(raw, _address(request))
    return _told(request, answer.body, answer.status)


# --- what the room does


async def phones(request: Request) -> Response:
    """Show the phones, when each was heard, and the way to enrol one."""
    return await _phones(request)


async def make_code(request: Request) -> Response:
    """Make a code that enrols one phone as a counter at a post, and show it."""
    form = await request.form()
    room, desk = room_of(request), desk_of(request)
    post, number = str(form.get("post", "")), str(form.get("number", "1"))
    if post not in room.scenario.place or not number.isdigit() or not 0 < int(number[:4]) < 100:
        return await _phones(request, fault="want a post of the mission and a counter from 1 to 99")
    try:
        code = desk.codes.make(sign_of(post, int(number)), at=datetime.now(UTC))
    except EnrolError as error:
        return await _phones(request, fault=error)
    address = f"{request.url.scheme}://{request.url.netloc}/device/phone"
    shown = "-".join(code[at : at + 4] for at in range(0, len(code), 4))
    # Codes last by this computer's clock; what it shows then is said by the room's.
    until = room.now_in_zone() + LIFE * room.speed
    return render(
        request,
        "phone_code.html.j2",
        post=room.scenario.place[post],
        sign=sign_of(post, int(number)),
        code=shown,
        address=address,
        until=until,
        loopback=request.url.hostname in {"127.0.0.1", "localhost", "::1"},
        qr=qr_svg(f"{address}#{code}"),
    )


async def revoke_phone(request: Request) -> Response:
    """Take a phone's right away; it wipes itself when it is next heard."""
    form = await request.form()
    room, desk = room_of(request), desk_of(request)
    device = str(form.get("device", ""))
    known = phones_in(await room.read(lambda ledger: dict(ledger.devices)))
    if device not in known:
        return await _phones(request, fault="want a phone of this list")
    if not known[device][1].revoked:
        who = request.state.who
        await revoke(room, device, person=who.person, why="revoked on the page of the phones")
    desk.forget()
    return RedirectResponse("/phones", 303)


async def relay(request: Request) -> Response:
    """Show the page that takes in QR codes and lines that were read out."""
    return render(request, "phone_relay.html.j2")


async def take_codes(request: Request) -> Response:
    """Take in a phone's reports that came by its QR codes."""
    raw = await _body(request)
    if raw is None:
        return _told(request, {"why": "want an object of at most 256 KiB"}, 400)
    answer = await desk_of(request).take(raw, _address(request))
    return _told(request, answer.body, answer.status)


async def take_line(request: Request) -> Response:
    """Take in a line that was read out, with the words as they were heard."""
    raw = await _body(request)
    line = None if raw is None else raw.get("line")
    if not isinstance(line, str):
        return _told(request, {"why": "line: want the words as they were read out"}, 400)
    room = room_of(request)
    known = phones_in(await room.read(lambda ledger: dict(ledger.devices)))
    listening = [one for one, device in known.values() if not device.revoked]
    picture = await room.picture(age=5.0)
    ids = _ids(room.scenario)
    if picture.plan is not None:
        for trip in picture.plan.plan.trips:
            ids += [one for one in (trip.convoy, trip.vehicle) if one is not None]
    now = room.clock()
    try:
        spoken = read_spoken(line, listening, list(dict.fromkeys(ids)), room.signer, at=now)
    except LineError as error:
        return _told(request, {"why": str(error)}, 422)
    messages = list(expand(spoken.report, spoken.phone).values())
    heard = Statement(
        speaker=spoken.phone.sign,
        quote=" ".join(line.split()).upper(),
        about=tuple(one.id for one in messages),
    )
    source = Source(channel="radio", person=request.state.who.person)
    messages.append(Message(f"heard:{uuid.uuid4().hex}", heard, source, now))
    receipts = await room.append(messages)
    own = receipts[:-1]
    refused = next((one for one in own if one.state == "refused"), None)
    if refused is not None:
        return _told(request, {"why": refused.why}, 409)
    desk_of(request).forget()
    return JSONResponse(
        {
            "counter": spoken.phone.sign,
            "number": spoken.report.number,
            "code": spoken.code,
            "known": all(one.state == "repeated" for one in own),
        }
    )


ROUTES: list[Route] = [
    open_page("/device/phone", phone),
    open_page("/device/worker.js", worker),
    open_page("/device/enrol", enrol_phone, methods=("POST",)),
    open_page("/device/report", report, methods=("POST",)),
    page("/phones", phones, "see devices"),
    page("/phones/code", make_code, "do enrol devices", methods=("POST",)),
    page("/phones/revoke", revoke_phone, "do enrol devices", methods=("POST",)),
    page("/phones/relay", relay, "see devices"),
    page("/phones/relay/codes", take_codes, "enter movement", methods=("POST",)),
    page("/phones/relay/line", take_line, "enter movement", methods=("POST",)),
]


# --- inside


async def _welcome(desk: Desk, found: Phone) -> dict[str, Plain]:
    """Return what a phone is given once: its name, the room's key, what it is told."""
    room = desk.room
    picture = await room.picture(age=1.0)
    totals: dict[str, Plain] = {}
    kinds = {counted: kind for kind, counted in COUNTED.items()}
    for key, tallies in picture.situation.counts.items():
        tally = tallies.get(found.sign)
        if tally is not None and key.place == found.post and key.what in kinds:
            shown: dict[str, Plain] = {"people": tally.people, "vehicles": None}
            totals[f"{kinds[key.what]}|{key.convoy or ''}"] = shown
    return {
        "device": found.device,
        "word": word_of(found.device),
        "sign": found.sign,
        "post": found.post,
        "room": room.signer.key,
        "voice": voice_of(room, found.device).hex(),
        "now": room.clock().isoformat(),
        "totals": totals,
        "state": await desk.told(found, fresh=True),
    }


async def _phones(request: Request, fault: object = None) -> Response:
    room, desk = room_of(request), desk_of(request)
    known = phones_in(await room.read(lambda ledger: dict(ledger.devices)))
    rows = [
        {
            "device": one,
            "word": word_of(one),
            "phone": phone_,
            "revoked": device.revoked,
            "heard": desk.heard.get(one),
            "old": one in desk.heard and desk.heard[one].page != phone_page().version,
        }
        for one, (phone_, device) in known.items()
    ]
    return render(
        request,
        "phones.html.j2",
        status=200 if fault is None else 422,
        rows=rows,
        fault=fault,
        places=room.scenario.places,
    )


def _ids(scenario: Scenario) -> list[str]:
    return [one.id for one in scenario.corridors] + [one.id for one in scenario.vehicles]


async def _body(request: Request) -> dict[str, Any] | None:
    """Return the object of a request; None where it is none, or too long."""
    taken = b""
    try:
        async for chunk in request.stream():
            taken += chunk
            if len(taken) > LONGEST_BODY:
                return None
        found = json.loads(taken)
    except (ValueError, RecursionError, ClientDisconnect):
        return None
    return found if isinstance(found, dict) else None


def _told(request: Request, body: Mapping[str, Plain], status: int) -> Response:
    """Return an answer whose reasons are said in the language of the phone, or of the session."""
    who: Who | None = getattr(request.state, "who", None)
    asked = request.query_params.get("lang", "en") if who is None else who.session.language
    tell = teller(room_of(request), words(asked))
    said = dict(body)
    if isinstance(why := said.get("why"), str):
        said["why"] = tell(why)
    if isinstance(faults := said.get("faults"), dict):
        said["faults"] = {number: tell(one) for number, one in faults.items()}
    if isinstance(receipts := said.get("receipts"), list):
        said["receipts"] = [
            [tell(part) if place == 2 else part for place, part in enumerate(one)]
            if isinstance(one, list)
            else one
            for one in receipts
        ]
    return JSONResponse(said, status)


def _address(request: Request) -> str:
    return request.client.host if request.client is not None else ""
