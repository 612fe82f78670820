"""The QuickBooks reports that can be exported. To offer another, add an entry.

Parameters and their values as in Intuit's reference of each report.
https://developer.intuit.com/app/developer/qbo/docs/api/accounting/report-entities/profitandloss
https://developer.intuit.com/app/developer/qbo/docs/api/accounting/report-entities/balancesheet
"""

from __future__ import annotations

from counterfoil.core.datasets import Parameter, ParameterType, Report

# Both ends always: QuickBooks sets a lone end date aside in favour of a period of its own.
START = Parameter("start_date", "From", ParameterType.DATE, required=True)
END = Parameter("end_date", "To", ParameterType.DATE, required=True)

# Of a state: one day, and for columns by period the day from which they begin. Left out, it is
# what `options.dates_sent` says.
AS_OF = Parameter("end_date", "As of", ParameterType.DATE, required=True)
AS_OF_FROM = Parameter("start_date", "From", ParameterType.DATE)

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

BALANCE_SHEET = Report(
    key="balance-sheet",
    title="Balance Sheet",
    report="BalanceSheet",
    parameters=(AS_OF, AS_OF_FROM, BASIS, COLUMNS_BY),
    as_of=True,
)

REPORTS: tuple[Report, ...] = (PROFIT_AND_LOSS, BALANCE_SHEET)
