"""A report of periods, woven day by day into what is in the sheet: a unit keeps its column."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from counterfoil.core import marks
from counterfoil.core.keyed import Line, Standing, lines_of, woven
from counterfoil.core.printed import printed
from counterfoil.core.report_join import joined
from counterfoil.core.report_rows import ReportRows
from counterfoil.core.reports import parse
from counterfoil.core.tidy import tidy_values

KEY = "0f" * 32
Spans = dict[str, tuple[str, str]]
"""The columns, by title: the days that are in them."""

MONTHS = [
    {
        "Jan 2026": ("2026-01-01", "2026-01-31"),
        "Feb 1 - Feb 27, 2026": ("2026-02-01", "2026-02-27"),
    },
    {"Jan 2026": ("2026-01-01", "2026-01-31"), "Feb 2026": ("2026-02-01", "2026-02-28")},
    {
        "Jan 2026": ("2026-01-01", "2026-01-31"),
        "Feb 2026": ("2026-02-01", "2026-02-28"),
        "Mar 1 - Mar 1, 2026": ("2026-03-01", "2026-03-01"),
    },
]
THIRTY_DAYS = [
    {
        "Feb 3 - Feb 28, 2026": ("2026-02-03", "2026-02-28"),
        "Mar 1 - Mar 4, 2026": ("2026-03-01", "2026-03-04"),
    },
    {
        "Feb 4 - Feb 28, 2026": ("2026-02-04", "2026-02-28"),
        "Mar 1 - Mar 5, 2026": ("2026-03-01", "2026-03-05"),
    },
    {"Mar 2 - Mar 31, 2026": ("2026-03-02", "2026-03-31")},
]
QUARTERS = [
    {
        "Jan - Mar 2026": ("2026-01-01", "2026-03-31"),
        "Apr 1 - Apr 9, 2026": ("2026-04-01", "2026-04-09"),
    },
    {
        "Jan - Mar 2026": ("2026-01-01", "2026-03-31"),
        "Apr 1 - Jun 29, 2026": ("2026-04-01", "2026-06-29"),
    },
    {
        "Jan - Mar 2026": ("2026-01-01", "2026-03-31"),
        "Apr - Jun 2026": ("2026-04-01", "2026-06-30"),
    },
]
YEARS = [
    {"Jul 4 - Dec 31, 2013": ("2013-07-04", "2013-12-31"), "Jan 1 - Jun 21, 2014": ("2014-01-01", "2014-06-21")},
    {"Jul 5 - Dec 31, 2013": ("2013-07-05", "2013-12-31"), "Jan 1 - Jun 22, 2014": ("2014-01-01", "2014-06-22")},
]  # fmt: skip
WEEKS = [
    {"Mar 4 - Mar 7, 2026": ("2026-03-04", "2026-03-07"), "Mar 8 - Mar 9, 2026": ("2026-03-08", "2026-03-09")},
    {"Mar 4 - Mar 7, 2026": ("2026-03-04", "2026-03-07"), "Mar 8 - Mar 10, 2026": ("2026-03-08", "2026-03-10")},
    {"Mar 4 - Mar 7, 2026": ("2026-03-04", "2026-03-07"), "Mar 8 - Mar 14, 2026": ("2026-03-08", "2026-03-14")},
]  # fmt: skip


def report(by: str, columns: Spans, *, named: bool = True) -> ReportRows:
    """Its lines are Fees, of the books' account 5, and what it comes to."""
    return printed(parse(answer(by, columns, named=named)), title="P&L", company="Acme")


def answer(by: str, columns: Spans, *, named: bool = True) -> dict[str, object]:
    def column(title: str, days: tuple[str, str]) -> dict[str, object]:
        told = {"StartDate": days[0], "EndDate": days[1], **({"ColKey": title} if named else {})}
        meta = [{"Name": name, "Value": value} for name, value in told.items()]
        return {"ColTitle": title, "ColType": "Money", "MetaData": meta}

    def cells(label: str, id: str = "") -> list[dict[str, str]]:
        amounts = [str(10 + at) for at in range(len(columns))]
        return [{"value": label, "id": id}, *({"value": each} for each in (*amounts, "99"))]

    total = {
        "ColTitle": "Total",
        "ColType": "Money",
        "MetaData": [{"Name": "ColKey", "Value": "total"}],
    }
    return {
        "Header": {"ReportName": "ProfitAndLoss", "SummarizeColumnsBy": by, "Currency": "USD"},
        "Columns": {
            "Column": [
                {"ColTitle": "", "ColType": "Account"},
                *(column(*each) for each in columns.items()),
                total,
            ]
        },
        "Rows": {
            "Row": [{"ColData": cells("Fees", "5")}, {"group": "NetIncome", "Summary": {"ColData": cells("Net")}}]
        },
    }  # fmt: skip


