"""The line of a proof in the log tab."""

from __future__ import annotations

from decimal import Decimal

from counterfoil.core import operations
from counterfoil.core.proof import Proof, Total, Verdict
from counterfoil.core.proof_lines import logged, with_proof

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
