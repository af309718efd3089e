"""Furniture is masked with a reason and never deleted; text stays where it stood."""

import pytest

from safepassage.reader.clean import clean
from safepassage.reader.opening import open_bytes

ARTICLE = """Home | World | Live

Buses leave the old town

Share 214
By Ann Linden, Town Gazette
Photo: buses at the gate (staff photo)

BEKAR, Oct 3 (Agence Plus) - The mayor said on Monday that twenty buses had left the old town.

The council could not say when the next would follow, or who would be on board.

Read more: Ten ways to dry a carpet
Sign up for our newsletter
© 2021 Town Gazette. All rights reserved.
"""


def masked(text: str) -> dict[str, str]:
    return {one.span.text: one.reason for one in clean(open_bytes("t.txt", text.encode())).masked}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Home | World | Live", "page link"),
        ("Share 214", "share bar"),
        ("By Ann Linden, Town Gazette", "by-line"),
        ("Photo: buses at the gate (staff photo)", "caption"),
        ("BEKAR, Oct 3 (Agence Plus) -", "dateline"),
        ("Read more: Ten ways to dry a carpet", "page link"),
        ("Sign up for our newsletter", "sign-up"),
        ("© 2021 Town Gazette. All rights reserved.", "rights notice"),
    ],
)
def test_each_kind_of_furniture_is_masked_with_its_reason(line: str, reason: str) -> None:
    assert masked(ARTICLE)[line] == reason


def test_nothing_of_the_text_is_deleted_and_every_mask_lies_in_it() -> None:
    page = clean(open_bytes("t.txt", ARTICLE.encode()))
    assert page.stored.text == ARTICLE
    for one in page.masked:
        assert ARTICLE[one.span.start : one.span.end] == one.span.text


def test_the_body_is_read_and_the_title_is_a_heading() -> None:
    page = clean(open_bytes("t.txt", ARTICLE.encode()))
    kinds = [(one.kind, ARTICLE[one.start : one.end][:20]) for one in page.blocks]
    assert kinds == [
        ("heading", "Buses leave the old "),
        ("prose", "The mayor said on Mo"),
        ("prose", "The council could no"),
    ]


def test_a_paragraph_wrapped_by_hand_is_one_block() -> None:
    text = (
        "The mayor of the old town said on Monday that twenty buses had left\n"
        "for the border with nine hundred people on board and that more would\n"
        "follow on Tuesday.\n"
    )
    (block,) = clean(open_bytes("t.txt", text.encode())).blocks
    assert text[block.start : block.end] == text.strip()


def test_windows_line_ends_and_a_byte_order_mark_keep_offsets_true() -> None:
    text = "\ufeffTwenty buses left the old town on Monday.\r\n\r\nNine came back by night.\r\n"
    page = clean(open_bytes("t.txt", text.encode()))
    assert page.stored.text == text
    assert [text[one.start : one.end] for one in page.blocks][1] == "Nine came back by night."


def test_a_line_printed_twice_is_furniture_both_times() -> None:
    text = "A gate at dawn\nA gate at dawn\n\nTwenty buses left the old town on Monday morning.\n"
    assert list(masked(text).values()) == ["repeated line"]


def test_what_html_holds_outside_the_article_is_masked_and_stays_readable() -> None:
    pytest.importorskip("trafilatura")
    body = "".join(
        f"<p>The mayor said on Monday that {n} buses had left the old town for the border, and "
        "that "
        "the families on board had been counted twice before the gate was opened for them.</p>"
        for n in (20, 30, 40)
    )
    page = (
        "<html><head><title>Buses leave</title></head><body><nav><a href=x>World news</a></nav>"
        f"<article><h1>Buses leave</h1>{body}"
        "<figure><figcaption>Buses at dawn</figcaption></figure>"
        "</article><footer>Contact us</footer><script>var x = '99 buses';</script></body></html>"
    )
    cleaned = clean(open_bytes("t.html", page.encode()))
    reasons = {one.span.text: one.reason for one in cleaned.masked}
    assert reasons["World news"] == "navigation of the page"
    assert reasons["Buses at dawn"] == "caption"
    assert reasons["Contact us"] == "footer of the page"
    assert "99 buses" not in cleaned.stored.text
    assert sum(one.kind == "prose" for one in cleaned.blocks) == 3


def test_messages_keep_their_sender_and_no_speaker_is_forced_on_them() -> None:
    text = "[08:02] Control: Report.\n[08:05] Convoy 1: At Mill Bridge.\n[08:09] Control: Good.\n"
    page = clean(open_bytes("t.txt", text.encode()))
    assert page.form == "messages"
    assert [one.sender.text for one in page.blocks if one.sender] == [
        "Control",
        "Convoy 1",
        "Control",
    ]
