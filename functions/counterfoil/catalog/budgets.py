"""Budget against actual, which is none of QuickBooks' reports: flows/budget_actual.py makes it."""

from __future__ import annotations

from counterfoil.catalog import report_parameters as p
from counterfoil.core.datasets import Parameter, ParameterType, Report

BUDGET = Parameter("budget", "Budget, by its name", ParameterType.TEXT, offers="budgets")
"""Without it the only budget for the days asked for."""

PERIODS = Parameter("summarize_column_by", "Columns by", ParameterType.CHOICE, ("Month", "Total"))
"""Without it by month; a budget by quarter or by year has columns of these."""

BUDGET_AGAINST_ACTUAL = Report(
    key="budget-against-actual",
    title="Budget against Actual",
    report="BudgetAgainstActual",
    parameters=(*p.DATED, p.BASIS, PERIODS, BUDGET),
    accounts=True,
    computed=True,
    calls=3,  # the budgets, the Profit and Loss, and the accounts that only the budget has
)
