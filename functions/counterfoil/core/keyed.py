"""Lines and columns of a printed report by their keys, from run to run. Pure.

What is in the sheet keeps its place, whatever order QuickBooks sends: formulas, charts and names of
people point to it. What is new comes in behind what it follows; what is gone stays, at 0, until
somebody tidies up, or there is no room for it. docs/operations.md ("Rows and columns").
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from counterfoil.core import marks
from counterfoil.core.blocks import Layout
from counterfoil.core.canonical import Cell, canonical
from counterfoil.core.keyed_before import columns_now, lines_now, of_company
from counterfoil.core.line_operations import Place
from counterfoil.core.operations import EncodedRows, RowLook
from counterfoil.core.report_rows import ReportRows
from counterfoil.core.reports import LineKind

# More would not fit into a receipt beside a second block's.
MOST_LINES = 1_000
MOST_COLUMNS = 200

_LINE = marks.KEY_MARK + 1  # a mark, and a digit for how the line looks
_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_KINDS = (LineKind.SECTION, LineKind.DATA, LineKind.TOTAL)
_DEPTHS = len(_DIGITS) // len(_KINDS)


@dataclass(frozen=True, slots=True)
class Line:
    """A line as the receipt tells of it: nobody without the block's key learns which it is."""

    mark: str
    kind: LineKind
    depth: int

    @property
    def text(self) -> str:
        return self.mark + _DIGITS[_KINDS.index(self.kind) * _DEPTHS + min(self.depth, _DEPTHS - 1)]


@dataclass(frozen=True, slots=True)
class Standing:
    """The lines and columns that are in the sheet, with what stands there for them.

    `rows` counts the header as well.
    """

    rows: int
    lines: tuple[Line, ...]
    labels: tuple[Cell, ...]  # one a line
    keys: tuple[str, ...]  # marks of the columns' keys
    titles: tuple[Cell, ...]
    beside: frozenset[int] = frozenset()  # lines with something of a person's beside them


@dataclass(frozen=True, slots=True)
class Places:
    """Rows, or columns, that go, and then those that come: each as `line_operations` has it."""

    gone: tuple[Place, ...]
    fresh: tuple[Place, ...]
    between: int  # how many there are once the gone ones are gone
    after: int


@dataclass(frozen=True, slots=True)
class Weaving:
    """A report woven into the block that is there."""

    shown: ReportRows
    lines: tuple[Line, ...]
    rows: Places
    columns: Places
    # For which there was no room; those that somebody tidies up are not told.
    lines_out: int = 0
    columns_out: int = 0

    @property
    def told(self) -> str:
        """How many lines and columns that are gone stand at 0, and how many were taken out for want
        of room, in a sentence each; "" for none.
        """
        left = _counted_words(self.shown.line_keys.count(""), self.shown.layout.keys.count(""))
        out = _counted_words(self.lines_out, self.columns_out)
        sentences = (
            f"Gone, and at 0 until somebody tidies up: {left}." if left else "",
            f"Gone, and taken out, as no more than {MOST_LINES:,} lines and {MOST_COLUMNS} columns "
            f"keep their places: {out}."
            if out
            else "",
        )
        return " ".join(filter(None, sentences))


# Of one line or column: its place in the sheet, and its place in what was sent; one at least.
_Pair = tuple[int | None, int | None]
_Held = TypeVar("_Held")


def lines_of(key: str, shown: ReportRows) -> tuple[Line, ...] | None:
    """What the receipt will tell of each line; None where there are too many, or two of one mark.

    `key` is the digest's, in hex.
    """
    if len(shown.line_keys) > MOST_LINES or len(shown.layout.keys) > MOST_COLUMNS:
        return None
    found = tuple(
        Line(marks.line_mark(key, of_company(each, shown.whose)), kind, look.depth)
        for each, kind, look in zip(
            shown.line_keys, shown.line_kinds, shown.layout.row_looks, strict=True
        )
    )
    keys = marks.cut(column_marks(key, shown), marks.KEY_MARK)
    return found if _distinct([line.mark for line in found]) and _distinct(keys) else None


