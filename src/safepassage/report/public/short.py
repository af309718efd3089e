"""Short messages: how many a text needs, and where it is cut.

3GPP TS 23.038: 160 characters of the GSM alphabet in one message, 153 in each of several; 70 and 67
where a character outside it (Arabic, Cyrillic) makes the whole message UCS-2.
"""

from collections.abc import Callable

GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
TWICE = frozenset("^{}\\[~]|€")
"""Characters of the extension table: each takes the room of two."""
MOST_PARTS = 2
GSM_ALONE, GSM_JOINED = 160, 153
UCS_ALONE, UCS_JOINED = 70, 67


def parts_of(text: str) -> tuple[str, ...]:
    """Return the messages that a text makes, in order; joined they are the text again."""
    if all(char in GSM or char in TWICE for char in text):
        return _cut(text, GSM_ALONE, GSM_JOINED, lambda char: 2 if char in TWICE else 1)
    return _cut(text, UCS_ALONE, UCS_JOINED, lambda char: 2 if ord(char) > 0xFFFF else 1)


def _cut(text: str, alone: int, joined: int, room: Callable[[str], int]) -> tuple[str, ...]:
    if sum(map(room, text)) <= alone:
        return (text,)
    parts: list[str] = []
    part, used = "", 0
    for char in text:
        if used + room(char) > joined:
            parts.append(part)
            part, used = "", 0
        part += char
        used += room(char)
    return (*parts, part)
