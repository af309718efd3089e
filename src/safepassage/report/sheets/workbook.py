"""The notification as a workbook. Text stays text: nothing in it is ever run as a formula."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from safepassage.report.sheets.driver import Aboard
from safepassage.report.sheets.frame import Frame, Sheet
from safepassage.report.sheets.names import Name
from safepassage.report.sheets.notification import Notice, NotificationBody
from safepassage.report.sheets.words import WORDS
from safepassage.report.typeset import plain

FIELDS = ("f_place", "f_time", "f_route", "f_identity", "f_window", "f_contact", "f_expiry")
WIDTHS = (10, 26, 24, 44, 34, 26, 26, 24)
LANGUAGES = (("en", "Notification"), ("ar", "إشعار بالتحرك"))


def notification_workbook(sheets: Sequence[Sheet], *, at: datetime) -> bytes:
    """Return notifications as XLSX: a worksheet in English, one in Arabic from right to left.

    Raises
    ------
    ValueError
        If there is no sheet, or one is not a notification.
    """
    bodies = [one.body for one in sheets if isinstance(one.body, NotificationBody)]
    if not sheets or len(bodies) < len(sheets):
        kinds = ", ".join(sheet.kind for sheet in sheets) or "nothing"
        raise ValueError(f"workbook of notifications: got {kinds}, want notifications")
    notices = [one.notice for one in bodies]
    book = Workbook()
    book.properties.created = book.properties.modified = at.replace(tzinfo=None)
    book.properties.creator = "Safe Passage"
    for index, (language, title) in enumerate(LANGUAGES):
        page = book.active if index == 0 else book.create_sheet()
        page.title = title
        page.sheet_view.rightToLeft = language == "ar"
        _fill(page, sheets[-1].frame, notices, language)
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def write_text(cell: Cell, text: str) -> None:
    """Put a text into a cell so that no spreadsheet takes it for a formula, also when edited.

    An empty text leaves the cell empty.
    """
    cell.value = plain(text) or None
    if cell.value is None:
        return
    cell.data_type = "s"
    # The mark that Excel itself sets for a text typed with a leading apostrophe.
    cell.quotePrefix = True


def _fill(page: Worksheet, frame: Frame, notices: Sequence[Notice], language: str) -> None:
    """Write head, labels and one line for each notice."""
    right = language == "ar"
    band = _word("drill_band" if frame.mode == "DRILL" else "plan_band", language)
    head = [
        f"{_word('notification', language)}: {frame.mode} / {band}",
        _word("notification_is", language),
        _named(frame.mission, language),
        f"{_word('for_whom', language)}: {_named(frame.whom, language)}",
        f"{_word('plan_code', language)} {frame.plan}",
        f"{_word('printed', language)} {frame.printed}",
        f"{_word('valid_until', language)} {frame.valid_until}",
    ]
    if right:
        head.append(_word("translation", language))
    if frame.no_consent:
        head.append(_word("no_consent", language))
    for row, text in enumerate(head, start=1):
        cell = page.cell(row, 1)
        write_text(cell, text)
        cell.font = Font(bold=row <= 2, size=14 if row <= 2 else 11)
        cell.alignment = Alignment(readingOrder=2 if right else 1)
    first = len(head) + 2
    thin = Side(style="thin")
    table = [
        [_word("convoy", language), *(_word(field, language) for field in FIELDS)],
        *(_fields(notice, language) for notice in notices),
    ]
    for row, texts in enumerate(table, start=first):
        for column, text in enumerate(texts, start=1):
            cell = page.cell(row, column)
            write_text(cell, text)
            cell.font = Font(bold=row == first)
            cell.border = Border(thin, thin, thin, thin)
            cell.alignment = Alignment(
                wrap_text=True, vertical="top", readingOrder=2 if right else 1
            )
    for column, width in enumerate(WIDTHS, start=1):
        page.column_dimensions[get_column_letter(column)].width = width
    page.freeze_panes = page.cell(first + 1, 2)
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = f"{first}:{first}"
    page.oddFooter.center.text = f"&P / &N  {frame.mode} {frame.plan}"


def _fields(notice: Notice, language: str) -> list[str]:
    """Return a notice as the cells of its line: the movement and the seven fields."""
    stops = notice.route
    places = f"{_named(stops[0].place, language)} - {_named(stops[-1].place, language)}"
    times = f"{stops[0].at.full}\n{stops[-1].at.full}"
    route = "\n".join(f"{one.at.day} {one.at.time} {_named(one.place, language)}" for one in stops)
    people = ", ".join(f"{_named(one.what, language)} {one.people}" for one in notice.people)
    identity = [
        _counted(notice.vehicles, language),
        _counted(notice.staff, language),
        f"{_word('people', language)}: {notice.people_in_all}" + (f" ({people})" if people else ""),
    ]
    return [
        notice.movement,
        places,
        times,
        route,
        "\n".join(part for part in identity if part),
        f"{notice.opens.full}\n{notice.closes.full}",
        "",
        notice.expiry.full,
    ]


def _counted(counts: tuple[Aboard, ...], language: str) -> str:
    """Return counts as one line."""
    return ", ".join(f"{one.people} {_named(one.what, language)}" for one in counts)


def _named(name: Name, language: str) -> str:
    """Return a name in a language, in English where it has none."""
    return name.ar if language == "ar" and name.ar else name.en


def _word(key: str, language: str) -> str:
    """Return a label in a language."""
    words = WORDS[key]
    return words.ar if language == "ar" else words.en
