"""The QuickBooks reports that can be exported. To offer another, add an entry.

Which report takes which parameter: Intuit's reference, and the names of its endpoints, which are
not always those of its pages ("SalesByProduct" is `ItemSales`).
https://developer.intuit.com/app/developer/qbo/docs/develop/explore-the-quickbooks-online-api/reports
"""

from __future__ import annotations

from counterfoil.catalog.budgets import BUDGET_AGAINST_ACTUAL
from counterfoil.catalog.report_balances import (
    CUSTOMER_BALANCE,
    CUSTOMER_BALANCE_DETAIL,
    PAYABLES,
    PAYABLES_DETAIL,
    RECEIVABLES,
    RECEIVABLES_DETAIL,
    VENDOR_BALANCE,
    VENDOR_BALANCE_DETAIL,
)
from counterfoil.catalog.report_books import (
    ACCOUNTS,
    BALANCE_SHEET,
    CASH_FLOW,
    GENERAL_LEDGER,
    GENERAL_LEDGER_FR,
    JOURNAL,
    JOURNAL_FR,
    PROFIT_AND_LOSS,
    PROFIT_AND_LOSS_DETAIL,
    TRIAL_BALANCE,
    TRIAL_BALANCE_FR,
)
from counterfoil.catalog.report_taxes import (
    BAS,
    FEC,
    TAX_SUMMARY,
)
from counterfoil.catalog.report_trade import (
    CLASS_SALES,
    CUSTOMER_INCOME,
    CUSTOMER_SALES,
    DEPARTMENT_SALES,
    ITEM_SALES,
    STOCK,
    STOCK_DETAIL,
    VENDOR_EXPENSES,
)
from counterfoil.catalog.report_transactions import (
    TRANSACTIONS,
    TRANSACTIONS_BY_CUSTOMER,
    TRANSACTIONS_BY_VENDOR,
    TRANSACTIONS_WITH_SPLITS,
)
from counterfoil.core.datasets import Report

REPORTS: tuple[Report, ...] = (
    PROFIT_AND_LOSS,
    BALANCE_SHEET,
    CASH_FLOW,
    TRIAL_BALANCE,
    GENERAL_LEDGER,
    JOURNAL,
    PROFIT_AND_LOSS_DETAIL,
    RECEIVABLES,
    RECEIVABLES_DETAIL,
    PAYABLES,
    PAYABLES_DETAIL,
    CUSTOMER_BALANCE,
    CUSTOMER_BALANCE_DETAIL,
    VENDOR_BALANCE,
    VENDOR_BALANCE_DETAIL,
    CUSTOMER_SALES,
    ITEM_SALES,
    CLASS_SALES,
    DEPARTMENT_SALES,
    CUSTOMER_INCOME,
    VENDOR_EXPENSES,
    TRANSACTIONS,
    TRANSACTIONS_BY_CUSTOMER,
    TRANSACTIONS_BY_VENDOR,
    TRANSACTIONS_WITH_SPLITS,
    ACCOUNTS,
    STOCK,
    STOCK_DETAIL,
    TAX_SUMMARY,
    FEC,
    GENERAL_LEDGER_FR,
    JOURNAL_FR,
    TRIAL_BALANCE_FR,
    BAS,
    BUDGET_AGAINST_ACTUAL,
)
