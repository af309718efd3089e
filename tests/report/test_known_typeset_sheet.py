"""Words of users stay words, Arabic is shaped, and half a file is never left."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from safepassage.report.typeset import (
    PREAMBLE,
    TypesetError,
    as_json,
    compile_pdf,
    literal,
    pdf_bytes,
    plain,
    write_whole,
)

HOSTILE = '#panic("x") *b* $x$ `c` @r <l> \\ // /* #read("/etc/passwd") = t "q" #{1+1}'


def words(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def test_hostile_text_is_printed_as_it_was_written_as_data_and_as_literal() -> None:
    source = PREAMBLE + '#json("d.json").text \\ #' + literal(HOSTILE)
    printed = words(pdf_bytes(source, assets={"d.json": as_json({"text": HOSTILE})}))
    assert printed.replace("\n", " ").count('#panic("x") *b* $x$ `c` @r <l> \\ // /*') == 2
    assert "#{1+1}" in printed


def test_a_source_reads_no_file_of_this_machine(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    for name in (str(secret), "pyproject.toml", "../secret.txt", "/etc/hostname"):
        with pytest.raises(TypesetError, match=r"not found|denied|outside"):
            pdf_bytes(f"#read({literal(name)})")


def test_no_font_of_this_machine_gets_into_the_pdf_and_arabic_is_in_dejavu() -> None:
    pdf = pdf_bytes(PREAMBLE + "#ar[حلب]")
    assert b"DejaVuSans" in pdf
    other = pdf_bytes(PREAMBLE + '#text(font: "Noto Sans Mono")[x]')
    assert b"Noto" not in other


def test_hidden_turns_of_direction_and_control_characters_are_taken_out() -> None:
    assert plain("bus\u202e-41\u0007\tx\r\ny\ud800") == "bus-41 x\ny"


def test_a_failed_write_leaves_the_old_file_whole_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "sheet.pdf"
    out.write_bytes(b"old")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("safepassage.report.typeset.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(out, b"new and longer")
    assert out.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["sheet.pdf"]


def test_the_same_source_at_the_same_time_gives_the_same_bytes(tmp_path: Path) -> None:
    at = datetime(2016, 12, 15, 6, 0, tzinfo=UTC)
    for name in ("a.pdf", "b.pdf"):
        compile_pdf(PREAMBLE + "x", tmp_path / name, at=at)
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
