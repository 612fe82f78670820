"""Accounts, and what moves between them.

Fields as in Intuit's reference of each entity.
https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/account
https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/journalentry
https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/deposit
https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/transfer
"""

from __future__ import annotations

from dataclasses import replace

from counterfoil.catalog.columns import (
    CURRENCY,
    HISTORY,
    ID,
    LINKED,
    RATE,
    RECURRING,
    TAX,
    TAX_LINES,
    day,
    debited,
    flag,
    home,
    money,
    number,
    ref,
    text,
)
from counterfoil.catalog.lines import budget_lines, deposit_lines, journal_lines
from counterfoil.core.datasets import Entity, Source

ACCOUNTS = Entity(
    key="accounts",
    title="Accounts",
    entity="Account",
    has_active=True,
    # No sum: assets and debts in one would mean nothing.
    columns=(
        ID,
        text("number", "Account number", "AcctNum", default=True),
        text("name", "Account", "Name", default=True),
        text("full_name", "Full name", "FullyQualifiedName", default=True),
        text("type", "Account type", "AccountType", default=True),
        text("detail_type", "Detail type", "AccountSubType", default=True),
        text("classification", "Classification", "Classification", default=True),
        *ref("parent", "Parent account", "ParentRef", of="Account"),
        flag("sub_account", "Is sub-account", "SubAccount"),
        text("description", "Description", "Description"),
        *CURRENCY,
        # Its own; with sub-accounts is the other one, and never both in one sum.
        money("balance", "Balance", "CurrentBalance", default=True),
        money("family_balance", "Balance with sub-accounts", "CurrentBalanceWithSubAccounts"),
        flag("active", "Active", "Active", default=True),
        *ref("tax_code", "Default tax code", "TaxCodeRef"),
        text("alias", "Alias", "AccountAlias"),
        text("place", "Place of transactions", "TxnLocationType"),
        *HISTORY,
    ),
)

JOURNAL_ENTRIES = Entity(
    key="journal-entries",
    title="Journal entries",
    entity="JournalEntry",
    date_path="TxnDate",
    total_keys=("total",),
    lines=journal_lines(),
    # QuickBooks does not always send what a journal comes to: the sum of its debits.
    columns=(
        ID,
        text("number", "Journal number", "DocNumber", default=True),
        day("date", "Date", "TxnDate", default=True),
        *CURRENCY,
        RATE,
        debited("total", "Total", "TotalAmt|Line[]", default=True),
        home(debits="Line[]"),
        text("memo", "Memo", "PrivateNote", default=True),
        flag("adjustment", "Is adjustment", "Adjustment", default=True),
        text("tax_calculation", "Amounts are", "GlobalTaxCalculation"),
        *TAX,
        *ref("tax_rate", "Tax rate", "TaxRateRef", of="TaxRate"),
        *TAX_LINES,
        text("place", "Place of transaction", "TransactionLocationType"),
        *RECURRING,
        *HISTORY,
    ),
)

DEPOSITS = Entity(
    key="deposits",
    title="Deposits",
    entity="Deposit",
    date_path="TxnDate",
    total_keys=("total",),
    lines=deposit_lines(),
    columns=(
        ID,
        text("number", "Reference number", "DocNumber"),
        day("date", "Date", "TxnDate", default=True),
        *ref("account", "Deposit to", "DepositToAccountRef", default=True),
        *ref("location", "Location", "DepartmentRef"),
        *CURRENCY,
        RATE,
        money("total", "Total", "TotalAmt", default=True),
        home(),
        money("cash_back", "Cash back", "CashBack.Amount", default=True),
        *ref("cash_back_account", "Cash back to", "CashBack.AccountRef"),
        text("cash_back_memo", "Cash back memo", "CashBack.Memo"),
        text("memo", "Memo", "PrivateNote", default=True),
        *TAX,
        *TAX_LINES,
        text("tax_calculation", "Amounts are", "GlobalTaxCalculation"),
        *LINKED,
        text("place", "Place of transaction", "TransactionLocationType"),
        text("source", "Source", "TxnSource"),
        *RECURRING,
        *HISTORY,
    ),
)

TRANSFERS = Entity(
    key="transfers",
    title="Transfers",
    entity="Transfer",
    date_path="TxnDate",
    total_keys=("amount",),
    columns=(
        ID,
        day("date", "Date", "TxnDate", default=True),
        *ref("source", "From account", "FromAccountRef", default=True),
        *ref("target", "To account", "ToAccountRef", default=True),
        *CURRENCY,
        RATE,
        money("amount", "Amount", "Amount", default=True),
        home("home_amount", "Amount in home currency", "Amount"),
        text("memo", "Memo", "PrivateNote", default=True),
        *ref("class", "Class", "ClassRef"),
        *ref("location", "Location", "DepartmentRef"),
        text("place", "Place of transaction", "TransactionLocationType"),
        *RECURRING,
        *HISTORY,
    ),
)

BUDGETS = Entity(
    key="budgets",
    title="Budgets",
    entity="Budget",
    currency_path=None,
    lines=budget_lines(),
    columns=(
        ID,
        text("name", "Budget", "Name", default=True),
        text("type", "Budget type", "BudgetType", default=True),
        text("period", "Entered", "BudgetEntryType", default=True),
        day("start", "From", "StartDate", default=True),
        day("end", "To", "EndDate", default=True),
        flag("active", "Active", "Active", default=True),
        *HISTORY,
    ),
)

EXCHANGE_RATES = Entity(
    key="exchange-rates",
    title="Exchange rates",
    entity="ExchangeRate",
    date_path="AsOfDate",
    order_by="AsOfDate",
    currency_path=None,
    columns=(
        # QuickBooks gives rates no Id of their own (the clients that people use know none either).
        replace(ID, path="Id|SourceCurrencyCode|AsOfDate", source=Source.KEY),
        text("source", "Currency", "SourceCurrencyCode", default=True),
        text("target", "Home currency", "TargetCurrencyCode", default=True),
        number("rate", "Exchange rate", "Rate", pattern="0.0#########", default=True),
        day("as_of", "As of", "AsOfDate", default=True),
        *HISTORY,
    ),
)

COMPANY_CURRENCIES = Entity(
    key="currencies",
    title="Currencies",
    entity="CompanyCurrency",
    currency_path=None,
    has_active=True,
    columns=(
        ID,
        text("code", "Currency", "Code", default=True),
        text("name", "Currency name", "Name", default=True),
        flag("active", "Active", "Active", default=True),
        *HISTORY,
    ),
)

JOURNAL_CODES = Entity(
    key="journal-codes",
    title="Journal codes",
    entity="JournalCode",
    currency_path=None,
    has_active=True,
    columns=(
        ID,
        text("name", "Journal code", "Name", default=True),
        text("type", "Journal type", "Type", default=True),
        text("description", "Description", "Description", default=True),
        flag("active", "Active", "Active", default=True),
        *HISTORY,
    ),
)
