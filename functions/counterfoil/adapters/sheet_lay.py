"""Where the columns of a block lie in the sheet, and whether the old block is as it was left.

Pure: what was read comes in, what is to be done comes out. The add-on's half of it is
addon/OldBlock.js; docs/operations.md ("The block before the run") binds both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from counterfoil.core import marks
from counterfoil.core.canonical import Cell
from counterfoil.core.digest import matches
from counterfoil.core.tally import rounded

Rows = Sequence[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Span:
    """Neighbouring columns: from which of ours on, at which of the block's, how many."""

    first: int
    at: int
    width: int


@dataclass(slots=True)
class Lay:
    """Which of the block's columns are ours; between them may lie some that a person put in."""

    places: list[int] = field(default_factory=list)  # of our columns, as far as it is known
    stale: list[int] = field(default_factory=list)  # ours until now, not needed any more
    renamed: dict[int, Cell] = field(default_factory=dict)  # our column → a person's title
    given: dict[int, str] = field(default_factory=dict)  # our column → that title's mark
    known: list[str] = field(default_factory=list)  # marks of titles that are ours
    titles: list[Cell] = field(default_factory=list)  # as we wrote them
    marks: dict[str, str] | None = None  # of the block as it was read back
    was: dict[str, int] = field(default_factory=dict)  # where each column of the last run is

    def of(self, columns: int) -> list[int]:
        """The places of so many columns of ours."""
        free = max([-1, *self.places, *self.stale]) + 1
        more = [*self.stale, *range(free, free + columns)]
        return [*self.places, *more][:columns]

    def width(self, columns: int) -> int:
        return max(self.of(columns)) + 1

    def ours(self, width: int) -> int:
        """How many columns of a block as wide as that are ours."""
        return sum(at < width for at in self.of(width) if at not in self.stale)

    def spans(self, columns: int, old_width: int = 0) -> list[Span]:
        """Of our columns, and with the block's old width of those to be blanked after them."""
        places = self.of(columns)
        left = list(range(columns, old_width))
        if self.places:
            left = [at for at in self.stale if old_width and at not in places]
        spans: list[Span] = []
        for i, at in enumerate([*places, *left]):
            last = spans[-1] if spans else None
            if last is not None and last.at + last.width == at:
                spans[-1] = Span(last.first, last.at, last.width + 1)
            else:
                spans.append(Span(i, at, 1))
        return spans


@dataclass(frozen=True, slots=True)
class Found:
    """What stops a run on the old block: a code and the cells, counted from the block's corner."""

    code: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1


def old_block(
    asked: Mapping[str, Any],
    receipt: Mapping[str, Any] | None,
    cells: Rows,
    is_formula: Sequence[Sequence[bool]],
) -> tuple[Lay, Found | None]:
    """`asked` is the `expect`; `cells` is the whole block, with as many columns in each row."""
    lay = Lay(known=[marks.title_mark(asked["key"], title) for title in asked["titles"]])
    if receipt is None:
        return lay, _unsigned(cells, is_formula)
    cells, is_formula = without_ours(receipt, cells, is_formula)
    key, width = asked["key"], len(cells[0])
    old_keys = _keys(asked, receipt, width)
    header = max(1, receipt["rows"] - sum(r * n for r, n in receipt["digest"]["chunks"]))
    kept = marks.kept(receipt)
    now: list[int] | None = list(receipt.get("places") or range(len(old_keys)))
    if now and max(now) >= width:
        now = None
    body = cells[header : receipt["rows"]]
    checked = receipt["state"] == "done"
    # Where there are no rows, their digest says nothing of where the columns are.
    sure = checked and bool(body) and now is not None and _is_as_sent(asked, receipt, body, now)
    if checked and kept and not sure:
        titles = [marks.title_mark(key, title) for title in cells[header - 1]]
        columns = [marks.column_mark(key, [row[j] for row in body]) for j in range(width)]
        now = marks.places(kept, titles, columns)
    if now is None:
        return lay, Found("differs_columns", header - 1, 0, 1, width)
    lay.known = list(dict.fromkeys([*lay.known, *marks.cut(receipt.get("titles", ""))]))
    left = [at for at in receipt.get("stale", ()) if at < width and not checked]
    may_be = {*lay.known, *(mark for _, mark in receipt.get("given", ()))}
    if not checked and any(
        title != "" and marks.title_mark(key, title) not in may_be
        for title in (cells[header - 1][at] for at in [*now, *left])
    ):
        # The run that was killed left no marks to find our columns by: one that somebody put in
        # since cannot be told from one that was renamed, and must not be written over.
        return lay, Found("differs_columns", header - 1, 0, 1, width)
    _lay_over(lay, asked, old_keys, now, left)
    if checked:
        _name_titles(lay, asked, old_keys, now, cells[header - 1], kept)
    else:
        _name_again(lay, asked, receipt, [cells[header - 1][at] for at in [*now, *left]])
    found = _formula(is_formula, [*now, *left])
    if found is None and checked:
        found = _changed(asked, receipt, cells, header, now, sure)
    return lay, found


def _keys(asked: Mapping[str, Any], receipt: Mapping[str, Any], width: int) -> list[str]:
    """Of the columns that are there; a run that died while it made room may have got on with it."""
    asked_for = marks.cut(asked["keys"], marks.KEY_MARK)
    midway = receipt["state"] != "done" and "to_come" in receipt and "places" not in receipt
    if midway and len(asked_for) == width:
        return asked_for
    return marks.cut(receipt["keys"], marks.KEY_MARK)


