"""How connecting ends: a sentence for each end, and the little that is kept of a company."""

from __future__ import annotations

import pytest

from counterfoil.core.connecting import (
    CompanyFacts,
    Outcome,
    company_facts,
    is_realm,
    sentence,
    state_of,
)
from counterfoil.core.people import Role


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_end_has_a_sentence_that_says_what_to_do(outcome: Outcome) -> None:
    words = sentence(outcome, company="Acme", picked="Other")
    assert words.endswith(".")
    assert outcome is Outcome.CONNECTED or "ress " in words
    assert state_of(outcome)


@pytest.mark.parametrize(
    ("company", "picked", "begins"),
    [
        ("Acme", "Other", "You chose Other, but this reconnects Acme."),
        ("", "", "You chose another company, but this reconnects a different one."),
    ],
)
def test_another_company_is_named_where_it_can_be(company: str, picked: str, begins: str) -> None:
    assert sentence(Outcome.OTHER_COMPANY, company=company, picked=picked).startswith(begins)


def test_a_company_is_kept_by_name_country_currency_and_fiscal_month() -> None:
    info = {
        "CompanyName": "Acme  Landscaping\n",
        "LegalName": "Acme Inc",
        "Country": "CA",
        "FiscalYearStartMonth": "July",
        "Email": {"Address": "owner@acme.example"},
    }
    preferences = {"CurrencyPrefs": {"HomeCurrency": {"value": "CAD"}}}
    assert company_facts(info, preferences) == CompanyFacts("Acme Landscaping", "CA", "CAD", 7)


@pytest.mark.parametrize(
    "info",
    [{}, {"CompanyName": 7, "Country": None, "FiscalYearStartMonth": "Brumaire"}],
)
@pytest.mark.parametrize(
    "preferences",
    [{}, {"CurrencyPrefs": []}, {"CurrencyPrefs": {"HomeCurrency": {"value": "=1+1"}}}],
)
def test_what_is_missing_or_strange_becomes_the_plainest_value(
    info: dict[str, object], preferences: dict[str, object]
) -> None:
    assert company_facts(info, preferences) == CompanyFacts("Unnamed company", "", "", 1)


def test_a_legal_name_does_where_there_is_no_other() -> None:
    assert company_facts({"LegalName": "Acme Inc"}, {}).name == "Acme Inc"


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("9130347596842110", True), ("1", True), ("", False), ("12a", False), ("1/2", False),
     ("١٢", False), ("9" * 26, False), ("1\n", False)],
)  # fmt: skip
def test_a_realm_is_digits(text: str, is_one: bool) -> None:
    assert is_realm(text) is is_one


def test_each_role_includes_those_below_it() -> None:
    covers = {(have, need): have.covers(need) for have in Role for need in Role}
    assert [pair for pair, yes in covers.items() if not yes] == [
        (Role.EDITOR, Role.OWNER),
        (Role.REFRESHER, Role.OWNER),
        (Role.REFRESHER, Role.EDITOR),
    ]
