"""The lines of a transaction come to what it says, of real ones, our own, and any."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil import catalog
from counterfoil.core.datasets import Bundles, Entity
from counterfoil.core.line_pages import LEFT_OVER, LINES, UNBALANCED
from tests.core.line_rows import bundle, discount, invoice, own, page_of, sale, subtotal
from tests.samples import sample_records

WITH_LINES = [entity for entity in catalog.ENTITIES if entity.lines]
BALANCED = [it for it in WITH_LINES if it.lines and it.lines.total is not None]


# What QuickBooks' documentation shows and its own service would not: lines that are not all there.
LEFT_OVERS = {
    "bill-payments": {"237": Decimal("110.0")},
    "deposits": {"148": Decimal("0.52"), "145": Decimal("-1675.0"), "5": Decimal("-218.0")},
}


@pytest.mark.parametrize("entity", BALANCED, ids=lambda entity: entity.key)
@pytest.mark.parametrize("bundles", Bundles)
def test_the_lines_of_every_real_transaction_add_up_to_its_total(
    entity: Entity, bundles: Bundles
) -> None:
    records = sample_records(entity.entity)
    page = page_of(entity.key, records, (), bundles=bundles)
    assert page.of_lines is not None
    left = {
        str(id): over
        for id, over in zip(page.ids, page.amounts[LEFT_OVER.key], strict=True)
        if over
    }
    assert left == LEFT_OVERS.get(entity.key, {})
    # What is left over is told, and how often.
    unbalanced = [over != 0 for over in page.amounts[LEFT_OVER.key]]
    assert page.amounts[UNBALANCED] == [Decimal(it) for it in unbalanced]


@pytest.mark.parametrize("entity", BALANCED, ids=lambda entity: entity.key)
@pytest.mark.parametrize("bundles", Bundles)
def test_the_lines_of_our_own_transactions_add_up_too(entity: Entity, bundles: Bundles) -> None:
    # Of the first ones only the first record is complete.
    records = own(entity.key)[: 1 if entity in catalog.ENTITIES[:6] else None]
    page = page_of(entity.key, records, (), bundles=bundles)
    assert not any(page.amounts[LEFT_OVER.key])
    assert any(page.amounts[LINES.key]) or entity.key == "journal-entries"


CENTS = st.integers(-(10**9), 10**9).map(lambda cents: Decimal(cents) / 100)
SALES = st.builds(sale, st.sampled_from(["1", "2", "3"]), CENTS.map(str))
FORM_LINES = st.lists(
    SALES
    | st.builds(discount, CENTS.map(str))
    | st.builds(bundle, CENTS.map(str), SALES)
    | st.builds(bundle, CENTS.map(str), SALES, SALES),
    max_size=6,
)


def worth(line: dict[str, Any]) -> Decimal:
    """What a line brings, told another way than the code does."""
    if line["DetailType"] == "DiscountLineDetail":
        return -abs(Decimal(line["Amount"]))  # taken off, whatever its sign
    if line["DetailType"] == "GroupLineDetail":
        parts = [it["Amount"] for it in line["GroupLineDetail"]["Line"]]
        return sum(parts, Decimal(0)) if any(parts) else Decimal(line["Amount"])
    return Decimal(line["Amount"])


@given(lines=FORM_LINES, tax=CENTS, over=CENTS, bundles=st.sampled_from(Bundles))
def test_nothing_is_lost_between_lines_tax_and_total(
    lines: list[dict[str, Any]], tax: Decimal, over: Decimal, bundles: Bundles
) -> None:
    total = sum(map(worth, lines), Decimal(0)) + tax + over
    shown = [*lines, subtotal("1")] if any("Item" in str(it) for it in lines) else lines
    found = invoice(*shown, total=str(total), TxnTaxDetail={"TotalTax": tax})
    page = page_of("invoices", [found], ("line_amount",), bundles=bundles)
    assert page.amounts[LEFT_OVER.key] == [over]
    assert page.amounts[UNBALANCED] == [over != 0]
    rows = sum((Decimal(repr(row[1])) for row in page.rows if row[1] != ""), Decimal(0))
    assert abs(rows + tax + over - total) < Decimal("0.01")


@given(
    paid=st.lists(st.tuples(st.sampled_from(["Invoice", "CreditMemo"]), CENTS), max_size=5),
    unapplied=CENTS,
)
def test_a_payment_is_what_it_was_applied_to_less_credits_and_the_rest(
    paid: list[tuple[str, Decimal]], unapplied: Decimal
) -> None:
    total = sum((-amount if kind == "CreditMemo" else amount for kind, amount in paid), unapplied)
    lines = [
        {"Amount": amount, "LinkedTxn": [{"TxnId": "1", "TxnType": kind}]} for kind, amount in paid
    ]
    found = {"Id": "7", "Line": lines, "UnappliedAmt": unapplied, "TotalAmt": total}
    page = page_of("payments", [found], ("line_amount",))
    assert page.amounts[LEFT_OVER.key] == [0]
    assert len(page.rows) == max(1, len(paid))


@given(amounts=st.lists(CENTS, min_size=1, max_size=6))
def test_a_journal_leaves_what_was_debited_and_not_credited(amounts: list[Decimal]) -> None:
    lines = [
        {
            "Id": str(at),
            "Amount": abs(amount),
            "DetailType": "JournalEntryLineDetail",
            "JournalEntryLineDetail": {"PostingType": "Debit" if amount >= 0 else "Credit"},
        }
        for at, amount in enumerate(amounts)
    ]
    page = page_of("journal-entries", [{"Id": "7", "Line": lines}], ("line_signed",))
    assert page.amounts[LEFT_OVER.key] == [-sum(amounts)]
    assert page.amounts[LINES.key] == [sum(amounts)]
