"""What cannot be read is answered clearly, early, and in bounded time and memory."""

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from safepassage.reader.clean import clean
from safepassage.reader.opening import (
    LARGEST_FILE,
    LARGEST_TEXT,
    UnreadableError,
    files_of,
    open_bytes,
    open_file,
)
from safepassage.reader.reading import LanguageError, Reading, read

Read = Callable[..., Reading]


@pytest.mark.parametrize("data", [b"", b" \n\t\r\n", b"\xef\xbb\xbf", "\u200b\u200b\n".encode()])
def test_an_empty_file_says_that_it_is_empty(data: bytes) -> None:
    with pytest.raises(UnreadableError, match=r"t\.txt: empty"):
        open_bytes("t.txt", data)


def test_fifty_megabytes_are_refused_by_their_size_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "big.txt"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    tracemalloc.start()
    with pytest.raises(UnreadableError, match=r"50,000,000 bytes, want at most"):
        open_file(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000
    assert LARGEST_FILE < 50_000_000


def test_a_text_of_more_than_a_hundred_pages_is_refused() -> None:
    with pytest.raises(UnreadableError, match="cut it into parts"):
        open_bytes("t.txt", b"a word " * LARGEST_TEXT)


@pytest.mark.parametrize(
    "data", [b"\x7fELF\x02\x01\x00\x00", b"PK\x03\x04\x00\x00", b"\x01\x02\x03\x04" * 50]
)
def test_a_binary_file_is_called_one(data: bytes) -> None:
    with pytest.raises(UnreadableError, match="binary"):
        open_bytes("t.bin", data)


def test_another_encoding_is_named_by_its_first_wrong_byte() -> None:
    with pytest.raises(UnreadableError, match=r"not UTF-8 .byte 0 is 0xcf."):
        open_bytes("t.txt", "Привет, автобусы уходят".encode("cp1251"))


def test_old_western_copy_is_read_and_said_to_be() -> None:
    data = "The mayor said the bus “is full” and then it left the town for good.".encode("cp1252")
    stored = open_bytes("t.txt", data)
    assert "“is full”" in stored.text
    assert "Windows-1252" in stored.notes[0]


def test_utf_16_with_its_mark_is_read() -> None:
    assert open_bytes("t.txt", "20 buses".encode("utf-16")).text == "20 buses"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("أعلن الصليب الأحمر أن القافلة غادرت المدينة صباح اليوم متجهة إلى إدلب", "Arabic"),
        ("Красный Крест сообщил, что колонна автобусов покинула город сегодня утром", "Russian"),
        (
            (
                "La Croix-Rouge a annoncé que le convoi de bus est parti de la ville dans la "
                "nuit et "
                "que les blessés sont arrivés à la frontière avec les familles qui ont pu sortir"
            ),
            "French",
        ),
        (
            (
                "La Cruz Roja dijo que el convoy de autobuses salió de la ciudad en la noche "
                "y que los "
                "heridos han llegado a la frontera con las familias que pudieron salir"
            ),
            "Spanish",
        ),
        (
            (
                "Das Rote Kreuz teilte mit, dass der Konvoi mit den Bussen in der Nacht aus "
                "der Stadt "
                "gefahren ist und die Verletzten an der Grenze angekommen sind"
            ),
            "German",
        ),
    ],
)
def test_other_languages_are_named_and_refused(text: str, language: str) -> None:
    with pytest.raises(LanguageError, match=language):
        read(open_bytes("t.txt", text.encode()))


def test_names_in_other_letters_do_not_make_an_english_text_another_language(reads: Read) -> None:
    reading = reads("The bus to إدلب left the town at noon with 20 people on board.")
    assert any(one.value == 20 for one in reading.facts)


def test_ten_thousand_nested_tags_are_read_in_bounded_depth() -> None:
    page = "<html><body>" + "<div>" * 10_000 + "20 buses left." + "</div>" * 10_000
    stored = open_bytes("t.html", page.encode())
    assert "20 buses left." in stored.text
    assert any("nested" in note for note in stored.notes)


def test_ten_thousand_stray_closing_tags_cost_little() -> None:
    page = "<html><body>" + "<b>" * 3_000 + "20 buses left." + "</i>" * 10_000
    assert "20 buses left." in open_bytes("t.html", page.encode()).text


def test_a_page_of_entities_does_not_grow_without_bound() -> None:
    entities = '<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">'
    page = f"<!DOCTYPE html [{entities}]><html><body>&b;&b; 20 buses left."
    stored = open_bytes("t.html", page.encode())
    assert len(stored.text) < 1_000


def test_right_to_left_overrides_are_masked_and_do_not_move_offsets(reads: Read) -> None:
    text = "The mayor said \u202e20 buses\u202c left the town."
    reading = reads(text)
    (fleet,) = [one for one in reading.facts if one.kind == "fleet"]
    assert text[fleet.span.start : fleet.span.end] == "20 buses"
    assert [one.reason for one in reading.masked] == ["invisible direction mark"] * 2


def pdf(stream: bytes) -> bytes:
    """Return a PDF of one page with a content stream, written by hand."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    start = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n"
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % start


def test_the_text_layer_of_a_pdf_is_read() -> None:
    pytest.importorskip("pypdf")
    stored = open_bytes("t.pdf", pdf(b"BT /F1 12 Tf 72 700 Td (20 buses left the town.) Tj ET"))
    assert "20 buses left the town." in stored.text
    assert stored.kind == "pdf"
    assert stored.file_sha256 != stored.sha256


def test_a_pdf_without_a_text_layer_says_so() -> None:
    pytest.importorskip("pypdf")
    with pytest.raises(UnreadableError, match="no text layer"):
        open_bytes("t.pdf", pdf(b"0 0 100 100 re f"))


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7", b"%PDF-1.4\n1 0 obj\n<<", b"%PDF-1.4\n" + b"\xff" * 400]
)
def test_a_broken_pdf_says_so(data: bytes) -> None:
    pytest.importorskip("pypdf")
    with pytest.raises(UnreadableError, match=r"broken PDF|no text layer"):
        open_bytes("t.pdf", data)


def test_a_folder_gives_its_texts_by_name_and_an_empty_one_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="the folder holds no"):
        files_of([tmp_path])
    for name in ("b.txt", "a.html", "c.csv"):
        (tmp_path / name).write_text("20 buses left.")
    assert [one.name for one in files_of([tmp_path])] == ["a.html", "b.txt"]
    with pytest.raises(UnreadableError, match="no such file"):
        files_of([tmp_path / "absent.txt"])


def test_a_line_of_a_hundred_thousand_words_is_cut_and_read() -> None:
    page = clean(open_bytes("t.txt", b"The bus left. " * 10_000))
    assert max(one.end - one.start for one in page.blocks) <= 2_501
