"""What a generated company keeps: accounts, items and terms, and a ledger made when asked for."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from sandbox.intuit import generated_rows as rows
from sandbox.intuit.book import Book
from sandbox.intuit.company import Company
from sandbox.intuit.desk import Desk
from sandbox.intuit.ledger import Chart, Posting
from sandbox.intuit.profile import Profile
from sandbox.intuit.store import Store

RECEIVABLE, UNDEPOSITED, TAX, RETAINED = "1", "2", "3", "4"


class LazyCompany(Company):
    """The lists are kept; the ledger comes from the generated invoices, when it is asked for."""

    def __init__(self, profile: Profile, postings: Callable[[], list[Posting]]) -> None:
        store = Store()
        desk = Desk(profile, store)
        desk.term("Net 30", 30)
        for id, name, kind, subtype in (
            (RECEIVABLE, "Accounts Receivable (A/R)", "Accounts Receivable", "AccountsReceivable"),
            (UNDEPOSITED, "Undeposited Funds", "Other Current Asset", "UndepositedFunds"),
            (TAX, "Sales Tax Payable", "Other Current Liability", "SalesTaxPayable"),
            (RETAINED, "Retained Earnings", "Equity", "RetainedEarnings"),
            ("5", "Accounts Payable (A/P)", "Accounts Payable", "AccountsPayable"),
        ):
            desk.account(name, kind, subtype, id=id)
        (first, first_name), (second, second_name) = rows.ACCOUNTS
        desk.account(first_name, "Income", "SalesOfProductIncome", id=first)
        desk.account(
            second_name.partition(":")[2], "Income", "SalesOfProductIncome", parent=first, id=second
        )
        for at, (name, price, taxed) in enumerate(rows.ITEMS):
            account = rows.ACCOUNTS[at % 2][0]
            desk.item(name, Decimal(price) / 100, account, text=rows.item_text(at), taxable=taxed)
        chart = Chart(RECEIVABLE, "5", UNDEPOSITED, RETAINED, first, "5", {"3": TAX})
        super().__init__(profile, chart, store)
        self._post = postings
        self._kept: tuple[int, list[Posting]] | None = None

    def book(self, basis: str) -> Book:
        """Nothing has been paid: on cash basis there is nothing to show."""
        with self.lock:
            if self._kept is None or self._kept[0] != self.store.version:
                self._kept = (self.store.version, self._post())
            return Book(
                list(self.store.all("Account")),
                [] if basis == "Cash" else self._kept[1],
                self.profile.numbered,
                self.chart.retained_earnings,
                self.profile.fiscal_month,
            )


def generated_profile(realm_id: str, name: str) -> Profile:
    return Profile(
        realm_id,
        name,
        "1 Industry Road",
        "Millrace",
        "CO",
        "80926",
        "accounts@example.com",
        "(555) 010-0000",
        rows.FIRST_DAY,
        industry="Hardware",
        custom_field="Route",
    )
