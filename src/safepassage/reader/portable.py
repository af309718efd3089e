"""The text layer of a PDF."""

import io
import logging


def text_of_pdf(data: bytes, most: int) -> tuple[str, tuple[str, ...]]:
    """Return the text layer of a PDF, page after page, at most about `most` characters.

    Raises
    ------
    ValueError
        If pypdf is not installed, the file is broken or locked, or it has no text layer.
    """
    try:
        import pypdf  # noqa: PLC0415 - an extra
        from pypdf.errors import PyPdfError  # noqa: PLC0415
    except ImportError as error:
        raise ValueError(
            "reading PDF needs the extra: pip install 'safepassage[reader]'"
        ) from error
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    pages: list[str] = []
    locked = False
    try:
        reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
        locked = reader.is_encrypted
        for page in () if locked else reader.pages:
            pages.append(page.extract_text() or "")
            if sum(map(len, pages)) > most:
                break
    except ValueError as error:
        raise ValueError(f"a broken PDF ({error})") from error
    except (
        PyPdfError,
        RecursionError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        OverflowError,
        AssertionError,
        ZeroDivisionError,
        MemoryError,
        OSError,
        NotImplementedError,
    ) as error:
        raise ValueError(f"a broken PDF ({type(error).__name__})") from error
    if locked:
        raise ValueError("a locked PDF; save it without a password and try again")
    text = "\n\n".join(pages)
    if not text.strip():
        raise ValueError(
            "no text layer: the PDF holds pictures of pages; run it through OCR or type the text"
        )
    return text, ("offsets count in the text layer drawn from the PDF",)
