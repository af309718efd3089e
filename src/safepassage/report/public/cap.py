"""CAP 1.2 alerts of released information: Actual, Exercise or Test; Alert, Update or Cancel.

After the Common Alerting Protocol 1.2 (OASIS, 1 July 2010). An alert bears no shape and no point:
its area is in words, so that it tells nobody where people stand.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from xml.etree import ElementTree as ET

from safepassage.report.public.notice import Alert
from safepassage.report.public.released import PublicState, Released
from safepassage.report.public.telling import Telling
from safepassage.scenario.scenario import Scenario

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
Status = Literal["Actual", "Exercise", "Test"]
MessageType = Literal["Alert", "Update", "Cancel"]


class NoAlertError(ValueError):
    """There is nothing to alert about; the message says why."""


@dataclass(frozen=True, slots=True)
class _About:
    """Which notice an alert is about, what kind of message it is, and the one it refers to."""

    subject: Released
    alert: Alert
    message: MessageType
    earlier: Released | None
    sent: datetime


def cap_alert(
    state: PublicState,
    tellings: tuple[Telling, ...],
    scenario: Scenario,
    *,
    status: Status,
    at: datetime,
) -> bytes:
    """Return the alert for what is released now, or the Cancel of what was taken down.

    Raises
    ------
    NoAlertError
        If nothing was released, or the notice has no [alert] table.
    """
    about = _about(state, at)
    root = ET.Element("alert", xmlns=NAMESPACE)
    for name, text in (
        ("identifier", identifier_of(about.subject, about.message)),
        ("sender", about.alert.sender),
        ("sent", _moment(scenario, about.sent)),
        ("status", status),
        ("msgType", about.message),
        ("scope", "Public"),
    ):
        ET.SubElement(root, name).text = text
    earlier = about.earlier
    if earlier is not None and earlier.notice.alert is not None:
        ET.SubElement(root, "references").text = ",".join(
            (
                earlier.notice.alert.sender,
                identifier_of(earlier, "Alert"),
                _moment(scenario, earlier.since),
            )
        )
    for telling in tellings:
        if telling.language in about.subject.notice.languages:
            root.append(_info(about, telling, scenario))
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def identifier_of(released: Released, message: MessageType) -> str:
    """Return the identifier of an alert: the same text released once has one identifier."""
    ending = "-cancel" if message == "Cancel" else ""
    id_ = "".join(char if char.isalnum() or char in "-_." else "-" for char in released.notice.id)
    return f"{id_}-{released.seq}-{released.notice.text_hash[:12]}{ending}"


def _about(state: PublicState, at: datetime) -> _About:
    if state.current is not None:
        alert = state.current.notice.alert
        if alert is None:
            raise NoAlertError(f"notice '{state.current.notice.id}' has no [alert] table")
        earlier = state.replaced
        if earlier is not None and earlier.notice.alert is None:
            earlier = None
        sent = at if state.current.doubted else state.current.since
        message: MessageType = "Alert" if earlier is None else "Update"
        return _About(state.current, alert, message, earlier, sent)
    gone = state.replaced
    if gone is None or not state.taken_down:
        raise NoAlertError("nothing has been released")
    if gone.notice.alert is None:
        raise NoAlertError(f"notice '{gone.notice.id}' had no [alert] table")
    return _About(gone, gone.notice.alert, "Cancel", gone, at)


def _info(about: _About, telling: Telling, scenario: Scenario) -> ET.Element:
    alert, language = about.alert, telling.language
    info = ET.Element("info")
    instruction = [
        sentence
        for section in telling.sections
        if section.topic in {"may_go", "may_stay", "destination", "bring", "free", "next"}
        for sentence in section.sentences
    ]
    description = [
        f"{section.heading}: {' '.join(section.sentences)}".strip(": ")
        for section in telling.sections
        if section.topic not in {"may_go", "may_stay", "destination", "bring", "free", "next"}
    ]
    # A withdrawn text is no "all clear": nothing is said about danger, only that it holds no more.
    response = "None" if about.message == "Cancel" else alert.response
    for name, text in (
        ("language", language),
        ("category", alert.category),
        ("event", alert.event[language]),
        ("responseType", response),
        ("urgency", "Past" if about.message == "Cancel" else alert.urgency),
        ("severity", alert.severity),
        ("certainty", alert.certainty),
        ("expires", None if alert.expires is None else _moment(scenario, alert.expires)),
        ("senderName", about.subject.notice.by[language]),
        ("headline", telling.short if telling.by is not None else telling.sections[0].heading),
        ("description", "\n".join(description) or None),
        ("instruction", "\n".join(instruction) or None),
        ("web", about.subject.notice.address),
    ):
        if text is not None:
            ET.SubElement(info, name).text = text
    area = ET.SubElement(info, "area")
    ET.SubElement(area, "areaDesc").text = alert.area[language]
    return info


def _moment(scenario: Scenario, at: datetime) -> str:
    """Return a time as CAP writes it: whole seconds and an offset, never Z (section 3.3.2)."""
    return at.astimezone(scenario.start.tzinfo).isoformat(timespec="seconds")
