from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil import catalog
from counterfoil.core.errors import BadRequest
from counterfoil.core.query import Condition, Op, conditions, count, literal, select
from sandbox.intuit import grammar

INVOICES, CUSTOMERS = catalog.entity("invoices"), catalog.entity("customers")

# Any text without control characters or halves of characters: those are refused.
plain_texts = st.text(st.characters(exclude_categories=("Cs", "Cc")))

TOKEN = re.compile(r"\s+|'(?:\\.|[^'\\])*'|\d+|[\w.]+|<=|>=|[=<>*(),]", re.DOTALL)


def test_a_page_is_always_ordered_by_id() -> None:
    assert select("Invoice") == "SELECT * FROM Invoice ORDERBY Id STARTPOSITION 1 MAXRESULTS 1000"


def test_a_range_of_days_includes_both_ends() -> None:
    where = conditions(INVOICES, date(2026, 1, 1), date(2026, 3, 31))
    assert select("Invoice", where, start=1001, size=500) == (
        "SELECT * FROM Invoice WHERE TxnDate >= '2026-01-01' AND TxnDate <= '2026-03-31' "
        "ORDERBY Id STARTPOSITION 1001 MAXRESULTS 500"
    )
    assert count("Invoice", where) == (
        "SELECT COUNT(*) FROM Invoice WHERE TxnDate >= '2026-01-01' AND TxnDate <= '2026-03-31'"
    )


def test_an_open_range_has_one_end() -> None:
    assert conditions(INVOICES, None, date(2026, 3, 31)) == (
        Condition("TxnDate", Op.LE, date(2026, 3, 31)),
    )


def test_inactive_names_come_only_when_asked_for() -> None:
    assert conditions(CUSTOMERS, None, None) == ()
    assert count("Customer", conditions(CUSTOMERS, None, None, include_inactive=True)) == (
        "SELECT COUNT(*) FROM Customer WHERE Active IN (true, false)"
    )
    assert conditions(INVOICES, None, None, include_inactive=True) == ()


def test_a_list_without_dates_cannot_be_filtered_by_date() -> None:
    with pytest.raises(BadRequest, match="Customers cannot be filtered by date"):
        conditions(CUSTOMERS, date(2026, 1, 1), None)


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        (Condition("Balance", Op.GT, Decimal("0.00")), "Balance > 0.00"),
        (Condition("Balance", Op.GT, Decimal("1E+3")), "Balance > 1000"),
        (Condition("Active", Op.EQ, True), "Active = true"),
        (Condition("Level", Op.LT, 2), "Level < 2"),
        (Condition("Id", Op.IN, ("1", "2")), "Id IN ('1', '2')"),
        (Condition("DisplayName", Op.LIKE, "A%"), "DisplayName LIKE 'A%'"),
        (Condition("DisplayName", Op.EQ, "O'Neill"), r"DisplayName = 'O\'Neill'"),
        (
            Condition("MetaData.LastUpdatedTime", Op.GE, datetime(2026, 1, 1, tzinfo=UTC)),
            "MetaData.LastUpdatedTime >= '2026-01-01T00:00:00+00:00'",
        ),
    ],
)
def test_each_kind_of_value_is_written_its_way(condition: Condition, text: str) -> None:
    assert str(condition) == text


@given(plain_texts)
def test_no_text_can_change_what_a_statement_asks(text: str) -> None:
    statement = select("Customer", [Condition("DisplayName", Op.EQ, text)])
    words = tokens(statement)
    assert words[:7] == ["SELECT", "*", "FROM", "Customer", "WHERE", "DisplayName", "="]
    assert words[8:] == ["ORDERBY", "Id", "STARTPOSITION", "1", "MAXRESULTS", "1000"]
    assert re.sub(r"\\(.)", r"\1", words[7][1:-1], flags=re.DOTALL) == text


@given(plain_texts, plain_texts)
def test_the_sandbox_reads_every_statement_as_it_was_meant(one: str, other: str) -> None:
    where = [Condition("DisplayName", Op.IN, (one, other)), Condition("CompanyName", Op.EQ, one)]
    asked = grammar.parse(select("Customer", where, start=7, size=9))
    assert asked.entity == "Customer"
    assert [each.property for each in asked.where] == ["DisplayName", "CompanyName"]
    assert [each.values for each in asked.where] == [(one, other), (one,)]
    assert (asked.start, asked.size) == (7, 9)
    assert [order.property for order in asked.order] == ["Id"]


@pytest.mark.parametrize("text", ["a\nb", "\x00", "\x1b", "\x7f", "\x85", "\ud83c"])
def test_control_characters_are_refused(text: str) -> None:
    with pytest.raises(BadRequest, match="character"):
        literal(text)


@pytest.mark.parametrize(
    "name", ["", "Invoice; DROP", "Invoice WHERE", "1Id", "A..B", "Línea", "A\n"]
)
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no name"):
        select(name)
    with pytest.raises(ValueError, match="no name"):
        count("Invoice", [Condition(name, Op.EQ, "x")])


@pytest.mark.parametrize(
    "condition",
    [
        Condition("Id", Op.IN, "1"),
        Condition("Id", Op.IN, ()),
        Condition("Id", Op.EQ, ("1",)),
        Condition("Balance", Op.EQ, Decimal("NaN")),
        Condition("MetaData.CreateTime", Op.EQ, datetime(2026, 1, 1)),  # noqa: DTZ001
    ],
)
def test_a_condition_that_makes_no_sense_is_refused(condition: Condition) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  each says its own reason
        str(condition)


@pytest.mark.parametrize(("start", "size"), [(0, 10), (1, 0), (1, 1001)])
def test_a_page_that_quickbooks_refuses_cannot_be_asked_for(start: int, size: int) -> None:
    with pytest.raises(ValueError, match="page"):
        select("Invoice", start=start, size=size)


def tokens(statement: str) -> list[str]:
    found: list[str] = []
    place = 0
    while place < len(statement):
        match = TOKEN.match(statement, place)
        assert match is not None, statement[place:]
        if not match[0].isspace():
            found.append(match[0])
        place = match.end()
    return found