def _unsigned(cells: Rows, is_formula: Sequence[Sequence[bool]]) -> Found | None:
    """All of a block that holds something and has no receipt: nobody can tell whose it is."""
    filled = any(cell != "" for row in cells for cell in row) or any(map(any, is_formula))
    return Found("no_receipt", 0, 0, len(cells), len(cells[0])) if filled else None


def without_ours(
    receipt: Mapping[str, Any], cells: Rows, is_formula: Sequence[Sequence[bool]]
) -> tuple[list[list[Cell]], list[list[bool]]]:
    """The block with the values that our own formulas stand for; one in the header is blank."""
    plain, found = [list(row) for row in cells], [list(row) for row in is_formula]
    places = receipt.get("places")
    for row, first, columns, scale in receipt.get("formulas", ()):
        for column in range(first, first + columns):
            at = places[column] if places else column
            if row < len(plain) and at < len(plain[row]) and found[row][at]:
                plain[row][at] = "" if scale is None else rounded(plain[row][at], scale)
                found[row][at] = False
    return plain, found


def _is_as_sent(
    asked: Mapping[str, Any], receipt: Mapping[str, Any], body: Rows, places: Sequence[int]
) -> bool:
    own = [[row[at] for at in places] for row in body]
    return matches({"key": asked["key"], **receipt["digest"]}, own)


def _lay_over(
    lay: Lay,
    asked: Mapping[str, Any],
    old_keys: Sequence[str],
    now: Sequence[int],
    left: Sequence[int],
) -> None:
    """Lays the new columns over the old ones; `left` are those that a run that was killed did
    not need any more, and perhaps has not blanked yet.
    """
    lay.was = dict(zip(old_keys, now, strict=True))
    new_keys = marks.cut(asked["keys"], marks.KEY_MARK)
    if new_keys == old_keys:
        lay.places, lay.stale = list(now), list(left)
    else:
        slots = sorted([*now, *left])
        lay.places, lay.stale = slots[: len(new_keys)], slots[len(new_keys) :]


def _name_titles(
    lay: Lay,
    asked: Mapping[str, Any],
    old_keys: Sequence[str],
    now: Sequence[int],
    titles: Sequence[Cell],
    kept: Mapping[str, Any] | None,
) -> None:
    """A title that a person gave goes with its key."""
    new_keys = marks.cut(asked["keys"], marks.KEY_MARK)
    ours = list(dict.fromkeys([*lay.known, *(kept["titles"] if kept else [])]))
    for i, old_key in enumerate(old_keys):
        title = titles[now[i]]
        seen = marks.title_mark(asked["key"], title)
        is_ours = seen == kept["titles"][i] if kept else seen in ours
        if title != "" and not is_ours and old_key in new_keys:
            lay.renamed[new_keys.index(old_key)] = title
            lay.given[new_keys.index(old_key)] = seen
        elif title != "" and not is_ours:
            ours.append(seen)  # goes with its column, but may still stand there after a kill
    lay.known = ours


def _name_again(
    lay: Lay, asked: Mapping[str, Any], receipt: Mapping[str, Any], titles: Sequence[Cell]
) -> None:
    """The titles that people gave before the run that was killed, wherever they stand now."""
    old_keys = marks.cut(receipt["keys"], marks.KEY_MARK)
    new_keys = marks.cut(asked["keys"], marks.KEY_MARK)
    found = {marks.title_mark(asked["key"], title): title for title in titles}
    for column, mark in receipt.get("given", ()):
        if mark not in found:
            continue
        if old_keys[column] in new_keys:
            lay.renamed[new_keys.index(old_keys[column])] = found[mark]
            lay.given[new_keys.index(old_keys[column])] = mark
        elif mark not in lay.known:
            lay.known.append(mark)


def _formula(is_formula: Sequence[Sequence[bool]], places: Sequence[int]) -> Found | None:
    for r, row in enumerate(is_formula):
        for at in places:
            if row[at]:
                return Found("differs_formula", r, at)
    return None


def _changed(
    asked: Mapping[str, Any],
    receipt: Mapping[str, Any],
    cells: Rows,
    header: int,
    places: Sequence[int],
    sure: bool,
) -> Found | None:
    key, kept = asked["key"], marks.kept(receipt)
    high = receipt["rows"]
    for r, row in enumerate(cells[high:], high):
        at = next((at for at in places if row[at] != ""), None)
        if at is not None:
            return Found("differs_size", r, at)
    if len(cells) < high:
        return Found("differs_size", 0, 0, len(cells), len(cells[0]))
    if kept:
        head = [[row[at] for at in places] for row in cells[: header - 1]]
        if marks.head_mark(key, head) != kept["head"]:
            return Found("differs_cell", 0, 0, header - 1, len(cells[0]))
    if sure:
        return None
    body = [[row[at] for at in places] for row in cells[header:high]]
    if _is_as_sent(asked, receipt, body, range(len(places))):
        return None
    if not kept:
        return Found("differs_cell", header, 0, len(body), len(cells[0]))
    ordered = marks.order(body)
    if marks.row_marks(key, ordered) == kept["rows"]:
        return None  # the same rows in another order: somebody sorted them
    changed = marks.changed_row(key, kept["rows"], ordered)
    column = next(
        (
            at
            for i, at in enumerate(places)
            if marks.column_mark(key, [line[i] for line in body]) != kept["columns"][i]
        ),
        None,
    )
    first, high = (header, len(body)) if changed is None else (header + changed, 1)
    if column is None:
        return Found("differs_cell", first, 0, high, len(cells[0]))
    return Found("differs_cell", first, column, high, 1)