def standing(shown: ReportRows, *, former: bool = False) -> Standing:
    """As a run leaves it; `former`: as one of an earlier version did."""
    lines = lines_of(KEY, shown)
    assert lines is not None
    keys = shown.layout.keys
    if former:
        keys = tuple(was or is_ for was, is_ in zip(shown.former, keys, strict=True))
        lines = tuple(
            Line(marks.line_mark(KEY, text), line.kind, line.depth)
            for text, line in zip(shown.line_keys, lines, strict=True)
        )
    return Standing(
        rows=len(shown.header_rows) + len(lines),
        lines=lines,
        labels=tuple(row[0] for row in shown.rows),
        keys=tuple(marks.cut(shown.layout.key_marks or marks.key_marks(KEY, keys), 6)),
        titles=tuple(shown.header_rows[-1]),
    )


@pytest.mark.parametrize("named", [True, False], ids=["by titles", "by days only"])
@pytest.mark.parametrize(
    ("by", "days"),
    [
        ("Month", MONTHS),
        ("Month", THIRTY_DAYS[:2]),
        ("Quarter", QUARTERS),
        ("FiscalQuarter", QUARTERS),
        ("Year", YEARS),
        ("FiscalYear", YEARS),
        ("Week", WEEKS),
    ],
)
def test_a_unit_that_is_not_over_keeps_its_column_and_gets_its_new_title(
    by: str, days: list[Spans], named: bool
) -> None:
    sheet = standing(report(by, days[0], named=named))
    for columns in days[1:]:
        found = woven(report(by, columns, named=named), KEY, sheet)
        assert found is not None
        assert found.shown.header_rows[-1] == ["", *columns, "Total"]
        sheet = standing(found.shown)


def test_a_unit_that_left_the_range_stays_at_nought_and_comes_back_into_its_column() -> None:
    first, second, alone = (report("Month", columns) for columns in THIRTY_DAYS)
    found = woven(alone, KEY, standing(second))
    assert found is not None
    titles = ["", "Feb 4 - Feb 28, 2026", "Mar 2 - Mar 31, 2026", "Total"]
    assert found.shown.header_rows[-1] == titles
    assert found.shown.rows[0] == ["Fees", 0, 10, 99]
    again = woven(first, KEY, standing(found.shown))
    assert again is not None
    assert again.shown.header_rows[-1] == [
        "", "Feb 3 - Feb 28, 2026", "Mar 1 - Mar 4, 2026", "Total",
    ]  # fmt: skip
    assert again.shown.rows[0] == ["Fees", 10, 11, 99]


ALONE = {"Jan 1 - Mar 20, 2026": ("2026-01-01", "2026-03-20")}
APRIL = {"Apr 1 - Apr 10, 2026": ("2026-04-01", "2026-04-10")}


@pytest.mark.parametrize("title", ["Jan 1 - Mar 31, 2026", "Jan - Mar 2026"])
@pytest.mark.parametrize("by", ["Year", "FiscalYear"])
def test_a_year_that_was_alone_and_of_no_calendar_keeps_its_column_beside_the_next(
    by: str, title: str
) -> None:
    both = {title: ("2026-01-01", "2026-03-31")} | APRIL
    found = woven(report(by, both), KEY, standing(report(by, ALONE)))
    assert found is not None
    assert found.shown.header_rows[-1] == ["", *both, "Total"]
    assert found.columns.fresh == ((2, 1),)
    back = woven(report(by, ALONE), KEY, standing(found.shown))
    assert back is not None
    assert back.shown.header_rows[-1] == ["", *ALONE, *APRIL, "Total"]
    assert back.shown.rows[0] == ["Fees", 10, 0, 99]
    again = woven(report(by, both), KEY, standing(back.shown))
    assert again is not None
    assert again.shown.rows[0] == ["Fees", 10, 11, 99]


def test_columns_by_another_unit_are_others() -> None:
    found = woven(report("Quarter", QUARTERS[0]), KEY, standing(report("Month", MONTHS[0])))
    assert found is not None
    assert found.shown.header_rows[-1] == [
        "", "Jan 2026", "Feb 1 - Feb 27, 2026", "Jan - Mar 2026", "Apr 1 - Apr 9, 2026", "Total",
    ]  # fmt: skip
    assert found.shown.rows[0] == ["Fees", 0, 0, 10, 11, 99]


