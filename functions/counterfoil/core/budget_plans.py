"""QuickBooks' budgets: which one is meant, and what it plans for each account and period. Pure.

https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/budget
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from counterfoil.core.compared_days import Span
from counterfoil.core.errors import BadRequest, IncompleteRead
from counterfoil.core.periods import last_day_of_month

# Months of one amount, by what the budget says of itself.
_MONTHS = {"Monthly": 1, "Quarterly": 3, "Yearly": 12}
_MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class Plan:
    """One budget. `amounts` has the accounts by id, and for each the amounts by their day, those of
    customers, classes or locations added up; `names` says what QuickBooks calls the accounts.
    """

    name: str
    start: date
    end: date
    months: int  # of each amount
    of_profit: bool  # of income and costs, not of a balance sheet
    active: bool
    amounts: Mapping[str, Mapping[date, Decimal]]
    names: Mapping[str, str]

    @property
    def spans(self) -> list[Span]:
        """Its periods, whole months each."""
        found: list[Span] = []
        start = self.start.replace(day=1)
        while start <= self.end:
            following = _later(start, self.months)
            found.append(Span(start, following - timedelta(days=1)))
            start = following
        return found

    def amount(self, account: str, span: Span) -> Decimal | None:
        """None where nothing is planned for an account in that period."""
        days = self.amounts.get(account, {})
        planned = [days[day] for day in days if (span.start or day) <= day <= span.end]
        return sum(planned, Decimal(0)) if planned else None


def plans_of(records: Iterable[Mapping[str, Any]]) -> list[Plan]:
    """Raises IncompleteRead for what is no budget."""
    try:
        return [_plan(record) for record in records]
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation) as error:
        raise IncompleteRead(
            "QuickBooks sent a budget that we cannot read. Nothing was written. Please try again."
        ) from error


def chosen_plan(plans: Sequence[Plan], name: str, start: date, end: date) -> Plan:
    """The one of that name; without a name the only one for these days.

    Raises BadRequest that says which there are.
    """
    usable = [plan for plan in plans if plan.of_profit and plan.active]
    if not usable:
        raise BadRequest(
            "This company has no active budget of income and costs. Make one in QuickBooks, "
            "under Budgeting, and export again."
        )
    if name:
        found = [plan for plan in usable if plan.name.casefold() == name.strip().casefold()]
        if len(found) > 1:  # one a year, all of one name
            found = [plan for plan in found if _covers(plan, start, end)] or found
    else:
        found = [plan for plan in usable if _covers(plan, start, end)]
    if len(found) == 1:
        return _covering(found[0], start, end)
    if name and found:
        raise BadRequest(
            f"There are {len(found):,} budgets of that name: {_listed(found)}. Choose dates within "
            "one of them, or rename one in QuickBooks.",
            parameter="budget",
        )
    why = (
        f"There are {len(found):,} budgets that fit"
        if found
        else "There is no budget of that name"
        if name
        else f"There is no budget for {start} to {end}"
    )
    raise BadRequest(f"{why}. Name one of these: {_listed(found or usable)}.", parameter="budget")


def spans_within(plan: Plan, start: date, end: date) -> list[Span]:
    """The plan's periods that hold the days asked for, whole as they are planned."""
    return [span for span in plan.spans if span.end >= start and (span.start or span.end) <= end]


def _covers(plan: Plan, start: date, end: date) -> bool:
    return plan.start <= start and end <= last_day_of_month(plan.end)


def _covering(plan: Plan, start: date, end: date) -> Plan:
    if _covers(plan, start, end):
        return plan
    raise BadRequest(
        f"The budget “{plan.name}” is for {plan.start} to {plan.end}. Choose dates within it.",
        parameter="budget",
    )


def _listed(plans: Sequence[Plan]) -> str:
    shown = [f"“{plan.name}” ({plan.start} to {plan.end})" for plan in plans[:_MOST_NAMED]]
    more = len(plans) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def _plan(record: Mapping[str, Any]) -> Plan:
    amounts: dict[str, dict[date, Decimal]] = {}
    names: dict[str, str] = {}
    for detail in record.get("BudgetDetail") or ():
        account, day = str(detail["AccountRef"]["value"]), _day(detail["BudgetDate"])
        of_account = amounts.setdefault(account, {})
        planned = Decimal(str(detail.get("Amount") or 0))
        of_account[day] = of_account.get(day, Decimal(0)) + planned
        names[account] = str(detail["AccountRef"].get("name") or "")
    return Plan(
        name=str(record["Name"]),
        start=_day(record["StartDate"]),
        end=_day(record["EndDate"]),
        months=_MONTHS[record.get("BudgetEntryType") or "Monthly"],
        of_profit=(record.get("BudgetType") or "ProfitAndLoss") == "ProfitAndLoss",
        active=record.get("Active") is not False,
        amounts=amounts,
        names=names,
    )


def _day(text: str) -> date:
    # With an offset in some answers: "2026-01-01-08:00".
    return date.fromisoformat(text[:10])


def _later(first: date, months: int) -> date:
    month = first.month - 1 + months
    return date(first.year + month // 12, month % 12 + 1, 1)
