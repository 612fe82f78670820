"""A Profit and Loss of made-up books that is run again and again into one block, as both writers do.

Somebody keeps a formula, a name and a chart on Net Income; lines and months come and go.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from counterfoil import catalog
from counterfoil.core.blocks import Target
from counterfoil.core.dates import parsed
from counterfoil.core.digest import Digest
from counterfoil.core.marks import key_marks
from counterfoil.core.operations import encode
from counterfoil.core.periods import last_day_of_month
from counterfoil.core.report_standing import standing_of
from counterfoil.core.reports import ReportTable, plain_report
from counterfoil.flows.choices import chosen
from counterfoil.flows.chosen import ReportChoice
from counterfoil.flows.report_read import report_read
from sandbox.google.a1 import Rect
from sandbox.google.attached import CHART
from sandbox.google.cells import Value
from sandbox.google.grid import Tab, Workbook
from sandbox.google.state import workbook_of

Apply = Callable[[Workbook, list[Any], str], Any]
Accounts = Mapping[str, Sequence[int]]
BLOCK, KEY = "CF_test", "0f" * 32


@dataclass(frozen=True)
class Books:
    """Amounts of each account, by its name, one a month."""

    months: Sequence[str]
    income: Accounts
    expenses: Accounts = field(default_factory=dict)
    until: str = ""  # the last day, where it is not that of the last month

    @property
    def net_income(self) -> int:
        return sum(map(sum, self.income.values())) - sum(map(sum, self.expenses.values()))

    def report(self) -> dict[str, Any]:
        earned, spent = (
            self._section("Income", self.income),
            self._section("Expenses", self.expenses),
        )
        net = [
            a - b for a, b in zip(_sums(self, self.income), _sums(self, self.expenses), strict=True)
        ]
        gross = _sums(self, self.income)
        return {
            "Header": {
                "ReportName": "ProfitAndLoss",
                "ReportBasis": "Accrual",
                "Currency": "USD",
                "StartPeriod": f"{self.months[0]}-01",
                "EndPeriod": self.last,
                "SummarizeColumnsBy": "Month",
            },
            "Columns": {
                "Column": [
                    _LABEL,
                    *(_month(month, min(_last(month), self.last)) for month in self.months),
                    _TOTAL,
                ]
            },
            "Rows": {
                "Row": [
                    *earned,
                    {"group": "GrossProfit", "Summary": _cells("Gross Profit", gross)},
                    *spent,
                    {"group": "NetIncome", "Summary": _cells("Net Income", net)},
                ]
            },
        }

    @property
    def last(self) -> str:
        return self.until or _last(self.months[-1])

    def _section(self, name: str, accounts: Accounts) -> list[Any]:
        if not accounts:
            return []
        rows = [
            {"ColData": _cells(each, amounts, id=each.casefold())["ColData"], "type": "Data"}
            for each, amounts in accounts.items()
        ]
        blanks = [{"value": ""}] * (len(self.months) + 1)
        return [
            {
                "group": name,
                "Header": {"ColData": [{"value": name}, *blanks]},
                "Rows": {"Row": rows},
                "Summary": _cells(f"Total {name}", _sums(self, accounts)),
            }
        ]


JANUARY = Books(["2026-01"], {"Design": [100], "Sales": [50]}, {"Rent": [40]})
# In a month that is not over, on two days.
ON_THE_9TH, ON_THE_10TH = (
    Books(["2026-01", "2026-02"], {"Sales": [50, sales]}, until=f"2026-02-{day}")
    for day, sales in (("09", 5), ("10", 7))
)
MARCH = Books(
    ["2026-01", "2026-02", "2026-03"],
    {"Sales": [50, 5, 5], "Fees": [0, 7, 0]},
    {"Cars": [0, 3, 0], "Rent": [40, 40, 40]},
)


def many(first: int, count: int) -> Books:
    """So many accounts with an income each."""
    return Books(["2026-01"], {f"Account {n}": [1] for n in range(first, first + count)})


@dataclass
class Sheet:
    """A spreadsheet with somebody's work on the report, and a writer that fills it."""

    apply: Apply
    options: Mapping[str, Any] = field(default_factory=dict)
    workbook: Workbook = field(default_factory=lambda: workbook_of({"tabs": [{"title": "Mine"}]}))
    runs: int = 0
    why: str = ""  # as the last proof says

    def operations(self, books: Books, *, tidy_up: bool = False) -> list[Any]:
        """Of the next run, which is told of the block as it is now."""
        self.runs += 1
        told = state(self.workbook)
        days = {"start_date": f"{books.months[0]}-01", "end_date": books.last}
        parameters = {**days, "summarize_column_by": "Month"}
        report = catalog.report("profit-and-loss")
        choice = chosen(report, {"parameters": parameters, **self.options})
        assert isinstance(choice, ReportChoice)
        read = report_read(
            _OneReport(books.report()),  # type: ignore[arg-type]  # only reports are asked for
            choice,
            Digest(KEY),
            company_name="Acme",
            max_cells=1_000_000,
            in_flight=1,
            standing=standing_of(told, KEY),
            tidy_up=tidy_up,
        )
        self.why = read.proof.why
        at = "2026-11-22T20:30:00+00:00"
        target = Target(f"run_{self.runs}", self.runs, "Report", "note", at, new=self.runs == 1)
        made: list[Any] = json.loads(encode(read.operations(target)))
        return made

    def run(self, books: Books, *, tidy_up: bool = False) -> None:
        report = self.apply(self.workbook, self.operations(books, tidy_up=tidy_up), BLOCK)
        assert report["applied"], report

    def work(self) -> None:
        """Somebody refers to Net Income: by a formula, by a name and by a chart."""
        mine, tab = self.workbook.tabs[0], self.workbook.tabs[1]
        area = self.area
        row, column = area.row + area.rows - 1, area.column + area.columns - 1
        self.workbook.name_range("Net", tab.sheet_id, Rect(row, column, 1, 1))
        mine.set_formula(0, 0, f"=Report!{_a1(row, column)}")
        self.workbook.attached.add(CHART, tab, Rect(row, area.column, 1, area.columns))

    def type_beside(self, line: int, formula: str) -> None:
        area = self.area
        self.workbook.tabs[1].set_formula(area.row + 5 + line, area.column + area.columns, formula)

    @property
    def area(self) -> Rect:
        found = self.workbook.named_range(BLOCK)
        assert found is not None
        assert found.rect is not None
        return found.rect

    @property
    def table(self) -> list[list[Value]]:
        """Without the title rows."""
        return self.workbook.tabs[1].values(self.area)[4:]

    @property
    def formulas(self) -> dict[str, str]:
        return {at: text for at, text in self.workbook.formulas().items() if at[:6] == "Report"}

    def followed(self) -> tuple[Value, Value, Value]:
        """What formula, name and chart show of Net Income now: a value, a value, a label."""
        tab = self.workbook.tabs[1]
        named = self.workbook.named_range("Net")
        (drawn,) = [each.rect for each in self.workbook.attached.of(tab.sheet_id, CHART)]
        assert named is not None
        assert named.rect is not None
        assert drawn is not None
        label = tab.values(Rect(drawn.row, drawn.column))[0][0]
        return self.workbook.tabs[0].values(Rect(0, 0))[0][0], tab.values(named.rect)[0][0], label


