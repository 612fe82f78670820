from __future__ import annotations

import contextlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.intuit.answers import QueryRefused
from sandbox.intuit.grammar import Condition, Order, Query, Today, parse
from tests.sandbox.book_answers import select


def detail(statement: str) -> str:
    with pytest.raises(QueryRefused) as refused:
        parse(statement)
    return f"{refused.value.code} {refused.value.detail}"


@pytest.mark.parametrize(
    ("statement", "meant"),
    [
        ("SELECT * FROM Invoice", Query("Invoice")),
        ("select count(*) from Customer", Query("Customer", count=True)),
        (
            "SELECT * FROM Invoice WHERE TxnDate >= '2026-01-01' AND Balance > 10.50",
            Query(
                "Invoice",
                where=(
                    Condition("TxnDate", ">=", ("2026-01-01",)),
                    Condition("Balance", ">", (Decimal("10.50"),)),
                ),
            ),
        ),
        (
            "SELECT * FROM Customer WHERE Active IN (true, false)",
            Query("Customer", where=(Condition("Active", "in", (True, False)),)),
        ),
        (
            r"SELECT * FROM Customer WHERE DisplayName = 'Bridget O\'Hare'",
            Query("Customer", where=(Condition("DisplayName", "=", ("Bridget O'Hare",)),)),
        ),
        (
            "SELECT * FROM Item WHERE Name LIKE '%bark%'",
            Query("Item", where=(Condition("Name", "like", ("%bark%",)),)),
        ),
        (
            "SELECT * FROM Invoice WHERE TxnDate = CURRENT_DATE",
            Query("Invoice", where=(Condition("TxnDate", "=", (Today(),)),)),
        ),
        (
            "SELECT * FROM Invoice ORDERBY TxnDate DESC, Id ASC STARTPOSITION 11 MAXRESULTS 5",
            Query("Invoice", order=(Order("TxnDate", True), Order("Id")), start=11, size=5),
        ),
        (
            "SELECT * FROM Invoice ORDER BY MetaData.CreateTime MAXRESULTS 5 STARTPOSITION 11",
            Query("Invoice", order=(Order("MetaData.CreateTime"),), start=11, size=5),
        ),
        ("SELECT *\n  FROM Invoice\n  MAXRESULTS 1000\n", Query("Invoice", size=1000)),
    ],
)
def test_a_statement_means_what_it_says(statement: str, meant: Query) -> None:
    assert parse(statement) == meant


def test_a_page_has_a_hundred_rows_unless_asked() -> None:
    assert (parse("select * from Invoice").start, parse("select * from Invoice").size) == (1, 100)


def test_a_syntax_error_reads_like_the_live_one() -> None:
    assert detail("SELECT * FROM NULL") == (
        '4000 QueryParserError: Encountered " "null" "NULL "" at line 1, column 15.\n'
        "Was expecting:\n    <IDENTIFIER> ...\n    "
    )


@pytest.mark.parametrize(
    ("statement", "met"),
    [
        ("SELECT Id FROM Invoice", '" <IDENTIFIER> "Id "" at line 1, column 8.'),
        ("SELECT * FROM Invoice WHERE Id = '1' OR Id = '2'", '" <IDENTIFIER> "OR "'),
        ("SELECT * FROM Invoice WHERE NOT Id = '1'", '" <IDENTIFIER> "Id "'),
        ("SELECT * FROM Invoice WHERE (Id = '1')", '" "(" "( "'),
        ("SELECT * FROM Invoice WHERE Balance = NULL", '" "null" "NULL "'),
        ("SELECT * FROM Invoice GROUP BY Id", '" <IDENTIFIER> "GROUP "'),
        ("SELECT * FROM Invoice\nWHERE", '"<EOF>" at line 2, column 6.'),
        ("SELECT * FROM Invoice MAXRESULTS ten", '" <IDENTIFIER> "ten "'),
        ("SELECT * FROM Invoice MAXRESULTS 5 MAXRESULTS 6", '" "maxresults" "MAXRESULTS "'),
        ("DELETE FROM Invoice", '" <IDENTIFIER> "DELETE "'),
        ("", '"<EOF>" at line 1, column 1.'),
    ],
    ids=lambda text: text[:40],
)
def test_what_the_language_lacks_is_a_parser_error(statement: str, met: str) -> None:
    assert detail(statement).startswith("4000 QueryParserError: Encountered ")
    assert met in detail(statement)


@pytest.mark.parametrize("statement", ["SELECT * FROM Invoice WHERE Id = 'open", "SELECT # FROM x"])
def test_what_is_no_word_at_all_is_a_lexical_error(statement: str) -> None:
    assert detail(statement).startswith("4000 QueryParserError: Lexical error at line 1, column ")


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("STARTPOSITION 0", "4001 QueryValidationError: value 0 is too small. Min allowed value"),
        ("MAXRESULTS 0", "4001 QueryValidationError: value 0 is too small. Min allowed value is 1"),
        ("MAXRESULTS 1001", "4001 QueryValidationError: value 1001 is too large. Max allowed"),
        ("STARTPOSITION -5", "4001 QueryValidationError: value -5 is too small."),
    ],
)
def test_pages_out_of_range_are_refused(statement: str, said: str) -> None:
    assert detail(select("Invoice", statement)).startswith(said)


@given(st.text())
def test_any_text_can_be_said_as_a_value(text: str) -> None:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    asked = parse(select(f"Customer WHERE DisplayName = '{escaped}'"))
    assert asked.where[0].values == (text,)


@given(st.text(max_size=60))
def test_no_text_makes_the_parser_fall_over(text: str) -> None:
    with contextlib.suppress(QueryRefused):
        parse(text)
