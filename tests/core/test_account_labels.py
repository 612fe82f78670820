from __future__ import annotations

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
