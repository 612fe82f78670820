"""What the catalog's filters keep of records as QuickBooks sends them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from counterfoil import catalog
from counterfoil.core.errors import BadRequest
from counterfoil.core.filters import Kind, matches
from counterfoil.core.occasions import Occasion
from counterfoil.flows.choices import chosen
from counterfoil.flows.chosen import EntityChoice
from tests.samples import sample_records

B1 = "'Set up'!B1"


def choice(key: str, *filters: dict[str, Any], cell: str = "") -> EntityChoice:
    occasion = Occasion(date(2026, 11, 22), ZoneInfo("UTC"), 1, {B1: cell} if cell else {})
    found = chosen(catalog.entity(key), {"filters": list(filters)}, occasion)
    assert isinstance(found, EntityChoice)
    return found


def keeps(key: str, record: dict[str, Any], *filters: dict[str, Any]) -> bool:
    return matches(record, choice(key, *filters).tests)


def status(is_: str) -> dict[str, Any]:
    return {"key": "status", "is": is_}


# A payment that only applies a credit: QuickBooks makes one of 0, and says so in the memo.
APPLYING = {
    "Id": "74",
    "TotalAmt": 0,
    "PrivateNote": "Created by QB Online to link credits to charges.",
}
VOIDED = {"Id": "264", "TotalAmt": 0, "PrivateNote": "Voided"}


@pytest.mark.parametrize(
    ("record", "is_voided"),
    [
        (VOIDED, True),
        (VOIDED | {"PrivateNote": "Voided - ordered twice"}, True),
        (VOIDED | {"TotalAmt": Decimal("0.00")}, True),
        (APPLYING, False),
        ({"Id": "1", "TotalAmt": 0, "PrivateNote": "free sample"}, False),
        ({"Id": "1", "TotalAmt": 0}, False),
        ({"Id": "1", "TotalAmt": 0, "PrivateNote": "Penalty avoided, no charge"}, False),
        ({"Id": "1", "TotalAmt": 12, "PrivateNote": "Voided once, made anew"}, False),
    ],
)
@pytest.mark.parametrize(
    "key",
    [
        *("payments", "bill-payments", "sales-receipts", "refund-receipts", "purchases"),
        *("vendor-credits", "journal-entries"),
    ],
)
def test_what_is_voided_is_not_valid_and_all_else_is(
    key: str, record: dict[str, Any], is_voided: bool
) -> None:
    assert keeps(key, record, status("voided")) is is_voided
    assert keeps(key, record, status("valid")) is not is_voided


def journal(note: str, *amounts: int, **more: Any) -> dict[str, Any]:
    return {"Id": "1", "PrivateNote": note, "Line": [{"Amount": each} for each in amounts], **more}


@pytest.mark.parametrize(
    ("record", "is_voided"),
    [
        (journal("Voided", 0, 0), True),
        (journal("Voided", 0, 0, TotalAmt=0), True),
        (journal("Voided", 50, 50), False),
        (journal("Voided", 50, 50, TotalAmt=0), False),
        (journal("Opening balances", 50, 50, TotalAmt=0), False),
        (journal("Opening balances", 0, 0), False),
    ],
)
def test_a_journal_is_voided_by_its_lines_for_its_total_is_not_always_sent(
    record: dict[str, Any], is_voided: bool
) -> None:
    assert keeps("journal-entries", record, status("voided")) is is_voided
    assert keeps("journal-entries", record, status("valid")) is not is_voided


def test_no_real_transaction_is_dropped_as_voided() -> None:
    for key, name in (("payments", "Payment"), ("bill-payments", "BillPayment")):
        for record in sample_records(name):
            says = str(record.get("PrivateNote", "")).startswith("Voided")
            assert keeps(key, record, status("valid")) is not says


KIT = {
    "Id": "9",
    "Line": [
        {
            "DetailType": "GroupLineDetail",
            "GroupLineDetail": {
                "GroupItemRef": {"value": "5", "name": "Kit"},
                "Line": [
                    {
                        "ItemBasedExpenseLineDetail": {
                            "ItemRef": {"value": "6", "name": "Bolt"},
                            "ClassRef": {"value": "7", "name": "North"},
                            "CustomerRef": {"value": "8", "name": "Ann"},
                        }
                    },
                    {"AccountBasedExpenseLineDetail": {"AccountRef": {"name": "Freight"}}},
                ],
            },
        }
    ],
}


@pytest.mark.parametrize(
    ("filter", "name"),
    [
        *(("item", "Bolt"), ("item", "Kit"), ("class", "North")),
        *(("customer", "Ann"), ("account", "Freight")),
    ],
)
@pytest.mark.parametrize("key", ["bills", "purchases", "vendor-credits", "purchase-orders"])
def test_costs_in_a_bundle_are_found(key: str, filter: str, name: str) -> None:
    assert keeps(key, KIT, {"key": filter, "is": [name]})
    assert not keeps(key, KIT, {"key": filter, "is": ["Other"]})


def test_both_ends_of_an_amount_are_those_of_one_line() -> None:
    def found(*amounts: int) -> bool:
        between = {"key": "total", "from": "10", "to": "20"}
        return keeps("journal-entries", journal("", *amounts), between)

    assert found(5, 15)
    assert not found(5, 50)


@pytest.mark.parametrize(
    ("written", "where"),
    [
        ("1250", "1250"),
        ("1,250.00", "1250.00"),
        ("12,501,250.5", "12501250.5"),
        ("-3.10", "-3.10"),
        ("3.3000000000000003", "3.3"),
        ("0.30000000000000004", "0.3"),
        ("1200.00000000000001", "1200"),
    ],
)
def test_an_amount_in_a_cell_is_read_as_it_is_meant(written: str, where: str) -> None:
    found = choice("invoices", {"key": "total", "from_cell": B1}, cell=written)
    assert [str(each) for each in found.where] == [f"TotalAmt >= {where}"]


@pytest.mark.parametrize(
    "written", ["1.250,00", "1250,00", "1,25", "12,5000", "1.2.3", "1e7", "5 000", ",5", "USD 5"]
)
def test_an_amount_that_can_mean_two_things_is_refused(written: str) -> None:
    with pytest.raises(BadRequest, match="'Set up'!B1 does not hold an amount"):
        choice("invoices", {"key": "total", "from_cell": B1}, cell=written)


def test_whatever_tells_when_it_changed_can_be_narrowed_by_that() -> None:
    for entity in catalog.ENTITIES:
        keys = {each.key for each in catalog.filters_of(entity)}
        tells = any(column.path == "MetaData.LastUpdatedTime" for column in entity.columns)
        assert ("changed" in keys) is tells, entity.key
        assert keys, entity.key


ADJUSTMENT = {
    "AdjustAccountRef": {"value": "1", "name": "Shrinkage"},
    "DepartmentRef": {"value": "2", "name": "Yard"},
    "CustomerRef": {"value": "3", "name": "Ann"},
    "Line": [
        {
            "ItemAdjustmentLineDetail": {
                "ItemRef": {"value": "4", "name": "Pump"},
                "ClassRef": {"value": "5", "name": "North"},
            }
        }
    ],
}
BUDGET = {
    "Name": "Plan 2026",
    "Active": False,
    "StartDate": "2026-01-01",
    "BudgetDetail": [{"AccountRef": {"value": "1", "name": "Rent"}, "Amount": 5}],
}


@pytest.mark.parametrize(
    ("key", "record", "filter"),
    [
        ("inventory-adjustments", ADJUSTMENT, {"key": "item", "is": ["pump"]}),
        ("inventory-adjustments", ADJUSTMENT, {"key": "account", "is": ["Shrinkage"]}),
        ("inventory-adjustments", ADJUSTMENT, {"key": "class", "is": ["North"]}),
        ("inventory-adjustments", ADJUSTMENT, {"key": "customer", "is": ["Ann"]}),
        ("inventory-adjustments", ADJUSTMENT, {"key": "location", "is": ["Yard"]}),
        ("budgets", BUDGET, {"key": "name", "contains": "2026"}),
        ("budgets", BUDGET, {"key": "account", "is": ["Rent"]}),
        ("budgets", BUDGET, {"key": "active", "is": "inactive"}),
        ("budgets", BUDGET, {"key": "start", "from": "2026-01-01"}),
        (
            "bill-payments",
            {"CheckPayment": {"BankAccountRef": {"value": "35", "name": "Checking"}}},
            {"key": "account", "is": ["Checking"]},
        ),
        (
            "bill-payments",
            {"CreditCardPayment": {"CCAccountRef": {"value": "42", "name": "Visa"}}},
            {"key": "account", "ids": ["42"]},
        ),
        (
            "deposits",
            {"Line": [{"DepositLineDetail": {"Entity": {"value": "3", "name": "Ann"}}}]},
            {"key": "from", "is": ["Ann"]},
        ),
        ("time-activities", {"BillableStatus": "HasBeenBilled"}, status("Billed")),
        ("time-activities", {"HourlyRate": 50}, {"key": "rate", "to": "50"}),
        ("exchange-rates", {"SourceCurrencyCode": "EUR"}, {"key": "currency", "contains": "eur"}),
    ],
)
def test_a_filter_keeps_what_has_it_and_nothing_else(
    key: str, record: dict[str, Any], filter: dict[str, Any]
) -> None:
    assert keeps(key, record, filter)
    assert not keeps(key, {"Id": "1"}, filter)


def test_what_is_open_paid_and_voided_is_all_there_is() -> None:
    """Also one of 0 that was not voided, all of it discounted: nothing of it is open."""
    free = {"TotalAmt": 0, "Balance": 0, "PrivateNote": "free sample"}
    for key in ("invoices", "bills", "credit-memos", "vendor-credits"):
        for record, state in (
            ({"TotalAmt": 9, "Balance": 9}, "open"),
            ({"TotalAmt": 9, "Balance": 0}, "paid"),
            (free, "paid"),
            (VOIDED | {"Balance": 0}, "voided"),
        ):
            found = [it for it in ("open", "paid", "voided") if keeps(key, record, status(it))]
            assert found == [state]


def test_a_payment_of_which_something_is_left_is_found() -> None:
    assert keeps("payments", {"UnappliedAmt": Decimal("0.01")}, status("unapplied"))
    assert not keeps("payments", {"UnappliedAmt": 0}, status("unapplied"))


SOLD = {
    "DepositToAccountRef": {"value": "4"},
    "Line": [{"SalesItemLineDetail": {"ItemAccountRef": {"value": "7", "name": "Services"}}}],
}


DISCOUNTED = {
    "Line": [
        {
            "DiscountLineDetail": {
                "DiscountAccountRef": {"value": "9", "name": "Discounts"},
                "ClassRef": {"value": "3"},
            }
        }
    ]
}
IN_A_BUNDLE = {"Line": [{"GroupLineDetail": SOLD}]}
OF_STOCK = {
    "Line": [{"ItemBasedExpenseLineDetail": {"ItemAccountRef": {"value": "81", "name": "Stock"}}}]
}
POSTED = {"Line": [{"JournalEntryLineDetail": {"Entity": {"EntityRef": {"value": "5"}}}}]}


@pytest.mark.parametrize(
    ("key", "record", "filter", "id"),
    [
        ("invoices", SOLD, "account", "7"),
        ("sales-receipts", SOLD, "account", "7"),
        ("sales-receipts", SOLD, "deposit_to", "4"),
        ("refund-receipts", SOLD, "deposit_to", "4"),
        ("invoices", DISCOUNTED, "account", "9"),
        ("invoices", DISCOUNTED, "class", "3"),
        ("invoices", IN_A_BUNDLE, "account", "7"),
        ("purchases", {"AccountRef": {"value": "35", "name": "Checking"}}, "account", "35"),
        ("bills", OF_STOCK, "account", "81"),
        ("recurring-transactions", SOLD, "account", "7"),
        ("recurring-transactions", POSTED, "name", "5"),
        ("transfers", {"ClassRef": {"value": "3"}}, "class", "3"),
        ("transfers", {"DepartmentRef": {"value": "3"}}, "location", "3"),
        ("credit-card-payments", {"DepartmentRef": {"value": "3"}}, "location", "3"),
    ],
)
def test_what_a_column_shows_can_be_filtered_by(
    key: str, record: dict[str, Any], filter: str, id: str
) -> None:
    assert keeps(key, record, {"key": filter, "ids": [id]})
    assert not keeps(key, record, {"key": filter, "ids": ["99"]})


def test_a_recurring_journal_is_found_by_the_total_that_its_column_shows() -> None:
    sides = [
        {"Amount": 150, "JournalEntryLineDetail": {"PostingType": side}}
        for side in ("Debit", "Debit", "Credit")
    ]
    for record, total in (({"Line": sides}, 300), ({"TotalAmt": 0, "Line": sides}, 0)):
        exactly = {"key": "total", "from": str(total), "to": str(total)}
        assert keeps("recurring-transactions", record, exactly)
        assert not keeps("recurring-transactions", record, {"key": "total", "from": "301"})
        assert not keeps("recurring-transactions", record, {"key": "total", "to": "-1"})
    assert not keeps("recurring-transactions", {"Line": sides}, {"key": "total", "to": "299"})


def test_a_filter_looks_where_the_column_of_its_title_does() -> None:
    for entity in catalog.ENTITIES:
        for each in catalog.filters_of(entity):
            states = [test for state in each.states for test in state.tests]
            looks = {*each.paths, *(path for test in states for path in test.paths)}
            for column in entity.columns:
                if column.title.casefold() == each.title.casefold():
                    shown = {it.removesuffix(".name") for it in column.path.split("|")}
                    assert column.path in looks or shown <= looks, (entity.key, each.title)


def test_a_filter_of_names_looks_wherever_a_column_of_its_name_does() -> None:
    """`TDSAccountRef` has no list that anybody knows, and no line of its kind was ever seen."""
    for entity in catalog.ENTITIES:
        lines = entity.lines.columns if entity.lines else ()
        path = entity.lines.path if entity.lines else ""
        for each in catalog.filters_of(entity):
            beside = (each.title.casefold(), f"line {each.title.casefold()}")
            for column in (*entity.columns, *lines):
                if each.kind is not Kind.NAMES or column.title.casefold() not in beside:
                    continue
                for shown in column.path.split("|"):
                    ref = shown.removesuffix(".name")
                    of_line = column.of_line and not shown.startswith("/")
                    at = f"{path}[].{ref}" if of_line else ref.removeprefix("/")
                    assert at in each.paths or "TDS" in at, (entity.key, each.title, at)


TYPES = ["Income", "Other Income", "Expense", "Other Expense", "Cost of Goods Sold"]


@pytest.mark.parametrize("wanted", TYPES)
def test_a_type_of_accounts_is_chosen_alone(wanted: str) -> None:
    for one, cell in (
        ({"key": "one_type", "is": wanted.lower().replace(" ", "_")}, ""),
        ({"key": "one_type", "cell": B1}, wanted.upper()),
    ):
        made = choice("accounts", one, cell=cell)
        kept = [each for each in TYPES if matches({"Id": "1", "AccountType": each}, made.tests)]
        assert kept == [wanted]


@pytest.mark.parametrize("wanted", ["Inventory", "NonInventory", "Group"])
def test_a_type_of_items_is_chosen_alone(wanted: str) -> None:
    types = ["Service", "Inventory", "NonInventory", "Group", "Tax Group"]
    kept = [
        each
        for each in types
        if keeps("items", {"Id": "1", "Type": each}, {"key": "one_type", "is": wanted.lower()})
    ]
    assert kept == [wanted]


@pytest.mark.parametrize(
    ("key", "entity", "path"), [("accounts", "Account", "AccountType"), ("items", "Item", "Type")]
)
def test_every_type_that_companies_have_can_be_chosen(key: str, entity: str, path: str) -> None:
    types = {record[path] for record in sample_records(entity) if path in record}
    assert types
    for each in types:
        assert keeps(
            key, {"Id": "1", path: each}, {"key": "one_type", "is": each.lower().replace(" ", "_")}
        )


def test_estimates_are_narrowed_by_each_status_that_quickbooks_knows() -> None:
    """https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/estimate"""
    (status,) = (
        each for each in catalog.filters_of(catalog.entity("estimates")) if each.key == "status"
    )
    titles = [state.title for state in status.states]
    assert titles == ["Pending", "Accepted", "Closed", "Rejected", "Converted"]


def test_a_type_that_is_contained_finds_several_as_exports_saved_with_it_expect() -> None:
    made = choice("accounts", {"key": "type", "contains": "Income"})
    kept = [each for each in TYPES if matches({"Id": "1", "AccountType": each}, made.tests)]
    assert kept == ["Income", "Other Income"]
