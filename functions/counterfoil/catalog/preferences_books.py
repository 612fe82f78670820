"""How the books are kept: accounts, currencies, reports, taxes. See preferences.py."""

from __future__ import annotations

from counterfoil.catalog.columns import day, flag, joined, ref, text

ACCOUNTING = (
    flag(
        "accounting_use_account_numbers",
        "Accounting: use account numbers",
        "AccountingInfoPrefs.UseAccountNumbers",
        default=True,
    ),
    *ref(
        "accounting_default_ar_account",
        "Accounting: default AR account",
        "AccountingInfoPrefs.DefaultARAccount",
    ),
    *ref(
        "accounting_default_ap_account",
        "Accounting: default AP account",
        "AccountingInfoPrefs.DefaultAPAccount",
    ),
    flag(
        "accounting_requires_accounts",
        "Accounting: requires accounts",
        "AccountingInfoPrefs.RequiresAccounts",
    ),
    flag(
        "accounting_track_departments",
        "Accounting: track locations",
        "AccountingInfoPrefs.TrackDepartments",
        default=True,
    ),
    text(
        "accounting_department_terminology",
        "Accounting: word for location",
        "AccountingInfoPrefs.DepartmentTerminology",
        default=True,
    ),
    flag(
        "accounting_class_tracking_per_txn",
        "Accounting: classes per transaction",
        "AccountingInfoPrefs.ClassTrackingPerTxn",
        default=True,
    ),
    flag(
        "accounting_class_tracking_per_txn_line",
        "Accounting: classes per line",
        "AccountingInfoPrefs.ClassTrackingPerTxnLine",
        default=True,
    ),
    flag(
        "accounting_auto_journal_entry_number",
        "Accounting: auto journal entry number",
        "AccountingInfoPrefs.AutoJournalEntryNumber",
    ),
    text(
        "accounting_first_month_of_fiscal_year",
        "Accounting: first month of fiscal year",
        "AccountingInfoPrefs.FirstMonthOfFiscalYear",
        default=True,
    ),
    text(
        "accounting_tax_year_month",
        "Accounting: tax year month",
        "AccountingInfoPrefs.TaxYearMonth",
    ),
    text("accounting_tax_form", "Accounting: tax form", "AccountingInfoPrefs.TaxForm"),
    day(
        "accounting_book_close_date",
        "Accounting: books closed until",
        "AccountingInfoPrefs.BookCloseDate",
        default=True,
    ),
    joined(
        "accounting_other_contact_info",
        "Accounting: other contact info",
        "AccountingInfoPrefs.OtherContactInfo[].Telephone.FreeFormNumber",
    ),
    joined(
        "accounting_other_contact_info_email",
        "Accounting: other contact info email",
        "AccountingInfoPrefs.OtherContactInfo[].Email.Address",
    ),
    joined(
        "accounting_other_contact_info_type",
        "Accounting: other contact info type",
        "AccountingInfoPrefs.OtherContactInfo[].Type",
    ),
    joined(
        "accounting_other_contact_info_website",
        "Accounting: other contact info website",
        "AccountingInfoPrefs.OtherContactInfo[].WebSite.URI",
    ),
    text(
        "accounting_customer_terminology",
        "Accounting: word for customer",
        "AccountingInfoPrefs.CustomerTerminology",
        default=True,
    ),
)

CURRENCY = (
    flag(
        "currency_multi_currency_enabled",
        "Currency: several currencies",
        "CurrencyPrefs.MultiCurrencyEnabled",
        default=True,
    ),
    text(
        "currency_home_currency",
        "Currency: home currency",
        "CurrencyPrefs.HomeCurrency.value",
        default=True,
    ),
    text(
        "currency_home_currency_name",
        "Currency: home currency name",
        "CurrencyPrefs.HomeCurrency.name",
    ),
)

REPORTS = (
    text("reports_report_basis", "Reports: basis", "ReportPrefs.ReportBasis", default=True),
    flag(
        "reports_calc_aging_report_from_txn_date",
        "Reports: calc aging report from txn date",
        "ReportPrefs.CalcAgingReportFromTxnDate",
    ),
)

TAX = (
    flag("tax_using_sales_tax", "Tax: sales tax used", "TaxPrefs.UsingSalesTax", default=True),
    flag("tax_partner_tax_enabled", "Tax: partner tax enabled", "TaxPrefs.PartnerTaxEnabled"),
    flag("tax_hide_tax_management", "Tax: hide tax management", "TaxPrefs.HideTaxManagement"),
    *ref("tax_tax_group_code", "Tax: tax group code", "TaxPrefs.TaxGroupCodeRef"),
    *ref("tax_tax_rate", "Tax: tax rate", "TaxPrefs.TaxRateRef"),
    text("tax_pay_sales_tax", "Tax: pay sales tax", "TaxPrefs.PaySalesTax"),
    *ref(
        "tax_non_taxable_sales_tax_code",
        "Tax: non taxable sales tax code",
        "TaxPrefs.NonTaxableSalesTaxCodeRef",
    ),
    *ref(
        "tax_taxable_sales_tax_code",
        "Tax: taxable sales tax code",
        "TaxPrefs.TaxableSalesTaxCodeRef",
    ),
)
