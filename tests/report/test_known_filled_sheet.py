"""The form filled from the ledger says what the rule said: line by line, and never more."""

from collections.abc import Sequence

import pytest

from safepassage.clearance.asking import Answer
from safepassage.ledger.decided import GATE_LINES
from safepassage.ledger.kinds import Body
from safepassage.ledger.said import Withdrawal
from safepassage.planner.verified import VerifiedPlan
from safepassage.report.sheets.filled import filled_go_no_go
from safepassage.report.sheets.frame import Printing
from safepassage.report.sheets.go_no_go import GATE, GoNoGoBody
from safepassage.report.sheets.names import Name
from tests.clearance import world
from tests.ledger.writing import clock, enter, new_ledger
from tests.report.sheet_mission import mission
from tests.report.sheet_pages import printed

PRINTING = Printing(world.ASKED)


def _form(answer: Answer, verified: VerifiedPlan) -> tuple[GoNoGoBody, str]:
    """Return the filled form as data and as printed."""
    sheet = filled_go_no_go(verified, answer, PRINTING)
    assert isinstance(sheet.body, GoNoGoBody)
    return sheet.body, printed(sheet)


def _after(*bodies: Body) -> tuple[Answer, VerifiedPlan]:
    """Return the answer after a go was given and something more was entered at 14:21."""
    ledger, signer, verified = world.cleared()
    if bodies:
        enter(ledger, *bodies, at=clock(14, 21))
    return world.asked(ledger, signer, verified), verified


def _refused(body: GoNoGoBody) -> Sequence[str]:
    lines = (*body.promises, *body.gate, *body.ready)
    return [line.what.en for line in lines if line.refused]


def test_the_gate_of_the_form_is_the_gate_of_the_ledger() -> None:
    assert tuple(GATE) == GATE_LINES


def test_a_go_is_printed_with_its_end_and_who_stands_behind_each_line() -> None:
    answer, verified = _after()
    body, text = _form(answer, verified)
    assert body.verdict is not None
    assert body.verdict.go
    # Ten minutes after 14:25.
    assert body.verdict.ends == "Thu 15 Dec 14:35"
    assert "lapses by itself at Thu 15 Dec 14:35" in text
    assert _refused(body) == []
    assert {line.confirmed_by.en for line in body.promises} == {"head-1, radio-1"}
    assert {line.until.en for line in body.promises} == {"Thu 15 Dec 18:00"}
    assert {line.confirmed_by.en for line in body.gate} == {"head-1 (head), move-1 (movement)"}
    assert "cannot make a party keep one." in text


def test_a_withdrawal_turns_its_line_and_the_whole_form_to_no_go() -> None:
    answer, verified = _after(Withdrawal(party="militia", covers=("K",)))
    body, text = _form(answer, verified)
    assert body.verdict is not None
    assert not body.verdict.go
    assert body.verdict.ends == ""
    # What approvers had not seen voids their approvals too.
    assert _refused(body) == ["Post K", "approvals: c1"]
    assert "NO-GO" in text
    assert "lapses by itself" not in text
    for reason in answer.clearance.reasons:
        assert reason.words in {one.en for one in body.verdict.reasons}


def test_an_empty_ledger_fills_every_promise_with_nobody_and_a_no() -> None:
    ledger, signer = new_ledger(at=clock(12))
    verified = world.verified_plan()
    body, _ = _form(world.asked(ledger, signer, verified), verified)
    assert len(body.promises) == 5
    assert {line.confirmed_by.en for line in (*body.promises, *body.gate)} == {"nobody"}
    assert all(line.refused for line in (*body.promises, *body.gate))


def test_every_promise_and_every_refused_line_of_the_rule_is_on_the_form() -> None:
    answer, verified = _after(Withdrawal(party="gov", covers=("R",)))
    body, _ = _form(answer, verified)
    asked = {(need.party, need.stretch) for need in answer.case.needs}
    assert len([line for line in body.promises if line.party]) == len(asked)
    assert len(_refused(body)) == len(answer.clearance.reasons)


def test_a_contact_of_a_party_never_gets_on_the_form() -> None:
    answer, verified = _after()
    object.__setattr__(answer.case, "contacts", {"gov": "+963 555 0101", "militia": "canary"})
    _, text = _form(answer, verified)
    assert "555" not in text
    assert "canary" not in text


def test_an_answer_about_another_plan_is_refused() -> None:
    answer, _ = _after()
    with pytest.raises(ValueError, match="the form is of"):
        filled_go_no_go(mission(), answer, PRINTING)


def test_the_arabic_side_says_what_the_rule_said_and_is_empty_where_nobody_translates() -> None:
    answer, verified = _after(Withdrawal(party="militia", covers=("K",)))
    sheet = filled_go_no_go(verified, answer, PRINTING, lambda what: Name(str(what), f"<{what}>"))
    body = sheet.body
    assert isinstance(body, GoNoGoBody)
    assert body.verdict is not None
    assert [one.ar for one in body.verdict.reasons] == [
        f"<{reason.words}>" for reason in answer.clearance.reasons
    ]
    refused = [line for line in (*body.promises, *body.ready) if line.refused]
    assert {line.heard.ar for line in refused} == {"<withdrawn>", "<missing>"}
    assert all(line.what.ar == f"<{line.what.en}>" for line in body.ready)
    assert {line.confirmed_by.ar for line in body.gate} == {"head-1 (<head>)، move-1 (<movement>)"}
    alone, _ = _form(answer, verified)
    assert alone.verdict is not None
    assert {one.ar for one in (*alone.verdict.reasons, *(line.what for line in alone.ready))} == {
        ""
    }


def test_every_line_of_the_gate_stands_in_arabic_too() -> None:
    assert all(one.ar for one in GATE.values())
