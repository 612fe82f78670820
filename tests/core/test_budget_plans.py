"""Which of several budgets is meant."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from counterfoil.core.budget_plans import Plan, chosen_plan
from counterfoil.core.errors import BadRequest

ONE = Plan("Budget", date(2026, 1, 1), date(2026, 12, 31), 1, True, True, {}, {})
OTHER = replace(ONE, start=date(2025, 1, 1), end=date(2025, 12, 31))
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize("name", ["", "budget"])
def test_of_two_budgets_of_one_name_the_days_decide(name: str) -> None:
    assert chosen_plan([OTHER, ONE], name, *YEAR) is ONE


def test_where_neither_is_for_these_days_both_are_named_with_theirs() -> None:
    with pytest.raises(
        BadRequest, match=r"2 budgets of that name: .*2025-12-31.*2026-12-31.* dates within"
    ):
        chosen_plan([OTHER, ONE], "Budget", date(2025, 7, 1), date(2026, 6, 30))


@pytest.mark.parametrize("name", ["", "Budget"])
def test_a_budget_whose_last_month_is_named_by_its_first_day_is_for_all_of_it(name: str) -> None:
    plan = replace(ONE, end=date(2026, 12, 1))
    assert chosen_plan([plan], name, *YEAR) is plan
