"""The QuickBooks reports that can be exported. To offer another, add an entry.

Parameters and their values as in Intuit's reference of each report.
https://developer.intuit.com/app/developer/qbo/docs/api/accounting/report-entities/profitandloss
"""

from __future__ import annotations

from counterfoil.core.datasets import Parameter, ParameterType, Report

# Both ends always: QuickBooks sets a lone end date aside in favour of a period of its own.
START = Parameter("start_date", "From", ParameterType.DATE, required=True)
END = Parameter("end_date", "To", ParameterType.DATE, required=True)

BASIS = Parameter("accounting_method", "Basis", ParameterType.CHOICE, ("Accrual", "Cash"))
COLUMNS_BY = Parameter(
    "summarize_column_by",
    "Columns by",
    ParameterType.CHOICE,
    (
        "Total",
        "Month",
        "Quarter",
        "Year",
        "Week",
        "Days",
        "Customers",
        "Vendors",
        "Employees",
        "Classes",
        "Departments",
        "ProductsAndServices",
    ),
)

PROFIT_AND_LOSS = Report(
    key="profit-and-loss",
    title="Profit and Loss",
    report="ProfitAndLoss",
    parameters=(START, END, BASIS, COLUMNS_BY),
)

REPORTS: tuple[Report, ...] = (PROFIT_AND_LOSS,)
