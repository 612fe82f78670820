from __future__ import annotations

from typing import Any

import pytest

from counterfoil.core.account_labels import account_ids, labelled
from counterfoil.core.report_rows import AccountNumbers
from counterfoil.core.reports import ReportTable, parse
from tests.core.test_reports import own

NUMBERS = {"82": "4000", "45": "4100", "1": ""}


def labels(table: ReportTable) -> list[str]:
    return [line.label for line in table.lines]


def test_a_number_stands_before_the_name_of_its_account_and_in_its_total() -> None:
    table = parse(own("profit-and-loss"))
    found = labelled(table, NUMBERS, AccountNumbers.SHOWN)
    assert labels(found)[:6] == [
        "Income",
        "4000 =Design income",
        "4100 Landscaping",
        "Other",
        "Other",
        "Total 4100 Landscaping",
    ]
    assert [line.key for line in found.lines] == [line.key for line in table.lines]
    assert found.lines[1].values[1] == table.lines[1].values[1]
    assert labels(labelled(found, NUMBERS, AccountNumbers.HIDDEN)) == labels(table)
    assert labels(labelled(found, NUMBERS, AccountNumbers.SHOWN)) == labels(found)


def test_each_account_is_asked_for_once() -> None:
    found = account_ids(parse(own("profit-and-loss")))
    assert len(found) == len(set(found))
    assert "82" in found


@pytest.mark.parametrize("chosen", AccountNumbers)
def test_an_account_without_a_number_keeps_its_name(chosen: AccountNumbers) -> None:
    table = parse(own("profit-and-loss"))
    assert labels(labelled(table, dict.fromkeys(account_ids(table), ""), chosen)) == labels(table)


def ledger_by_name() -> ReportTable:
    """An account's two postings, the first of them of the customer whose id is the account's."""

    def line(name: str, id: str, amount: str) -> dict[str, Any]:
        return {"ColData": [{"value": name, "id": id}, {"value": amount}], "type": "Data"}

    section = {
        "Header": {"ColData": [{"value": "Checking", "id": "35"}, {"value": ""}]},
        "Rows": {"Row": [line("Ana", "35", "5.00"), line("7100 Bo", "71", "6.00")]},
        "Summary": {"ColData": [{"value": "Total for Checking"}, {"value": "11.00"}]},
        "type": "Section",
    }
    columns = [{"ColTitle": "Name", "ColType": "name"}, {"ColTitle": "Amount", "ColType": "Money"}]
    return parse(
        {
            "Header": {"ReportName": "GeneralLedger", "Currency": "USD"},
            "Columns": {"Column": columns},
            "Rows": {"Row": [section]},
        }
    )


def test_customers_in_the_first_column_of_a_ledger_are_no_accounts() -> None:
    table, numbers = ledger_by_name(), {"35": "1000", "71": "7100"}
    assert account_ids(table, of_lines=False) == ["35"]
    shown = labelled(table, numbers, AccountNumbers.SHOWN, of_lines=False)
    assert labels(shown) == ["1000 Checking", "Ana", "7100 Bo", "Total for 1000 Checking"]
    hidden = labelled(shown, numbers, AccountNumbers.HIDDEN, of_lines=False)
    assert labels(hidden) == ["Checking", "Ana", "7100 Bo", "Total for Checking"]


def with_sub_accounts(*names: str) -> ReportTable:
    """An account with postings of its own, between two others; totals in some language."""

    def section(head: str | None, id: str, total: str, *inside: Any) -> dict[str, Any]:
        heads = {"Header": {"ColData": [{"value": head, "id": id}, {"value": ""}]}} if head else {}
        summary = {"ColData": [{"value": total}, {"value": "1.00"}]}
        return {**heads, "Rows": {"Row": list(inside)}, "Summary": summary, "type": "Section"}

    trucks, total, totals = names
    own, sub = section(None, "", total), section("Wear", "10", "Total for Wear")
    columns = [{"ColTitle": "Date", "ColType": "tx_date"}, {"ColTitle": "Amount"}]
    return parse(
        {
            "Header": {"ReportName": "GeneralLedger"},
            "Columns": {"Column": columns},
            "Rows": {"Row": [section(trucks, "8", totals, own, sub)]},
        }
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (("Trucks", "Total for Trucks", "Total for Trucks with sub-accounts"), "1500 Trucks"),
        (("Trucks", "Trucks insgesamt", "Trucks mit Unterkonten"), "1500 Trucks"),
        (("sub", "Total for sub", "Total for sub with sub-accounts"), "1500 sub"),
    ],
    ids=["English", "name first", "a name in the words"],
)
def test_an_account_has_its_number_in_every_total_of_it(
    old: tuple[str, str, str], new: str
) -> None:
    table, numbers = with_sub_accounts(*old), {"8": "1500", "10": "1510"}
    shown = labelled(table, numbers, AccountNumbers.SHOWN, of_lines=False)
    name, own, whole = (each.replace(old[0], new, 1) for each in old)
    assert labels(shown) == [name, own, "1510 Wear", "Total for 1510 Wear", whole]
    hidden = labelled(shown, numbers, AccountNumbers.HIDDEN, of_lines=False)
    assert labels(hidden) == labels(table)
