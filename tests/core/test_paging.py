from __future__ import annotations

import json
from decimal import Decimal

import pytest

from counterfoil import catalog
from counterfoil.core import paging
from counterfoil.core.proof import Proof, Total, Totals, Verdict, by_currency


@pytest.mark.parametrize(
    ("count", "done", "size", "expected"),
    [
        (0, 0, 1000, []),
        (1, 0, 1000, [1]),
        (1000, 0, 1000, [1]),
        (1001, 0, 1000, [1, 1001]),
        (50_000, 1000, 1000, list(range(1001, 50_000, 1000))),
        (1000, 1000, 1000, []),
        (1001, 1000, 1000, [1001]),
        (10, 4, 3, [5, 8]),
        (5, 9, 3, []),
    ],
)
def test_the_pages_that_remain(count: int, done: int, size: int, expected: list[int]) -> None:
    assert paging.starts(count, done, size) == expected


def test_fifty_thousand_rows_are_fifty_pages() -> None:
    assert len(paging.starts(50_000)) == 50


@pytest.mark.parametrize(("rows", "needed"), [(0, False), (999, False), (1000, True)])
def test_only_a_full_first_page_needs_a_count(rows: int, needed: bool) -> None:
    assert paging.needs_count(rows) is needed


def test_pages_may_overlap() -> None:
    assert paging.starts(2500, 1000, 1000, overlap=1) == [1000, 1999]
    assert paging.starts(1000, 1000, 1000, overlap=1) == []
    assert paging.starts(1001, 1000, 1000, overlap=1) == [1000]


@pytest.mark.parametrize(
    ("sent", "distinct", "counted", "edited", "verdict", "why"),
    [
        (37, 37, None, 0, "PASS", "QuickBooks sent all its 37 rows in one page."),
        (0, 0, None, 0, "PASS", "QuickBooks sent all its 0 rows in one page."),
        (
            *(2500, 2500, 2500, 0, "PASS"),
            "QuickBooks counted 2,500 rows and sent each of them once.",
        ),
        (
            *(2500, 2500, 2500, 3, "PASS"),
            "QuickBooks counted 2,500 rows and sent each of them once. Edited during the run: 3, "
            "included.",
        ),
        (2499, 2499, 2500, 0, "FAIL", "QuickBooks counted 2,500 rows but sent 2,499."),
        (2501, 2501, 2500, 0, "FAIL", "QuickBooks counted 2,500 rows but sent 2,501."),
        (1, 1, 2, 0, "FAIL", "QuickBooks counted 2 rows but sent 1."),
        (
            *(2500, 2499, 2500, 0, "FAIL"),
            "Counterfoil kept 2,500 rows, but of 2,499 different ids.",
        ),
        (
            *(1000, 1000, None, 0, "NOT CHECKED"),
            "QuickBooks sent 1,000 rows and was not asked how many there are.",
        ),
    ],
)
def test_the_verdict_over_a_run(
    sent: int, distinct: int, counted: int | None, edited: int, verdict: str, why: str
) -> None:
    found = paging.proof(sent=sent, distinct=distinct, counted=counted, edited=edited)
    assert (found.verdict.value, found.why) == (verdict, why)
    assert found.rows == sent
    assert found.as_json().get("edited", 0) == edited


def test_a_proof_is_json_with_amounts_as_texts() -> None:
    total = Total("total", "Total", "USD", Decimal("1E+3"))
    found = Proof(Verdict.PASS, "Why.", 2, None, 2, 2, (total,)).as_json()
    assert json.loads(json.dumps(found)) == {
        "verdict": "PASS",
        "why": "Why.",
        "sent": 2,
        "counted": None,
        "distinct": 2,
        "rows": 2,
        "totals": [{"title": "Total", "currency": "USD", "amount": "1000"}],
    }


def test_totals_are_exact_and_go_on_from_their_state() -> None:
    columns = catalog.entity("invoices").columns
    totals = Totals()
    totals.add("balance", "USD", [Decimal("0.10")] * 3)
    totals.add("total", "USD", [Decimal("0.10"), "0.20", 5, None, ""])
    totals.add("total", "EUR", [Decimal("12345678901234567.89")])
    totals = Totals.from_state(json.loads(json.dumps(totals.state())))
    totals.add("total", "EUR", [Decimal("0.01")])
    found = totals.of(columns)
    assert [(t.key, t.title, t.currency, str(t.amount)) for t in found] == [
        ("total", "Total", "EUR", "12345678901234567.90"),
        ("total", "Total", "USD", "5.30"),
        ("balance", "Open balance", "USD", "0.30"),
    ]
    assert by_currency(found)["USD"] == {"total": Decimal("5.30"), "balance": Decimal("0.30")}
