"""The tabs that people fill in, read by their headings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from counterfoil.core.consolidation_books import Account, Books, Entry
from counterfoil.core.consolidation_rates import Kind, Need, Span, needs
from counterfoil.core.consolidation_tabs import (
    ELIMINATIONS,
    MAPPING,
    RATES,
    Pair,
    Side,
    checked,
    mapping_of,
    mapping_rows,
    pairs_of,
    rate_for,
    rate_rows,
    rates_of,
)
from counterfoil.core.errors import BadRequest

HEAD = ["Currency", "Into", "Kind", "From", "To", "Account", "Rate"]
JUNE = date(2026, 6, 30)
CLOSING = Need("EUR", Kind.CLOSING, None, JUNE)
AVERAGE = Need("EUR", Kind.AVERAGE, date(2026, 1, 1), JUNE)
SHARES = Need("EUR", Kind.HISTORICAL, None, JUNE, "3000 Shares", "Birch")


def test_columns_are_found_by_their_headings_and_blank_rows_say_nothing() -> None:
    tab = [
        ["", ""],
        ["My note", "rate", "Into", "CURRENCY", "kind", "from", "to", "account"],
        ["x", "1,0845", "usd", "eur", "Closing", "", "2026-06-30", ""],
        ["", "", "", "", "", "", "", ""],
        ["", "0.9", "USD", "EUR", "average", "2026-01-01", "2026-06-30"],
    ]
    rows = rates_of(tab)
    assert rate_for(CLOSING, "USD", rows) == Decimal("1.0845")
    assert rate_for(AVERAGE, "USD", rows) == Decimal("0.9")
    assert rate_for(CLOSING, "CAD", rows) is None
    assert rate_for(Need("EUR", Kind.CLOSING, None, date(2026, 7, 1)), "USD", rows) is None


def test_a_rate_without_a_last_day_holds_until_one_of_the_very_days_is_there() -> None:
    standing = [
        ["EUR", "USD", "closing", "", "", "", "1.5"],
        ["EUR", "USD", "average", "2026-01-01", "", "", "1.4"],
    ]
    rows = rates_of([HEAD, *standing])
    assert rate_for(CLOSING, "USD", rows) == Decimal("1.5")
    assert rate_for(AVERAGE, "USD", rows) == Decimal("1.4")
    assert rate_for(Need("EUR", Kind.AVERAGE, date(2025, 1, 1), JUNE), "USD", rows) is None
    own = ["EUR", "USD", "average", "2026-01-01", "2026-06-30", "", "1.1"]
    assert rate_for(AVERAGE, "USD", rates_of([HEAD, *standing, own])) == Decimal("1.1")


@pytest.mark.parametrize("name", ["Birch: 3000 Shares", "3000 shares"])
def test_a_historical_rate_is_the_latest_up_to_the_day(name: str) -> None:
    days = [("2020-01-01", "1.2"), ("2026-06-30", "1.1"), ("2026-07-01", "9")]
    rows = rates_of([HEAD, *(["EUR", "USD", "historical", "", day, name, r] for day, r in days)])
    assert rate_for(SHARES, "USD", rows) == Decimal("1.1")


def test_what_is_missing_gets_a_row_once() -> None:
    rows = rate_rows([CLOSING, AVERAGE, SHARES], "USD", None)
    assert rows == [
        HEAD,
        ["EUR", "USD", "closing", "", "2026-06-30", "", ""],
        ["EUR", "USD", "average", "2026-01-01", "2026-06-30", "", ""],
        ["EUR", "USD", "historical", "", "", "Birch: 3000 Shares", ""],
    ]
    assert rate_rows([CLOSING, AVERAGE, SHARES], "USD", rows) == []


def test_accounts_are_listed_until_they_are_there() -> None:
    cash = ("Birch", Account("0012", "Cash", "1000"))
    rows = mapping_rows([cash], [])
    assert rows == [
        ["Company", "Id", "Number", "Account", "Group line"],
        ["Birch", "0012", "1000", "Cash", ""],
    ]
    assert mapping_rows([cash], rows) == []
    assert mapping_of([*rows, ["BIRCH", "0012", "", "", "Money"]]) == {("birch", "0012"): "Money"}


def test_one_account_is_not_mapped_to_two_lines() -> None:
    rows = [["Company", "Id", "Number", "Account", "Group line"]]
    rows += [["Birch", "1", "", "", line] for line in ("Money", "Cash")]
    with pytest.raises(BadRequest, match="Row 3 of the tab “Counterfoil mapping”"):
        mapping_of(rows)


def test_pairs_have_two_sides() -> None:
    head = ["Company", "Account", "Other company", "Other account"]
    assert pairs_of([head, ["A", "1", "B", "2"]]) == (Pair(2, (Side("A", "1"), Side("B", "2"))),)
    with pytest.raises(BadRequest, match=r"Row 2 .* two companies"):
        pairs_of([head, ["A", "1", "B", ""]])
    with pytest.raises(BadRequest, match=r"Row 2 .* names A twice: it is for two companies\."):
        pairs_of([head, ["A", "1", "a", "2"]])


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (["EUR", "USD", "closing", "", "30/06/2026", "", "1"], "for a day; write it as 2026"),
        (["EUR", "USD", "closing", "", "2026-06-30", "", "0"], "for a rate; write a number, such"),
        (["EUR", "USD", "closing", "", "2026-06-30", "", "1.2.3"], "for a rate"),
        (["EUR", "USD", "", "", "2026-06-30", "", "1"], "has no kind"),
    ],
)
def test_a_row_that_is_no_rate_is_named(row: list[str], words: str) -> None:
    with pytest.raises(BadRequest, match=f"Row 2 of the tab “Counterfoil rates” .*{words}"):
        rates_of([HEAD, row])


@pytest.mark.parametrize(
    "tabs",
    [
        {"Salaries": [["x"]]},
        {RATES: "x"},
        {RATES: [["x"] * 21]},
        {MAPPING: [[1]]},
        {ELIMINATIONS: [["x" * 501]]},
        {RATES: [["x"]] * 5_001},
    ],
)
def test_what_no_spreadsheet_of_ours_sends_is_refused(tabs: dict[str, object]) -> None:
    with pytest.raises(BadRequest):
        checked(tabs)


def rate(need: Need, *rows: list[str]) -> Decimal | None:
    return rate_for(need, "USD", rates_of([HEAD, *rows]))


GENERAL = ["EUR", "USD", "historical", "", "", "3000 Shares", "1.00"]
OWN = ["EUR", "USD", "historical", "", "", "Birch: 3000 Shares", "1.20"]


def test_a_rate_of_the_companys_own_goes_before_one_for_all() -> None:
    later = [*GENERAL[:4], "2026-06-30", *GENERAL[5:]]
    for rows in ((GENERAL, OWN), (OWN, GENERAL), (later, OWN)):
        assert rate(SHARES, *rows) == Decimal("1.20")
    assert rate(replace(SHARES, company="Cedar"), GENERAL, OWN) == Decimal("1.00")


@pytest.mark.parametrize(
    "row",
    [
        ["EUR", "USD", "closing", "", "2026-06-30", "", "1.00"],
        ["EUR", "USD", "closing", "", "", "", "1.00"],
        ["EUR", "USD", "average", "2026-01-01", "2026-06-30", "", "1.00"],
        GENERAL,
        OWN,
    ],
)
def test_two_rows_of_the_same_with_other_rates_are_both_named(row: list[str]) -> None:
    same, other = [*row[:-1], row[-1] + "0"], [*row[:-1], "1.30"]
    assert rates_of([HEAD, row, same])[0].rate == Decimal(row[-1])
    with pytest.raises(BadRequest, match=r"Rows 2 and 4 of the tab “Counterfoil rates” say"):
        rates_of([HEAD, row, ["", ""], other])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("0.9220839096357768", "0.9220839096357768"),
        ("1e-7", "0.0000001"),
        ("6.5E-05", "0.000065"),
        ("0,922", "0.922"),
        ("1,0845", "1.0845"),
    ],
)
def test_a_rate_is_taken_as_a_formula_gives_it(text: str, found: str) -> None:
    assert rate(CLOSING, ["EUR", "USD", "closing", "", "", "", text]) == Decimal(found)


def test_a_comma_that_may_be_of_thousands_is_not_guessed() -> None:
    with pytest.raises(BadRequest, match=r"has “1,084” for a rate, which may be 1.084 or 1084"):
        rate(CLOSING, ["EUR", "USD", "closing", "", "", "", "1,084"])


def test_an_average_with_its_last_day_alone_holds_for_any_first_day() -> None:
    alone = ["EUR", "USD", "average", "", "2026-06-30", "", "1.3"]
    assert rate(AVERAGE, alone) == Decimal("1.3")
    assert rate(replace(AVERAGE, end=date(2026, 7, 31)), alone) is None
    both = ["EUR", "USD", "average", "2026-01-01", "2026-06-30", "", "1.4"]
    assert rate(AVERAGE, alone, both) == Decimal("1.4")
    waiting = [HEAD, [*alone[:-1], ""]]
    assert rate_rows([AVERAGE], "USD", waiting) == []


@pytest.mark.parametrize(
    "called", ["Birch: Shares", "Birch: 3000", "birch: 3000 shares", "Shares", "3000"]
)
def test_an_account_with_a_number_keeps_the_rate_that_it_had_by_its_name(called: str) -> None:
    account = Account("7", "Shares", "3000", "Equity")
    books = books_of_equity(account)
    (need,) = needs("BalanceSheet", books, Span(date(2026, 1, 1), JUNE, date(2026, 1, 1)))
    assert need.told == "Birch: 3000 Shares"
    assert rate(need, ["EUR", "USD", "historical", "", "", called, "1.20"]) == Decimal("1.20")
    if called.casefold().startswith("birch"):
        waits = [HEAD, ["EUR", "USD", "historical", "", "", called, ""]]
        assert rate_rows([need], "USD", waits) == []
    # Its own before a general one, and never that of another company.
    general = ["EUR", "USD", "historical", "", "", "3000 Shares", "9.00"]
    own = ["EUR", "USD", "historical", "", "", "Birch: Shares", "1.20"]
    assert rate(need, general, own) == Decimal("1.20")
    assert rate(need, ["EUR", "USD", "historical", "", "", "Ash: 3000", "1.20"]) is None


def books_of_equity(account: Account) -> Books:
    place = ("TotalLiabilitiesAndEquity", "Equity")
    return Books("b", "Birch", "EUR", (Entry(place, account, "", "Shares", Decimal(1)),))
