"""The one spreadsheet that the page, the Sheets API stand-in and the add-on all see."""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sandbox.google import a1, formula_references, formulas, moves
from sandbox.google.a1 import Rect
from sandbox.google.attached import Attached, Attachments
from sandbox.google.cells import CellError, GridError, Value
from sandbox.google.charts import Chart, Charts
from sandbox.google.entered import serial
from sandbox.google.layout import TabState
from sandbox.google.metadata import Line, Metadata
from sandbox.google.tab import Tab

# https://support.google.com/drive/answer/37603 and
# https://workspaceupdates.googleblog.com (March 2022: from 5 to 10 million)
MOST_CELLS = 10_000_000
MOST_COLUMNS = 18_278
MOST_TABS = 200
LONGEST_TITLE = 100
# Of one tab, and of the spreadsheet itself, keys and values together.
# https://developers.google.com/workspace/sheets/api/guides/metadata
MOST_METADATA = 30_000

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,249}\Z")
_R1C1 = re.compile(r"[Rr](\d*|\[-?\d+\])[Cc](\d*|\[-?\d+\])\Z")


@dataclass(frozen=True, slots=True)
class NamedRange:
    """`rect` is None once all of its cells are deleted (#REF!)."""

    id: str
    name: str
    sheet_id: int
    rect: Rect | None


@dataclass(frozen=True, slots=True)
class _State:
    title: str
    tabs: tuple[Tab, ...]
    inside: tuple[TabState, ...]
    named: dict[str, NamedRange]
    metadata: dict[int, Metadata]
    attached: dict[int, Attached]
    charts: dict[int, Chart]
    dangerous: tuple[tuple[str, str], ...]


