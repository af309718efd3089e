"""Attribution: the classes of error that were seen on real pages, each as a made-up sentence."""

from collections.abc import Callable

import pytest

from safepassage.reader.reading import Reading

Read = Callable[..., Reading]


@pytest.mark.parametrize(
    ("text", "speaker", "cue", "content"),
    [
        (
            "The governor ordered residents of Larkin to leave.",
            "The governor",
            "ordered",
            "residents of Larkin to leave",
        ),
        ("The army denied shelling the road.", "The army", "denied", "shelling the road"),
        (
            "Turkey accused the army of breaking the truce.",
            "Turkey",
            "accused",
            "the army of breaking the truce",
        ),
        (
            "The ministry warned of floods in the delta.",
            "The ministry",
            "warned",
            "floods in the delta",
        ),
        (
            "The Red Cross offered to send ten trucks.",
            "The Red Cross",
            "offered",
            "to send ten trucks",
        ),
        (
            "The bridge is closed, according to the police.",
            "the police",
            "according to",
            "The bridge is closed",
        ),
        (
            "According to the police, the bridge is closed.",
            "the police",
            "According to",
            "the bridge is closed",
        ),
        (
            "The bridge is closed, the police said.",
            "the police",
            "said",
            "The bridge is closed",
        ),
        (
            "“We will not leave without the wounded,” said Dr. Amal Rida, who runs the clinic.",
            "Dr. Amal Rida, who runs the clinic",
            "said",
            "“We will not leave without the wounded,”",
        ),
        (
            "The council put the number at 1,600 people.",
            "The council",
            "put",
            "the number at 1,600 people",
        ),
        ("The UN called for an immediate pause.", "The UN", "called", "an immediate pause"),
    ],
)
def test_speaker_cue_and_content_are_told_apart(
    reads: Read, text: str, speaker: str, cue: str, content: str
) -> None:
    (one,) = reads(text).statements
    assert one.speaker is not None
    assert (one.speaker.text, one.cue.text) == (speaker, cue)
    assert [part.text for part in one.content] == [content]


@pytest.mark.parametrize(
    "text",
    [
        "Footage showed buses on the bridge.",
        "Departures continued on Friday morning.",
        "The mayor may say that the road is open.",
        "A spokesman declined to comment.",
        "The road map shows three bridges.",
        "He asked not to be named.",
    ],
)
def test_what_is_no_attribution_gives_none(reads: Read, text: str) -> None:
    assert reads(text).statements == ()


def test_quotes_of_one_paragraph_are_one_statement_with_several_spans(reads: Read) -> None:
    text = "“We waited all night,” Hamdan said. “No bus came.”"
    (one,) = reads(text).statements
    assert [part.text for part in one.content] == ["“We waited all night,”", "“No bus came.”"]


def test_a_wrapper_and_what_it_passes_on_are_two_statements(reads: Read) -> None:
    text = "The militia said the road is open, Reuters reported."
    inner, outer = reads(text).statements
    assert (inner.name, outer.name) == ("The militia", "Reuters")
    assert outer.reports == inner.id
    assert inner.outlet == outer.speaker


def test_an_order_without_an_agent_has_no_speaker(reads: Read) -> None:
    (one,) = reads("Fishermen were told to stay in port.").statements
    assert (one.class_name, one.speaker) == ("order", None)


def test_assurances_given_are_a_guarantee(reads: Read) -> None:
    (one,) = reads("Both sides gave assurances that the convoy may pass.").statements
    assert one.class_name == "guarantee"
    assert one.speaker is not None
    assert one.speaker.text == "Both sides"


def test_a_pronoun_is_resolved_by_rule_and_its_own_words_are_kept(reads: Read) -> None:
    text = "Mayor Ann Brandt said the ferries are full.\n\nShe added that two more will come."
    _, second = reads(text).statements
    assert second.speaker is not None
    assert second.speaker.text == "She"
    assert second.name == "Mayor Ann Brandt"
    assert second.resolved_by


def test_a_second_cue_after_but_is_a_second_statement_of_the_same_speaker(reads: Read) -> None:
    text = "The ministry said the dam had held but warned the danger was not over."
    first, second = reads(text).statements
    assert first.content[0].text == "the dam had held"
    assert second.content[0].text == "the danger was not over"
    assert first.speaker == second.speaker


def test_a_denied_saying_has_negative_polarity(reads: Read) -> None:
    (one,) = reads("The army did not confirm that the road was open.").statements
    assert one.polarity == "-"


def test_an_open_quote_ends_with_its_paragraph(reads: Read) -> None:
    text = (
        "“We have no water and no bread in the old town, Selim said.\n\n"
        "The council said the road is open."
    )
    last = reads(text).statements[-1]
    assert last.speaker is not None
    assert last.speaker.text == "The council"


def test_when_something_was_said_is_no_part_of_what_was_said(reads: Read) -> None:
    (one,) = reads("France said on Sunday it had flown 388 people out of Kherat.").statements
    assert one.content[0].text == "it had flown 388 people out of Kherat"
    assert one.time is not None
    assert one.time.text == "Sunday"
