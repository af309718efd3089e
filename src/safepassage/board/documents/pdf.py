"""A paper as PDF, in the child process: A4, the mark on every page, page x of y."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from safepassage.report.typeset import PREAMBLE, as_json, compile_pdf

SOURCE = (
    PREAMBLE
    + """
#let paper = json("paper.json")
#set text(lang: paper.language, dir: if paper.direction == "rtl" { rtl } else { ltr })
#let drill = paper.mode == "DRILL"
#let hatch = tiling(size: (14pt, 14pt), {
  place(line(start: (0%, 100%), end: (100%, 0%), stroke: 3pt))
})
// A day and an hour, and a zone's offset, are read from left to right in every language.
#let day = "\\d{2}\\.\\d{2}\\. \\d{2}:\\d{2}"
#let zoned = "\\d{4}-\\d{2}-\\d{2} \\d{2}:\\d{2} [+-]\\d{4}"
#show regex(day + "|" + zoned): it => box(text(dir: ltr, it))
#set page(
  margin: (x: 16mm, top: 22mm, bottom: 18mm),
  header: block(width: 100%, fill: if drill { hatch } else { none }, stroke: 1.5pt, inset: 3pt,
    align(center, box(fill: white, inset: (x: 8pt, y: 2pt), strong(paper.mark)))),
  footer: text(size: 8.5pt)[
    #paper.foot #h(1fr) #paper.page #context counter(page).display("1 / 1", both: true)
    #if paper.note != "" [ #linebreak() #paper.note ]
  ],
)
#set par(justify: false)
#set table(stroke: 0.5pt + gray, inset: 4pt)
= #paper.title
#paper.mission
#for part in paper.blocks [
  == #part.heading
  #for words in part.paragraphs [#par(words)]
  #if part.head.len() > 0 {
    set text(size: 9.5pt)
    table(
      columns: part.head.map(_ => auto),
      table.header(..part.head.map(one => strong(one))),
      ..part.rows.flatten(),
      ..if part.rows.len() == 0 { (table.cell(colspan: part.head.len())[#paper.none],) },
    )
  }
]
"""
)


def write_pdf(paper: Mapping[str, Any], out: Path) -> None:
    """Write a paper's plain data as PDF."""
    compile_pdf(SOURCE, out, assets={"paper.json": as_json(paper)})