class Workbook:
    """One spreadsheet. Every edit takes `lock` and raises `version`."""

    def __init__(
        self,
        id: str = "sheet-1",
        title: str = "Untitled spreadsheet",
        time_zone: str = "America/Los_Angeles",
        locale: str = "en_US",
        year: int = 2026,
    ) -> None:
        self.id = id
        self.title = title
        self.time_zone = time_zone
        self.locale = locale
        self.year = year  # what "1-2" means when it is typed
        self.lock = threading.RLock()
        self.version = 0
        self.tabs: list[Tab] = []
        self.named_ranges: dict[str, NamedRange] = {}  # by id
        self.metadata: dict[int, Metadata] = {}  # by id
        self.attached = Attachments()
        self.charts = Charts()
        self.dangerous_formulas: list[tuple[str, str]] = []  # (cell, formula), as they were set
        self.now: Callable[[], datetime] = lambda: datetime.now(ZoneInfo(self.time_zone))
        self._ids = 0
        self._computed: dict[tuple[int, int, int], Value] = {}
        self._computed_at = -1
        self.add_tab("Sheet1", sheet_id=0)

    @contextlib.contextmanager
    def editing(self) -> Iterator[None]:
        """Holds the lock; the version changes at the end."""
        with self.lock:
            try:
                yield
            finally:
                self.version += 1

    @contextlib.contextmanager
    def atomic(self) -> Iterator[None]:
        """All edits inside happen, or none: on an exception the spreadsheet is as before."""
        with self.editing():
            before = self._state()
            try:
                yield
            except BaseException:
                self._restore(before)
                raise

    # Tabs

    def tab(self, title: str) -> Tab | None:
        """By title, compared without case."""
        return next((t for t in self.tabs if t.title.lower() == title.lower()), None)

    def tab_by_id(self, sheet_id: int) -> Tab | None:
        return next((t for t in self.tabs if t.sheet_id == sheet_id), None)

    def add_tab(
        self,
        title: str | None = None,
        *,
        index: int | None = None,
        hidden: bool = False,
        rows: int = 1000,
        columns: int = 26,
        sheet_id: int | None = None,
    ) -> Tab:
        with self.editing():
            title = self._free_title() if title is None else title
            self._check_title(title, None)
            if sheet_id is not None and (sheet_id < 0 or self.tab_by_id(sheet_id)):
                raise GridError(f"Sheet id {sheet_id} is taken or invalid.")
            if len(self.tabs) >= MOST_TABS:
                raise GridError("The spreadsheet has the maximum number of sheets.")
            if rows < 1 or columns < 1:
                raise GridError("A sheet needs at least one row and one column.")
            self.check_room(rows * columns, columns)
            tab = Tab(self, self.new_id() if sheet_id is None else sheet_id, title, rows, columns)
            tab.hidden = hidden
            self.tabs.insert(len(self.tabs) if index is None else index, tab)
            return tab

    def delete_tab(self, tab: Tab) -> None:
        """Its named ranges and metadata go with it; formulas elsewhere show #REF!."""
        with self.editing():
            if not any(t is not tab and not t.hidden for t in self.tabs):
                raise GridError("You can't remove all the visible sheets in a document.")
            self.tabs.remove(tab)
            self.named_ranges = {
                k: n for k, n in self.named_ranges.items() if n.sheet_id != tab.sheet_id
            }
            self.metadata = {k: m for k, m in self.metadata.items() if m.sheet_id != tab.sheet_id}
            self.attached.forget_tab(tab.sheet_id)
            self.charts.forget_tab(tab.sheet_id)
            for other in self.tabs:
                other.map_formulas(
                    lambda text: formula_references.tab_renamed(text, tab.title, None)
                )

    def rename_tab(self, tab: Tab, title: str) -> None:
        """Formulas follow."""
        with self.editing():
            self._check_title(title, tab)
            old, tab.title = tab.title, title
            for other in self.tabs:
                other.map_formulas(lambda text: formula_references.tab_renamed(text, old, title))

    def move_tab(self, tab: Tab, index: int) -> None:
        with self.editing():
            self.tabs.remove(tab)
            self.tabs.insert(index, tab)

    def hide_tab(self, tab: Tab, hidden: bool = True) -> None:
        with self.editing():
            if hidden and not any(t is not tab and not t.hidden for t in self.tabs):
                raise GridError("You can't hide all the sheets in a document.")
            tab.hidden = hidden

    def cell_count(self) -> int:
        """Grid cells, filled or not: what the limit counts."""
        return sum(tab.row_count * tab.column_count for tab in self.tabs)

    def check_room(self, more_cells: int, columns: int) -> None:
        """Raises GridError where the spreadsheet cannot grow that far."""
        if self.cell_count() + more_cells > MOST_CELLS:
            raise GridError(
                "This action would increase the number of cells in the workbook above the limit "
                f"of {MOST_CELLS} cells."
            )
        if columns > MOST_COLUMNS:
            raise GridError(f"A sheet cannot have more than {MOST_COLUMNS} columns.")

    # Named ranges

    def named_range(self, name: str) -> NamedRange | None:
        """By name, compared without case."""
        found = (n for n in self.named_ranges.values() if n.name.lower() == name.lower())
        return next(found, None)

    def name_range(
        self, name: str, sheet_id: int, rect: Rect, *, id: str | None = None, new: bool = False
    ) -> NamedRange:
        """Makes the name, or moves it to `rect` if it is there and not `new`."""
        with self.editing():
            there = self.named_ranges.get(id) if id else None
            same = self.named_range(name)
            if same and (new or (there and there.id != same.id)):
                raise GridError(f"A named range called {name} already exists.")
            self._check_name(name)
            tab = self.tab_by_id(sheet_id)
            if tab is None:
                raise GridError(f"No grid with id: {sheet_id}")
            tab.check_inside(rect)
            there = there or same
            key = there.id if there else id or f"nr{self.new_id()}"
            self.named_ranges[key] = NamedRange(key, name, sheet_id, rect)
            return self.named_ranges[key]

    def remove_name(self, id: str) -> None:
        with self.editing():
            if self.named_ranges.pop(id, None) is None:
                raise GridError(f"No named range with id: {id}")

    # Developer metadata

    def add_metadata(
        self,
        key: str,
        value: str = "",
        *,
        visibility: str = "DOCUMENT",
        sheet_id: int | None = None,
        line: Line | None = None,
        id: int | None = None,
    ) -> Metadata:
        with self.editing():
            if not key:
                raise GridError("Developer metadata needs a key.")
            if sheet_id is not None and self.tab_by_id(sheet_id) is None:
                raise GridError(f"No grid with id: {sheet_id}")
            if id is not None and id in self.metadata:
                raise GridError(f"Developer metadata with id {id} already exists.")
            id = self.new_id() if id is None else id
            return self._keep(Metadata(id, key, value, visibility, sheet_id, line))

    def find_metadata(
        self, key: str | None = None, *, sheet_id: int | None = None
    ) -> list[Metadata]:
        """Those with that key (None: any) and of that tab (None: any), oldest first.

        What is on single rows and columns is left out.
        """
        return [
            item
            for item in self.metadata.values()
            if item.line is None
            and (key is None or item.key == key)
            and (sheet_id is None or item.sheet_id == sheet_id)
        ]

    def change_metadata(self, id: int, **changes: str | int | Line | None) -> Metadata:
        with self.editing():
            return self._keep(replace(self.metadata[id], **changes))  # type: ignore[arg-type]

    def _keep(self, item: Metadata) -> Metadata:
        others = (m for m in self.metadata.values() if m.id != item.id)
        beside = [m for m in others if m.sheet_id == item.sheet_id]
        if sum(len(m.key) + len(m.value) for m in [*beside, item]) > MOST_METADATA:
            raise GridError(f"Developer metadata is limited to {MOST_METADATA} characters here.")
        self.metadata[item.id] = item
        return item

    def remove_metadata(self, id: int) -> None:
        with self.editing():
            self.metadata.pop(id, None)

    # What tabs ask of their workbook

    def moved_on(self, sheet_id: int, title: str, axis: str, move: moves.Move) -> None:
        """Rows or columns of the tab came, went or moved: names and formulas follow."""
        for key, named in list(self.named_ranges.items()):
            if named.sheet_id == sheet_id and named.rect is not None:
                rect = moves.moved_rect(named.rect, axis, move)
                self.named_ranges[key] = replace(named, rect=rect)
        self.attached.moved_on(sheet_id, axis, move)
        self.charts.moved_on(sheet_id, axis, move)
        moved = (item.moved(sheet_id, axis, move) for item in self.metadata.values())
        self.metadata = {item.id: item for item in moved if item is not None}
        for other in self.tabs:
            self._move_references(other, title, axis, move)

    def _move_references(self, other: Tab, title: str, axis: str, move: moves.Move) -> None:
        def changed(text: str) -> str:
            return formula_references.references_mapped(
                text, other.title, title, lambda r: moves.moved_reference(r, axis, move)
            )

        other.map_formulas(changed)

    def computed(self, tab: Tab, row: int, column: int, formula: str) -> Value:
        """The value of a formula, kept until the next edit."""
        with self.lock:
            if self._computed_at != self.version:
                self._computed, self._computed_at = {}, self.version
            key = (tab.sheet_id, row, column)
            if key not in self._computed:
                # Met again while it is being computed, it is a circle.
                self._computed[key] = CellError("#REF!", "Circular dependency detected.")
                self._computed[key] = formulas.evaluate(
                    formula, lambda text: self._cells(tab, text), serial(self.now())
                )
            return self._computed[key]

    def formula_set(self, tab: Tab, row: int, column: int, formula: str) -> None:
        if formulas.reaches_out(formula):
            cell = f"{a1.quoted(tab.title)}!{Rect(row, column).a1()}"
            self.dangerous_formulas.append((cell, formula))

    def formulas(self) -> dict[str, str]:
        """Every formula in the spreadsheet by its cell, such as "Sheet1!B3"."""
        with self.lock:
            return {
                f"{a1.quoted(tab.title)}!{Rect(row, column).a1()}": cell.formula
                for tab in self.tabs
                for row, column, cell in tab.cells()
                if cell.formula
            }

    def _cells(self, tab: Tab, text: str) -> list[list[Value]]:
        reference = a1.parse(text)
        if reference is None:
            named = self.named_range(text)
            home = self.tab_by_id(named.sheet_id) if named else None
            if named is None or home is None:
                return [[CellError("#NAME?")]]
            return home.values(named.rect) if named.rect else [[CellError("#REF!")]]
        target = tab if reference.title is None else self.tab(reference.title)
        if target is None:
            return [[CellError("#REF!")]]
        return target.values(target.clipped(reference.within(*target.size)))

    def _check_title(self, title: str, own: Tab | None) -> None:
        if not title or len(title) > LONGEST_TITLE:
            raise GridError("A sheet name must have 1 to 100 characters.")
        same = self.tab(title)
        if same is not None and same is not own:
            raise GridError(
                f'A sheet with the name "{title}" already exists. Please enter another name.'
            )

    def _check_name(self, name: str) -> None:
        looks_like_cell = a1.parse(name) is not None or _R1C1.match(name)
        if not _NAME.match(name) or looks_like_cell or name.lower() in ("true", "false"):
            raise GridError(f"The named range {name} has an invalid name.")

    def _free_title(self) -> str:
        n = len(self.tabs) + 1
        while self.tab(f"Sheet{n}"):
            n += 1
        return f"Sheet{n}"

    def new_id(self) -> int:
        """Of a tab, metadata, a chart: none twice."""
        self._ids += 1
        return 1000 + self._ids

    def _state(self) -> _State:
        return _State(
            self.title,
            tuple(self.tabs),
            tuple(tab.state() for tab in self.tabs),
            dict(self.named_ranges),
            dict(self.metadata),
            self.attached.state(),
            self.charts.state(),
            tuple(self.dangerous_formulas),
        )

    def _restore(self, state: _State) -> None:
        self.title = state.title
        self.tabs = list(state.tabs)
        for tab, inside in zip(state.tabs, state.inside, strict=True):
            tab.restore(inside)
        self.named_ranges = state.named
        self.metadata = state.metadata
        self.attached.restore(state.attached)
        self.charts.restore(state.charts)
        self.dangerous_formulas = list(state.dangerous)
