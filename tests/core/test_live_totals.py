"""Totals as formulas, over a report that QuickBooks sent."""

from __future__ import annotations

from counterfoil.core.live_totals import live_totals
from counterfoil.core.printed import printed
from counterfoil.core.reports import LineKind, parse
from sandbox.google.a1 import Rect
from sandbox.google.grid import Workbook
from tests.samples import sample


def test_a_sum_that_only_subtracts_is_live_too() -> None:
    table = parse(sample("reports/ProfitAndLoss_2026_sandbox.json"))
    shown = printed(table, title="Profit and Loss", company="Acme")
    live = {total.row: total for total in live_totals(table, shown.line_keys, shown.layout)}
    rows = {
        line.group: at
        for at, line in enumerate(table.lines, shown.layout.header_rows)
        if line.kind is LineKind.TOTAL
    }
    assert len(live) == 17
    net_other = live[rows["NetOtherIncome"]]
    assert net_other.plus == ()
    assert net_other.minus == ((rows["OtherExpenses"], 1),)


def test_a_formula_that_begins_by_subtracting_comes_to_less_than_nothing() -> None:
    workbook = Workbook()
    workbook.tabs[0].write(0, 0, [[2916], [""]])
    workbook.tabs[0].set_formula(1, 0, "=-SUM(A1:A1)")
    assert workbook.tabs[0].values(Rect(1, 0))[0][0] == -2916