@pytest.mark.parametrize(
    ("by", "days"),
    [
        ("Month", MONTHS),
        ("Month", THIRTY_DAYS[:2]),
        ("Quarter", QUARTERS),
        ("Year", YEARS),
        ("Week", WEEKS),
    ],
)
def test_what_an_earlier_version_wrote_keeps_its_lines_and_columns(
    by: str, days: list[Spans]
) -> None:
    sheet = standing(report(by, days[0]), former=True)
    now = replace(report(by, days[1]), whose="9130")
    found = woven(now, KEY, sheet)
    assert found is not None
    assert found.shown.header_rows[-1] == ["", *days[1], "Total"]
    assert [row[0] for row in found.shown.rows] == ["Fees", "Net"]
    assert (found.rows.fresh, found.columns.fresh) == ((), ())
    assert found.lines == lines_of(KEY, now)
    again = standing(report(by, days[1]))
    assert marks.cut(found.shown.layout.key_marks, 6) == list(again.keys)


def test_of_columns_that_an_earlier_version_left_behind_the_last_goes_on() -> None:
    left = dict(MONTHS[0], **{"Feb 1 - Feb 26, 2026": ("2026-02-01", "2026-02-26")})
    old = standing(report("Month", {"Jan 2026": left["Jan 2026"]}), former=True)
    titles = ("", "Jan 2026", "Feb 1 - Feb 26, 2026", "Feb 1 - Feb 27, 2026", "Total")
    keys = marks.key_marks(KEY, ["account", "Jan 2026", *titles[2:4], "total"])
    sheet = replace(old, titles=titles, keys=tuple(marks.cut(keys, 6)))
    found = woven(report("Month", MONTHS[1]), KEY, sheet)
    assert found is not None
    assert found.shown.rows[0] == ["Fees", 10, 0, 11, 99]
    assert found.shown.header_rows[-1][2:4] == ["Feb 1 - Feb 26, 2026", "Feb 2026"]


def test_a_week_that_an_earlier_version_left_is_not_another_of_its_month() -> None:
    old = {"Mar 1 - Mar 7, 2026": ("2026-03-01", "2026-03-07")}
    now = {"Mar 22 - Mar 24, 2026": ("2026-03-22", "2026-03-24")}
    found = woven(report("Week", now), KEY, standing(report("Week", old), former=True))
    assert found is not None
    assert found.shown.header_rows[-1] == ["", *old, *now, "Total"]
    assert found.shown.rows[0] == ["Fees", 0, 10, 99]


def test_a_line_that_an_earlier_version_wrote_is_this_company_s_where_it_is_called_so() -> None:
    shown = report("Month", MONTHS[1])
    sheet = standing(shown, former=True)
    assert woven(replace(shown, whose="9130"), KEY, sheet) is not None
    other = woven(replace(shown, whose="9130"), KEY, replace(sheet, labels=("Dues", "Net")))
    assert other is not None
    assert other.shown.rows == [["Dues", 0, 0, 0], ["Fees", 10, 11, 99], ["Net", 10, 11, 99]]


def test_a_column_of_a_customer_is_this_company_s_where_it_is_called_so() -> None:
    told = answer("Customers", {"Amy": ("2026-01-01", "2026-01-31")})
    column = told["Columns"]["Column"][1]  # type: ignore[index]
    column["MetaData"] = [{"Name": "ID", "Value": "7"}]
    shown = printed(parse(told), title="P&L", company="Acme")
    sheet = standing(shown, former=True)
    now = replace(shown, whose="9130")
    same = woven(now, KEY, sheet)
    assert same is not None
    assert same.shown.rows[0] == ["Fees", 10, 99]
    assert same.shown.layout.key_marks != "".join(sheet.keys)
    other = woven(now, KEY, replace(sheet, titles=("", "Ben", "Total")))
    assert other is not None
    assert other.shown.header_rows[-1] == ["", "Ben", "Amy", "Total"]
    assert other.shown.rows[0] == ["Fees", 0, 10, 99]


def test_the_key_of_a_value_in_the_tidy_layout_is_that_of_its_unit() -> None:
    for columns in MONTHS[:2]:
        found = tidy_values(parse(answer("Month", columns)), title="P&L", company="Acme")
        assert [row[found.layout.key] for row in found.rows][:3] == [
            "5|Month 2026-01-01",
            "5|Month 2026-02-01",
            "5|total",
        ]


def test_a_quarter_alone_in_its_part_is_known_by_where_the_others_begin() -> None:
    first = {"Apr 5 - Apr 30, 2026": ("2026-04-05", "2026-04-30")}
    later = {
        "May - Jul 2026": ("2026-05-01", "2026-07-31"),
        "Aug 1 - Aug 2, 2026": ("2026-08-01", "2026-08-02"),
    }
    parts = [parse(answer("FiscalQuarter", each)) for each in (first, later)]
    columns = joined(parts).columns
    assert [column.key for column in columns] == [
        "account", "FiscalQuarter 2026-01-01", "FiscalQuarter 2026-04-01", "FiscalQuarter 2026-07-01", "total",
    ]  # fmt: skip
    assert columns[1].start == date(2026, 4, 5)