def age(sheet: Sheet) -> None:
    """Leaves the receipt of a version that knew a period by what QuickBooks called it."""
    (held,) = sheet.workbook.find_metadata(f"counterfoil:{BLOCK}")
    titles = [str(title) for title in sheet.table[0]]
    keys = key_marks(KEY, ["account", *titles[1:-1], "total"])
    aged = json.dumps({**json.loads(held.value), "keys": keys})
    sheet.workbook.change_metadata(held.id, value=aged)


def state(workbook: Workbook, block: str = BLOCK) -> dict[str, Any]:
    """As the add-on tells of the block: addon/ReportState.js."""
    named = workbook.named_range(block)
    found = workbook.find_metadata(f"counterfoil:{block}")
    area = named.rect if named else None
    if area is None or not found:
        return {"receipt": None}
    receipt = json.loads(found[0].value)
    header = receipt["rows"] - sum(size * times for size, times in receipt["digest"]["chunks"])
    tab = workbook.tab_by_id(named.sheet_id) if named else None
    assert tab is not None
    cells = tab.values(area)
    first = receipt.get("places", [0])[0]
    return {
        "receipt": receipt,
        "rows": area.rows,
        "columns": area.columns,
        "titles": cells[header - 1],
        "labels": [row[first] for row in cells[header:]],
        "beside": _beside(tab, area, header) if len(cells) - header > 500 else [],
    }


def _beside(tab: Tab, area: Rect, header: int) -> list[int]:
    lines = tab.values(Rect(area.row + header, area.column + area.columns, area.rows - header, 1))
    return [at for at, (cell,) in enumerate(lines) if cell != ""]


class _OneReport:
    def __init__(self, report: dict[str, Any]) -> None:
        self._body = json.dumps(report).encode()

    def report(self, name: str, parameters: Any) -> ReportTable:
        return plain_report(self._body)


def _sums(books: Books, accounts: Accounts) -> list[int]:
    return [sum(amounts[at] for amounts in accounts.values()) for at in range(len(books.months))]


def _cells(label: str, amounts: Sequence[int], id: str = "") -> dict[str, Any]:
    first = {"value": label, **({"id": id} if id else {})}
    shown = [{"value": f"{amount}.00"} for amount in (*amounts, sum(amounts))]
    return {"ColData": [first, *shown]}


def _month(month: str, end: str) -> dict[str, Any]:
    """Called by its days where it is not over, also in its key, as QuickBooks does."""
    day = parsed(end)
    title = month if end == _last(month) else f"{day:%b} 1 - {day:%b} {day.day}, {day.year}"
    meta = [("StartDate", f"{month}-01"), ("EndDate", end), ("ColKey", title)]
    return {
        "ColTitle": title,
        "ColType": "Money",
        "MetaData": [{"Name": name, "Value": value} for name, value in meta],
    }


def _last(month: str) -> str:
    return last_day_of_month(parsed(f"{month}-01")).isoformat()


def _a1(row: int, column: int) -> str:
    return f"{chr(ord('A') + column)}{row + 1}"


_LABEL = {
    "ColTitle": "",
    "ColType": "Account",
    "MetaData": [{"Name": "ColKey", "Value": "account"}],
}
_TOTAL = {
    "ColTitle": "Total",
    "ColType": "Money",
    "MetaData": [{"Name": "ColKey", "Value": "total"}],
}