def column_marks(key: str, shown: ReportRows) -> str:
    """One text for all of its columns, as the receipt keeps it."""
    return marks.key_marks(key, [of_company(each, shown.whose) for each in shown.layout.keys])


def text_of(key: str, lines: Sequence[Line], labels: Sequence[Cell]) -> str:
    """`lines` of a receipt: `_LINE` characters for each, and a mark of all labels at the end."""
    return "".join(line.text for line in lines) + labels_mark(key, labels)


def labels_mark(key: str, labels: Sequence[Cell]) -> str:
    return marks.mark(key, "labels", canonical([list(labels)]))


def lines_in(text: str) -> tuple[tuple[Line, ...], str] | None:
    """The lines and the mark of their labels; None for what is no such text."""
    body, labels = text[: -marks.MARK], text[-marks.MARK :]
    if not body or len(body) % _LINE or any(each not in _DIGITS for each in body):
        return None
    found: list[Line] = []
    for each in marks.cut(body, _LINE):
        kind, depth = divmod(_DIGITS.index(each[-1]), _DEPTHS)
        if kind >= len(_KINDS):
            return None
        found.append(Line(each[:-1], _KINDS[kind], depth))
    return tuple(found), labels


def woven(
    shown: ReportRows, key: str, standing: Standing, *, tidy_up: bool = False
) -> Weaving | None:
    """The report as it is to stand in the sheet. None where lines cannot be told by their keys.

    What is gone stays, unless `tidy_up`, or there would be too many with it to keep their places:
    then it goes by itself, as nobody may be there to tidy up, but for lines with something beside.
    """
    new = lines_of(key, shown)
    old_marks = [line.mark for line in standing.lines]
    header = len(shown.header_rows)
    fits = header + len(old_marks) == standing.rows and shown.layout.columns[0].kind == "text"
    if new is None or not (fits and _distinct(old_marks) and _distinct(standing.keys)):
        return None
    new_marks = [line.mark for line in new]
    new_keys = marks.cut(column_marks(key, shown), marks.KEY_MARK)
    rows = _weave(
        lines_now(key, old_marks, standing.labels, shown, new_marks),
        new_marks,
        lambda old, fresh: standing.lines[old].depth >= new[fresh].depth,
    )
    keys = columns_now(key, standing.keys, standing.titles, shown, new_keys)
    standing = replace(standing, keys=tuple(keys))
    columns = _weave(keys, new_keys, lambda *_: True)
    stays = (
        _staying(rows, MOST_LINES, tidy_up, standing.beside),
        _staying(columns, MOST_COLUMNS, tidy_up),
    )
    places = _places(rows, header, stays[0]), _places(columns, 0, stays[1])
    made = _Made(shown, standing, new, new_keys, *stays)
    out = (0, 0) if tidy_up else (len(rows) - len(stays[0]), len(columns) - len(stays[1]))
    return Weaving(made.shown_rows(), made.lines(), *places, *out)


def _staying(
    order: Sequence[_Pair], most: int, tidy_up: bool, beside: Collection[int] = ()
) -> Sequence[_Pair]:
    """Those that were sent are never too many: `lines_of` has seen to that. With too many that have
    something beside them all go, and the writer stops and names the cell.
    """
    if not tidy_up and len(order) <= most:
        return order
    sent = [pair for pair in order if pair[1] is not None]
    held = [pair for pair in order if pair[1] is not None or pair[0] in beside]
    return sent if tidy_up or len(held) > most else held


def _counted_words(lines: int, columns: int) -> str:
    counts = ((lines, "line"), (columns, "column"))
    return ", ".join(f"{n:,} {each if n == 1 else each + 's'}" for n, each in counts if n)


def _weave(
    old: Sequence[str], new: Sequence[str], passes: Callable[[int, int], bool]
) -> list[_Pair]:
    """All of both, in the order of the sheet. A new one comes behind the one that it follows, and
    behind what is gone there, as far as that `passes` (old, new).
    """
    sent = {mark: place for place, mark in enumerate(new)}
    order: list[_Pair] = [(place, sent.get(mark)) for place, mark in enumerate(old)]
    there, at = set(old), 0
    for fresh, mark in enumerate(new):
        if mark in there:
            at = next(i for i, pair in enumerate(order) if pair[1] == fresh) + 1
            continue
        while at < len(order):
            before, after = order[at]
            if after is not None or before is None or not passes(before, fresh):
                break
            at += 1
        order.insert(at, (None, fresh))
        at += 1
    return order


