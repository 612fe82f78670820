"""The line of a proof in the log tab."""

from __future__ import annotations

import json
import pathlib
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from counterfoil.core import operations, patch_operations
from counterfoil.core.operations import Operation
from counterfoil.core.proof import Proof, Total, Verdict
from counterfoil.core.proof_lines import logged, sheet_totals, unlooked, with_proof
from counterfoil.core.tie_out import Outcome, TieOut

LINES = json.loads((pathlib.Path(__file__).parents[1] / "data/log_lines.json").read_text("utf-8"))
WHOLE = Proof(
    Verdict.PASS,
    "All 1,284 that QuickBooks counts have arrived.",
    sent=1284,
    counted=1284,
    distinct=1284,
    rows=1200,
    totals=(
        Total("total", "Total", "EUR", Decimal("-5.50")),
        Total("total", "Total", "USD", Decimal("12345.60")),
    ),
)
LINE = (
    "1,284 sent · QuickBooks counts 1,284 · 1,200 in the sheet · Total -5.50 EUR · "
    "Total 12,345.60 USD · All 1,284 that QuickBooks counts have arrived."
)


def test_it_has_what_was_sent_what_is_in_the_sheet_and_the_totals() -> None:
    assert logged(WHOLE) == LINE
    update = Proof(Verdict.PASS, "Three were read again.", 3, None, 3, None)
    assert logged(update) == "3 sent · Three were read again."
    apart = replace(update, apart="It is a total.")
    assert logged(apart) == "3 sent · Three were read again. · It is a total."
    first = Proof(Verdict.PASS, "", 900, 900, 900, 50, of=800)
    assert logged(first) == "900 sent · QuickBooks counts 900 · 800 match · 50 in the sheet"


def test_it_stands_beside_the_title_of_the_list_and_in_no_other_operation() -> None:
    listed = operations.append_log(operations.LOG_TAB, [["Bills", "2026-11-22"]], changes=True)
    others = (
        operations.append_log(operations.LOG_TAB, [["Bills", "2026-11-22"]]),
        operations.copy_values(operations.LOG_TAB),
    )
    made = with_proof((*others, listed), WHOLE)
    assert made[:2] == others
    assert made[2].fields == {**listed.fields, "rows": [["Bills", "2026-11-22", LINE]]}


def test_totals_that_only_the_sheet_knows_are_added_when_they_were_read_back() -> None:
    listed = operations.append_log(operations.LOG_TAB, [["Bills", "2026-11-22"]], changes=True)
    update = Proof(Verdict.PASS, "Three were read again.", 3, None, 3, None)
    (made,) = with_proof([listed], update)
    assert made.fields["totals"] is True
    look = patch_operations.expect_patched(
        run="run_1",
        key="0f" * 32,
        columns=3,
        header_rows=1,
        kinds=["text", "number", "number"],
        titles=["Id", "Total", None],
        sums=[{"column": 1, "scale": 2, "sum": "5"}, {"column": 2, "scale": 0, "sum": "1"}],
        currency=[{"column": None, "home": "USD"}] * 2,
    )
    seen = {"by_currency": [{"USD": "-123450", "EUR": "5"}, {"USD": "1"}]}
    assert sheet_totals([listed, look], seen) == (
        Total("", "Total", "EUR", Decimal("0.05")),
        Total("", "Total", "USD", Decimal("-1234.50")),
    )
    assert sheet_totals([listed], seen) == sheet_totals([look], {}) == ()


def test_a_line_of_its_own_begins_with_how_it_came_out_and_ends_with_nothing_where_that_is_known() -> (
    None
):
    same = {"rows": 1200, "new": 0, "changed": 0, "gone": 0, "closed": 0, "news": []}
    assert unlooked(WHOLE, same) == f"1,200 rows, complete · {LINE} · Nothing changed."
    update = Proof(Verdict.PASS, "Nothing since 10:00.", 0, None, 0, None)
    told = "complete · 0 sent · {}Nothing since 10:00."
    assert unlooked(update, {"rows": 1}) == f"1 row, {told.format('1 in the sheet · ')}"
    assert unlooked(update, {}) == told.format("")
    unchecked = replace(update, verdict=Verdict.NOT_CHECKED, why="", rows=2)
    assert unlooked(unchecked, {}) == "2 rows, not checked · 0 sent", "nothing was read back"


@pytest.mark.parametrize("told", LINES, ids=lambda told: told["about"])
def test_the_line_of_a_run_that_nobody_looked_at_is_that_of_the_add_on(told: Any) -> None:
    """tests/addon/log_lines.test.js is the other one's."""
    given = told["proof"]
    proof = Proof(
        Verdict(given["verdict"]),
        *(given[name] for name in ("why", "sent", "counted", "distinct", "rows")),
        totals=tuple(
            Total("", it["title"], it["currency"], Decimal(it["amount"])) for it in given["totals"]
        ),
        of=given.get("of"),
        first=given.get("first", ""),
        ties=tuple(
            TieOut(it["key"], it["title"], Outcome(it["verdict"]), it["why"])
            for it in given.get("ties", ())
        ),
        apart=given.get("apart", ""),
    )
    assert proof.as_json() == given, "as the add-on gets it"
    assert unlooked(proof, told["seen"], [Operation("expect", told["expect"])]) == told["line"]


def test_checks_against_other_reports_are_counted_and_those_that_do_not_agree_told() -> None:
    ties = [
        TieOut("net", "Net income", Outcome.PASS, "Both are 5.00."),
        TieOut("open", "Receivables", Outcome.FAIL, "They are 1.00 apart."),
        TieOut("owed", "Payables", Outcome.NOT_APPLICABLE, "It is narrowed."),
    ]
    proof = Proof(Verdict.PASS, "", 3, None, 3, 3, ties=tuple(ties))
    assert logged(proof) == (
        "3 sent · 3 in the sheet · 1 check differs · 1 check agrees · not compared: 1 · "
        "Receivables: differs. They are 1.00 apart. · Payables: not compared. It is narrowed."
    )
    assert (
        logged(replace(proof, ties=(ties[0], ties[0])))
        == "3 sent · 3 in the sheet · 2 checks agree"
    )
