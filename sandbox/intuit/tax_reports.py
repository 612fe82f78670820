"""What is owed to a tax agency for a period, box by box of its form, as rows of a report. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from sandbox.intuit.report_asked import Asked
from sandbox.intuit.report_books import Books, Made
from sandbox.intuit.report_cells import cells, data, plain_columns, section

NOTHING = Decimal(0)
SALES = ("Invoice", "SalesReceipt", "CreditMemo", "RefundReceipt")


@dataclass(frozen=True, slots=True)
class Form:
    """(box, words) of what is collected, of what is reclaimed, and of what is to be paid."""

    collected: tuple[str, str]
    reclaimed: tuple[str, str]
    payable: tuple[str, str]


FORMS: Mapping[str, Form] = {
    "IE": Form(("T1", "VAT on sales"), ("T2", "VAT on purchases"), ("T3", "Net payable")),
    "CA": Form(
        ("Line 105", "Total GST/HST and adjustments"),
        ("Line 108", "Total input tax credits"),
        ("Line 109", "Net tax"),
    ),
}
"""Of the countries of our companies: there is no such report in the United States."""


def tax_summary(books: Books, found: Asked) -> Made:
    form = FORMS[books.country]
    accounts = set(books.chart.taxes.values())
    within = [
        posting
        for posting in books.book(found.basis).postings
        if posting.account in accounts and found.start <= posting.on <= found.end
    ]
    collected = -sum((each.amount for each in within if each.kind in SALES), NOTHING)
    reclaimed = sum((each.amount for each in within if each.kind not in SALES), NOTHING)
    rows = [
        data(cells(_label(box), None, [amount]), typed=False, group=box[0])
        for box, amount in ((form.collected, collected), (form.reclaimed, reclaimed))
    ]
    foot = cells(_label(form.payable), None, [collected - reclaimed])
    rows.append(section(None, None, foot, group=form.payable[0]))
    return Made(plain_columns("String", ["Total"]), rows, bool(within))


def _label(box: tuple[str, str]) -> str:
    return f"{box[0]} {box[1]}"
