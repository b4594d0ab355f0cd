"""A small table that a notebook and a terminal show without technical decoration."""

from dataclasses import dataclass
from html import escape

import polars as pl


@dataclass(frozen=True, repr=False, eq=False)
class Table:
    """``frame`` holds the same rows for those who want to compute with them."""

    frame: pl.DataFrame

    @property
    def rows(self) -> list[list[str]]:
        """The head, then each row, as texts; nothing where there is no value."""
        body = [["" if cell is None else str(cell) for cell in row] for row in self.frame.iter_rows()]
        return [self.frame.columns, *body]

    def __repr__(self) -> str:
        widths = [max(map(len, column)) for column in zip(*self.rows, strict=True)]
        lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in self.rows)
        return "\n".join(line.rstrip() for line in lines)

    def _repr_html_(self) -> str:
        head, *body = self.rows
        marked = [("th", head), *(("td", row) for row in body)]
        return f"<table>{''.join(_html_row(tag, row) for tag, row in marked)}</table>"


def _html_row(tag: str, row: list[str]) -> str:
    return "<tr>" + "".join(f'<{tag} style="text-align: left">{escape(cell)}</{tag}>' for cell in row) + "</tr>"
