"""A tab copied, to be put into the same spreadsheet or into a second."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from sandbox.google.attached import Attached
from sandbox.google.grid import Workbook
from sandbox.google.layout import TabState
from sandbox.google.tab import Tab


@dataclass(frozen=True, slots=True)
class TabCopy:
    """Cells, layout, filter, merged cells and protections.

    No names and no developer metadata: what Google does with them is not documented.
    """

    title: str
    size: tuple[int, int]
    state: TabState
    attached: tuple[Attached, ...]

    @classmethod
    def of(cls, tab: Tab) -> Self:
        with tab.workbook.lock:
            attached = tuple(tab.workbook.attached.of(tab.sheet_id))
            return cls(tab.title, tab.size, tab.state(), attached)

    def put(
        self,
        workbook: Workbook,
        *,
        title: str | None = None,
        index: int | None = None,
        sheet_id: int | None = None,
    ) -> Tab:
        """A new visible tab, called "Copy of …" without a `title`. Raises GridError."""
        rows, columns = self.size
        with workbook.atomic():
            title = title or _free_title(workbook, self.title)
            tab = workbook.add_tab(
                title, index=index, rows=rows, columns=columns, sheet_id=sheet_id
            )
            tab.restore(self.state)
            tab.title, tab.hidden = title, False
            for item in self.attached:
                if item.rect is not None:
                    workbook.attached.add(item.kind, tab, item.rect, **item.detail)
            return tab


def _free_title(workbook: Workbook, title: str) -> str:
    made, n = f"Copy of {title}", 1
    while workbook.tab(made):
        n += 1
        made = f"Copy of {title} {n}"
    return made