def _places(order: Sequence[_Pair], first: int, stays: Sequence[_Pair]) -> Places:
    """`first` counts the header, which stays."""
    kept = set(stays)
    gone = [first + old for old, new in order if old is not None and (old, new) not in kept]
    at, fresh = first, []
    for old, _ in stays:
        if old is None:
            fresh.append(at)
        else:
            at += 1
    return Places(_runs(gone), _counted(fresh), at, at + len(fresh))


def _runs(places: Sequence[int]) -> tuple[Place, ...]:
    """(first, how many) of places that follow each other."""
    runs: list[Place] = []
    for place in places:
        if runs and sum(runs[-1]) == place:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((place, 1))
    return tuple(runs)


def _counted(places: Sequence[int]) -> tuple[Place, ...]:
    return tuple((place, len(list(each))) for place, each in itertools.groupby(places))


@dataclass(frozen=True, slots=True)
class _Made:
    """The rows and the layout of what was woven."""

    shown: ReportRows
    standing: Standing
    new: Sequence[Line]
    new_keys: Sequence[str]
    order: Sequence[_Pair]
    columns: Sequence[_Pair]

    def lines(self) -> tuple[Line, ...]:
        return tuple(_either(pair, self.standing.lines, self.new) for pair in self.order)

    def shown_rows(self) -> ReportRows:
        shown, lines = self.shown, self.lines()
        titles = [
            _either(pair, self.standing.titles, shown.header_rows[-1]) for pair in self.columns
        ]
        header_rows = [*(self._wide(row, "") for row in shown.header_rows[:-1]), titles]
        return replace(
            shown,
            header_rows=header_rows,
            rows=[self._row(line, pair) for line, pair in zip(lines, self.order, strict=True)],
            line_keys=tuple("" if new is None else shown.line_keys[new] for _, new in self.order),
            line_kinds=tuple(line.kind for line in lines),
            layout=self._layout(header_rows, lines),
        )

    def _layout(self, header_rows: Sequence[Sequence[Cell]], lines: Sequence[Line]) -> Layout:
        layout = self.shown.layout
        scales = dict(layout.sums)
        # Only amounts come and go: the other columns are the report's own.
        amount, scale = next(iter(scales.items()), (len(layout.columns) - 1, 2))
        like = [amount if new is None else new for _, new in self.columns]
        return replace(
            layout,
            keys=tuple("" if new is None else layout.keys[new] for _, new in self.columns),
            key_marks="".join(
                _either(pair, self.standing.keys, self.new_keys) for pair in self.columns
            ),
            columns=tuple(layout.columns[each] for each in like),
            header=EncodedRows.of(header_rows),
            widths=tuple(layout.widths[each] for each in like),
            sums=tuple(
                (place, scales.get(each, scale))
                for place, each in enumerate(like)
                if each in scales
            ),
            row_looks=tuple(
                RowLook(len(header_rows) + at, line.kind is not LineKind.DATA, line.depth)
                for at, line in enumerate(lines)
            ),
        )

    def _row(self, line: Line, pair: _Pair) -> list[Cell]:
        nothing: Cell = "" if line.kind is LineKind.SECTION else 0
        if pair[1] is not None:
            return self._wide(self.shown.rows[pair[1]], nothing)
        amounts = {None, *(place for place, _ in self.shown.layout.sums)}
        cells: list[Cell] = [nothing if to in amounts else "" for _, to in self.columns]
        return [self.standing.labels[pair[0] or 0], *cells[1:]]

    def _wide(self, row: Sequence[Cell], nothing: Cell) -> list[Cell]:
        return [nothing if new is None else row[new] for _, new in self.columns]


def _either(pair: _Pair, old: Sequence[_Held], new: Sequence[_Held]) -> _Held:
    return new[pair[1]] if pair[1] is not None else old[pair[0] or 0]


def _distinct(found: Sequence[str]) -> bool:
    return len(set(found)) == len(found)
