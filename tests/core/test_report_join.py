"""Parts of a report, each of some months, joined to the cent; or refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from counterfoil.core.errors import IncompleteRead
from counterfoil.core.report_cuts import aligned, halves
from counterfoil.core.report_join import joined
from counterfoil.core.report_sums import summed
from counterfoil.core.reports import ReportTable, parse


def answer(*columns: str, total: bool = True, **lines: list[str]) -> dict[str, Any]:
    """A Profit and Loss by month: income accounts by id with their amounts."""
    months = [
        {
            "ColTitle": day,
            "ColType": "Money",
            "MetaData": [
                {"Name": "StartDate", "Value": f"{day}-01"},
                {"Name": "EndDate", "Value": f"{day}-{_last(day)}"},
                {"Name": "ColKey", "Value": day},
            ],
        }
        for day in columns
    ]
    last = [{"ColTitle": "TOTAL", "ColType": "Money", "MetaData": [_key("total")]}] if total else []

    def cells(name: str, amounts: list[str], id: str | None = None) -> list[dict[str, str]]:
        found = [*amounts, *([f"{sum(float(a or 0) for a in amounts):.2f}"] if total else [])]
        return [{"value": name} | ({"id": id} if id else {}), *({"value": each} for each in found)]

    sums = [
        f"{sum(float(line[i] or 0) for line in lines.values()):.2f}" for i in range(len(columns))
    ]
    return {
        "Header": {
            "ReportName": "ProfitAndLoss", "ReportBasis": "Accrual", "SummarizeColumnsBy": "Month",
            "StartPeriod": f"{columns[0]}-01", "EndPeriod": f"{columns[-1]}-{_last(columns[-1])}",
            "Currency": "USD",
        },
        "Columns": {"Column": [{"ColTitle": "", "ColType": "Account"}, *months, *last]},
        "Rows": {
            "Row": [
                {
                    "group": "Income",
                    "Header": {"ColData": cells("Income", [""] * len(columns))},
                    "Rows": {
                        "Row": [
                            {"ColData": cells(name, amounts, name)} for name, amounts in lines.items()
                        ]
                    },
                    "Summary": {"ColData": cells("Total Income", sums)},
                }
            ]
        },
    }  # fmt: skip


def _key(word: str) -> dict[str, str]:
    return {"Name": "ColKey", "Value": word}


def _last(month: str) -> int:
    return {"02": 28, "04": 30, "06": 30, "09": 30, "11": 30}.get(month[5:], 31)


def shown(table: ReportTable) -> list[tuple[str, list[str]]]:
    return [
        (line.label, ["" if v is None else str(v) for v in line.values[1:]]) for line in table.lines
    ]


def test_columns_stand_side_by_side_and_totals_are_added_to_the_cent() -> None:
    table = joined(
        [
            parse(answer("2026-01", "2026-02", Fees=["0.10", "0.20"], Rent=["5.00", ""])),
            parse(answer("2026-03", Design=["7.00"], Fees=["0.70"])),
        ]
    )
    assert [column.title for column in table.columns] == [
        "", "2026-01", "2026-02", "2026-03", "TOTAL",
    ]  # fmt: skip
    assert shown(table) == [
        ("Income", ["", "", "", "0.00"]),
        ("Design", ["", "", "7.00", "7.00"]),
        ("Fees", ["0.10", "0.20", "0.70", "1.00"]),
        ("Rent", ["5.00", "", "", "5.00"]),
        ("Total Income", ["5.10", "0.20", "7.70", "13.00"]),
    ]
    assert (table.start, table.end) == (date(2026, 1, 1), date(2026, 3, 31))


def test_an_account_that_has_sub_accounts_in_one_part_only_is_their_head_in_all() -> None:
    below = answer("2026-02", Fees=["1.00"])
    (income,) = below["Rows"]["Row"]
    (line,) = income["Rows"]["Row"]
    rush = {"ColData": [{"value": "Rush", "id": "Rush"}, {"value": "3.00"}, {"value": "3.00"}]}
    income["Rows"]["Row"] = [
        {
            "Header": line,
            "Rows": {"Row": [rush]},
            "Summary": {"ColData": [{"value": "Total Fees"}, {"value": "4.00"}, {"value": "4.00"}]},
        }
    ]
    income["Summary"]["ColData"][1:] = [{"value": "4.00"}, {"value": "4.00"}]
    table = joined([parse(answer("2026-01", Fees=["2.00"])), parse(below)])
    assert shown(table)[1:4] == [
        ("Fees", ["2.00", "1.00", "3.00"]),
        ("Rush", ["", "3.00", "3.00"]),
        ("Total Fees", ["2.00", "4.00", "6.00"]),
    ]


MISFITS = {
    "a month is missing": [answer("2026-01", A=["1"]), answer("2026-03", A=["1"])],
    "one part has no totals": [answer("2026-01", A=["1"]), answer("2026-02", total=False, A=["1"])],
    "no column is of a period": [{**answer("2026-01", A=["1"]), "Columns": {"Column": [
        {"ColTitle": "", "ColType": "Account"}, {"ColTitle": "Total", "ColType": "Money"},
    ]}}] * 2,
}  # fmt: skip


@pytest.mark.parametrize("case", MISFITS)
def test_parts_that_do_not_fit_together_are_no_report(case: str) -> None:
    with pytest.raises(IncompleteRead, match="do not fit together"):
        joined([parse(each) for each in MISFITS[case]])


def test_two_lines_that_only_their_name_could_tell_apart_are_no_report() -> None:
    twice = answer("2026-01", A=["1.00"])
    lines = twice["Rows"]["Row"][0]["Rows"]["Row"]
    del lines[0]["ColData"][0]["id"]
    lines.append(lines[0])
    with pytest.raises(IncompleteRead, match="do not fit together"):
        joined([parse(twice), parse(answer("2026-02", B=["1.00"]))])


@pytest.mark.parametrize(
    ("by", "start", "end", "middle"),
    [
        ("Month", "2026-01-01", "2026-12-31", "2026-07-01"),
        ("Month", "2026-01-15", "2026-02-10", "2026-02-01"),
        ("Month", "2026-01-01", "2026-01-31", None),
        ("Days", "2026-01-01", "2026-01-04", "2026-01-03"),
        ("Days", "2026-01-01", "2026-01-01", None),
        ("Quarter", "2026-01-01", "2026-12-31", "2026-07-01"),
        ("Year", "2024-04-15", "2026-04-14", "2025-04-01"),
        ("Year", "2026-12-01", "2026-12-31", None),
        ("Week", "2026-01-01", "2026-01-20", "2026-01-11"),
        ("Customers", "2026-01-01", "2026-12-31", None),
    ],
)
def test_a_range_is_cut_only_where_a_column_ends_or_may_end(
    by: str, start: str, end: str, middle: str | None
) -> None:
    both = halves((date.fromisoformat(start), date.fromisoformat(end)), by)
    assert (both and both[1][0].isoformat()) == middle
    if both:
        assert (both[0][0].isoformat(), both[1][1].isoformat()) == (start, end)
        assert (both[1][0] - both[0][1]).days == 1


def of_customers(*names: str, **lines: list[str]) -> ReportTable:
    """A Profit and Loss by customer; the id of each is their name in capitals."""
    found = answer(*["2026-01"] * len(names), **lines)
    for name, column in zip(names, found["Columns"]["Column"][1:-1], strict=True):
        column["ColTitle"] = name
        column["MetaData"] = [_key(name), {"Name": "ID", "Value": name.upper()}]
    return parse(found)


def test_columns_of_customers_are_known_by_their_ids_and_added_cell_by_cell() -> None:
    table = summed(
        [
            of_customers("Amy", "Cool Cars", Fees=["0.10", "0.20"], Rent=["5.00", ""]),
            of_customers("Bob", "Cool Cars", Design=["7.00", ""], Fees=["", "0.70"]),
        ]
    )
    assert [column.key for column in table.columns[1:]] == ["AMY", "BOB", "COOL CARS", "total"]
    assert shown(table) == [
        ("Income", ["", "", "", "0.00"]),
        ("Design", ["", "7.00", "", "7.00"]),
        ("Fees", ["0.10", "", "0.90", "1.00"]),
        ("Rent", ["5.00", "", "", "5.00"]),
        ("Total Income", ["5.10", "7.00", "0.90", "13.00"]),
    ]


def test_columns_that_only_their_order_could_tell_apart_are_no_report() -> None:
    nameless = [of_customers("Amy", "Bob", Fees=["1.00", ""]) for _ in range(2)]
    columns = [replace(each, key=f"total#{at}") for at, each in enumerate(nameless[1].columns)]
    with pytest.raises(IncompleteRead, match="do not fit together"):
        summed([nameless[0], replace(nameless[1], columns=(*columns,))])


JAN_1 = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("by", "columns", "cut", "found"),
    [
        ("Week", ["2026-01-01 2026-01-03", "2026-01-04 2026-01-10"], "2026-01-11", "2026-01-11"),
        ("Week", ["2026-01-01 2026-01-03", "2026-01-04 2026-01-10"], "2026-01-16", "2026-01-11"),
        ("Quarter", ["2026-01-01 2026-01-31", "2026-02-01 2026-04-30"], "2026-07-01", "2026-05-01"),
        ("Quarter", ["2026-01-01 2026-03-31"], "2026-06-01", "2026-04-01"),
        ("Quarter", ["2026-01-01 2026-02-28"], "2026-03-01", None),
        ("Year", ["2026-01-01 2026-03-31", "2026-04-01 2027-03-31"], "2027-06-01", "2027-04-01"),
        ("Month", ["2026-01-01 2026-01-31"], "2026-02-01", "2026-02-01"),
    ],
)
def test_parts_begin_where_a_whole_column_does(
    by: str, columns: list[str], cut: str, found: str | None
) -> None:
    table, first = parse(answer("2026-01")), parse(answer("2026-01")).columns[1]
    spans = [tuple(map(date.fromisoformat, each.split())) for each in columns]
    own = tuple(replace(first, start=start, end=end) for start, end in spans)
    at, end = date.fromisoformat(cut), date(2027, 12, 31)
    ranges = [(JAN_1, at - timedelta(days=1)), (at, end)]
    moved = aligned(ranges, [replace(table, columns=own)], by)
    assert (moved and moved[1][0].isoformat()) == found
    if moved:
        assert (moved[0][0], moved[0][1] + timedelta(days=1), moved[1][1]) == (
            *(JAN_1, moved[1][0], end),
        )


# Over the simulated QuickBooks, whose own report in one piece is what the parts must give.
