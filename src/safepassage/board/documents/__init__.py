"""Documents from the record: situation report, activity log, after-action report, sheets.

A document is data first (`paper.Paper`); page, Markdown and PDF show the same.
"""
