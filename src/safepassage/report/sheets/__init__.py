"""The printed sheets: each for its audience only, holding what that audience needs and no more.

A sheet is data first (a frozen dataclass whose fields are all that may be on it) and print after:
what is not a field cannot be printed.
"""

from safepassage.report.sheets.write import write_sheets

__all__ = ["write_sheets"]
