"""How the company's people set QuickBooks up: one row.

https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/preferences
"""

from __future__ import annotations

from counterfoil.catalog.columns import (
    HISTORY,
    ID,
    day,
    flag,
    joined,
    number,
    pairs,
    ref,
    text,
    whole,
)
from counterfoil.core.datasets import Entity

_ACCOUNTING = (
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

_CURRENCY = (
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

_REPORTS = (
    text("reports_report_basis", "Reports: basis", "ReportPrefs.ReportBasis", default=True),
    flag(
        "reports_calc_aging_report_from_txn_date",
        "Reports: calc aging report from txn date",
        "ReportPrefs.CalcAgingReportFromTxnDate",
    ),
)

_TAX = (
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

_SALES = (
    flag(
        "sales_using_progress_invoicing",
        "Sales: using progress invoicing",
        "SalesFormsPrefs.UsingProgressInvoicing",
    ),
    pairs(
        "sales_custom_field", "Sales: custom field", "SalesFormsPrefs.CustomField[].CustomField[]"
    ),
    flag(
        "sales_custom_txn_numbers", "Sales: custom txn numbers", "SalesFormsPrefs.CustomTxnNumbers"
    ),
    flag("sales_delayed_charges", "Sales: delayed charges", "SalesFormsPrefs.DelayedCharges"),
    text("sales_sales_email_cc", "Sales: sales email cc", "SalesFormsPrefs.SalesEmailCc.Address"),
    text(
        "sales_sales_email_bcc", "Sales: sales email bcc", "SalesFormsPrefs.SalesEmailBcc.Address"
    ),
    flag(
        "sales_email_copy_to_company",
        "Sales: email copy to company",
        "SalesFormsPrefs.EmailCopyToCompany",
    ),
    flag("sales_allow_deposit", "Sales: allow deposit", "SalesFormsPrefs.AllowDeposit"),
    flag("sales_allow_discount", "Sales: allow discount", "SalesFormsPrefs.AllowDiscount"),
    text(
        "sales_default_discount_account",
        "Sales: default discount account",
        "SalesFormsPrefs.DefaultDiscountAccount",
    ),
    flag("sales_allow_estimates", "Sales: allow estimates", "SalesFormsPrefs.AllowEstimates"),
    text("sales_estimate_message", "Sales: estimate message", "SalesFormsPrefs.EstimateMessage"),
    text(
        "sales_etransaction_enabled_status",
        "Sales: etransaction enabled status",
        "SalesFormsPrefs.ETransactionEnabledStatus",
    ),
    flag(
        "sales_etransaction_attach_pdf",
        "Sales: etransaction attach PDF",
        "SalesFormsPrefs.ETransactionAttachPDF",
    ),
    flag(
        "sales_etransaction_payment_enabled",
        "Sales: etransaction payment enabled",
        "SalesFormsPrefs.ETransactionPaymentEnabled",
    ),
    flag(
        "sales_ipn_support_enabled",
        "Sales: ipn support enabled",
        "SalesFormsPrefs.IPNSupportEnabled",
    ),
    text("sales_invoice_message", "Sales: invoice message", "SalesFormsPrefs.InvoiceMessage"),
    flag(
        "sales_allow_service_date", "Sales: allow service date", "SalesFormsPrefs.AllowServiceDate"
    ),
    flag("sales_allow_shipping", "Sales: allow shipping", "SalesFormsPrefs.AllowShipping"),
    text(
        "sales_default_shipping_account",
        "Sales: default shipping account",
        "SalesFormsPrefs.DefaultShippingAccount",
    ),
    *ref("sales_default_item", "Sales: default item", "SalesFormsPrefs.DefaultItem"),
    *ref("sales_default_terms", "Sales: default terms", "SalesFormsPrefs.DefaultTerms"),
    text(
        "sales_default_delivery_method",
        "Sales: default delivery method",
        "SalesFormsPrefs.DefaultDeliveryMethod",
    ),
    flag("sales_auto_apply_credit", "Sales: auto apply credit", "SalesFormsPrefs.AutoApplyCredit"),
    flag(
        "sales_auto_apply_payments",
        "Sales: auto apply payments",
        "SalesFormsPrefs.AutoApplyPayments",
    ),
    flag(
        "sales_print_item_with_zero_amount",
        "Sales: print item with zero amount",
        "SalesFormsPrefs.PrintItemWithZeroAmount",
    ),
    *ref(
        "sales_default_ship_method",
        "Sales: default ship method",
        "SalesFormsPrefs.DefaultShipMethodRef",
    ),
    number("sales_default_markup", "Sales: default markup", "SalesFormsPrefs.DefaultMarkup"),
    flag(
        "sales_track_reimbursable_expenses_as_income",
        "Sales: track reimbursable expenses as income",
        "SalesFormsPrefs.TrackReimbursableExpensesAsIncome",
    ),
    flag(
        "sales_using_sales_orders", "Sales: using sales orders", "SalesFormsPrefs.UsingSalesOrders"
    ),
    flag(
        "sales_using_price_levels", "Sales: using price levels", "SalesFormsPrefs.UsingPriceLevels"
    ),
    text("sales_default_fob", "Sales: default FOB", "SalesFormsPrefs.DefaultFOB"),
    text(
        "sales_default_customer_message",
        "Sales: default customer message",
        "SalesFormsPrefs.DefaultCustomerMessage",
    ),
)

_PRODUCTS = (
    flag("products_for_sales", "Products: for sales", "ProductAndServicesPrefs.ForSales"),
    flag("products_for_purchase", "Products: for purchase", "ProductAndServicesPrefs.ForPurchase"),
    flag(
        "products_inventory_and_purchase_order",
        "Products: inventory and purchase order",
        "ProductAndServicesPrefs.InventoryAndPurchaseOrder",
    ),
    flag(
        "products_quantity_with_price_and_rate",
        "Products: quantity with price and rate",
        "ProductAndServicesPrefs.QuantityWithPriceAndRate",
    ),
    flag(
        "products_quantity_on_hand",
        "Products: quantity on hand",
        "ProductAndServicesPrefs.QuantityOnHand",
    ),
    text("products_uom", "Products: UOM", "ProductAndServicesPrefs.UOM"),
    flag(
        "products_revenue_recognition",
        "Products: revenue recognition",
        "ProductAndServicesPrefs.RevenueRecognition",
    ),
    text(
        "products_revenue_recognition_frequency",
        "Products: revenue recognition frequency",
        "ProductAndServicesPrefs.RevenueRecognitionFrequency",
    ),
)

_PURCHASES = (
    flag(
        "purchases_enable_bills", "Purchases: enable bills", "VendorAndPurchasesPrefs.EnableBills"
    ),
    flag(
        "purchases_tracking_by_customer",
        "Purchases: tracking by customer",
        "VendorAndPurchasesPrefs.TrackingByCustomer",
    ),
    flag(
        "purchases_billable_expense_tracking",
        "Purchases: billable expense tracking",
        "VendorAndPurchasesPrefs.BillableExpenseTracking",
    ),
    *ref(
        "purchases_default_terms",
        "Purchases: default terms",
        "VendorAndPurchasesPrefs.DefaultTerms",
    ),
    number(
        "purchases_default_markup",
        "Purchases: default markup",
        "VendorAndPurchasesPrefs.DefaultMarkup",
    ),
    *ref(
        "purchases_default_markup_account",
        "Purchases: default markup account",
        "VendorAndPurchasesPrefs.DefaultMarkupAccount",
    ),
    flag(
        "purchases_automatic_bill_payment",
        "Purchases: automatic bill payment",
        "VendorAndPurchasesPrefs.AutomaticBillPayment",
    ),
    flag(
        "purchases_tpar_enabled", "Purchases: TPAR enabled", "VendorAndPurchasesPrefs.TPAREnabled"
    ),
    pairs(
        "purchases_po_custom_field",
        "Purchases: PO custom field",
        "VendorAndPurchasesPrefs.POCustomField[].CustomField[]",
    ),
    text(
        "purchases_msg_to_vendors",
        "Purchases: msg to vendors",
        "VendorAndPurchasesPrefs.MsgToVendors",
    ),
    flag(
        "purchases_using_inventory",
        "Purchases: using inventory",
        "VendorAndPurchasesPrefs.UsingInventory",
    ),
    flag(
        "purchases_using_multi_location_inventory",
        "Purchases: using multi location inventory",
        "VendorAndPurchasesPrefs.UsingMultiLocationInventory",
    ),
    whole(
        "purchases_days_bills_are_due",
        "Purchases: days bills are due",
        "VendorAndPurchasesPrefs.DaysBillsAreDue",
    ),
    *ref(
        "purchases_discount_account",
        "Purchases: discount account",
        "VendorAndPurchasesPrefs.DiscountAccountRef",
    ),
)

_TIME = (
    flag("time_use_services", "Time: use services", "TimeTrackingPrefs.UseServices"),
    *ref("time_default_time_item", "Time: default time item", "TimeTrackingPrefs.DefaultTimeItem"),
    flag("time_bill_customers", "Time: bill customers", "TimeTrackingPrefs.BillCustomers"),
    flag(
        "time_show_bill_rate_to_all",
        "Time: show bill rate to all",
        "TimeTrackingPrefs.ShowBillRateToAll",
    ),
    text(
        "time_work_week_start_date",
        "Time: work week start date",
        "TimeTrackingPrefs.WorkWeekStartDate",
    ),
    flag(
        "time_time_tracking_enabled",
        "Time: time tracking enabled",
        "TimeTrackingPrefs.TimeTrackingEnabled",
    ),
    flag(
        "time_mark_time_entries_billable",
        "Time: mark time entries billable",
        "TimeTrackingPrefs.MarkTimeEntriesBillable",
    ),
    flag(
        "time_mark_expenses_as_billable",
        "Time: mark expenses as billable",
        "TimeTrackingPrefs.MarkExpensesAsBillable",
    ),
)

_CHARGES = (
    number(
        "charges_annual_interest_rate",
        "Finance charges: annual interest rate",
        "FinanceChargesPrefs.AnnualInterestRate",
    ),
    number(
        "charges_min_fin_chrg", "Finance charges: min fin chrg", "FinanceChargesPrefs.MinFinChrg"
    ),
    whole(
        "charges_grace_period", "Finance charges: grace period", "FinanceChargesPrefs.GracePeriod"
    ),
    flag(
        "charges_calc_fin_chrg_from_txn_date",
        "Finance charges: calc fin chrg from txn date",
        "FinanceChargesPrefs.CalcFinChrgFromTxnDate",
    ),
    flag(
        "charges_assess_fin_chrg_for_overdue_charges",
        "Finance charges: assess fin chrg for overdue charges",
        "FinanceChargesPrefs.AssessFinChrgForOverdueCharges",
    ),
    *ref(
        "charges_fin_chrg_account",
        "Finance charges: fin chrg account",
        "FinanceChargesPrefs.FinChrgAccountRef",
    ),
)

_MAIL = (
    pairs("mail_name_value", "Email: name value", "EmailMessagesPrefs.NameValue[]"),
    text(
        "mail_invoice_message_subject",
        "Email: invoice message subject",
        "EmailMessagesPrefs.InvoiceMessage.Subject",
    ),
    text(
        "mail_invoice_message_text",
        "Email: invoice message text",
        "EmailMessagesPrefs.InvoiceMessage.Message",
    ),
    text(
        "mail_estimate_message_subject",
        "Email: estimate message subject",
        "EmailMessagesPrefs.EstimateMessage.Subject",
    ),
    text(
        "mail_estimate_message_text",
        "Email: estimate message text",
        "EmailMessagesPrefs.EstimateMessage.Message",
    ),
    text(
        "mail_sales_receipt_message_subject",
        "Email: sales receipt message subject",
        "EmailMessagesPrefs.SalesReceiptMessage.Subject",
    ),
    text(
        "mail_sales_receipt_message_text",
        "Email: sales receipt message text",
        "EmailMessagesPrefs.SalesReceiptMessage.Message",
    ),
    text(
        "mail_statement_message_subject",
        "Email: statement message subject",
        "EmailMessagesPrefs.StatementMessage.Subject",
    ),
    text(
        "mail_statement_message_text",
        "Email: statement message text",
        "EmailMessagesPrefs.StatementMessage.Message",
    ),
)

_INVENTORY = (
    flag(
        "inventory_mli_available", "Inventory: MLI available", "AdvancedInventoryPrefs.MLIAvailable"
    ),
    flag("inventory_mli_enabled", "Inventory: MLI enabled", "AdvancedInventoryPrefs.MLIEnabled"),
    flag(
        "inventory_enhanced_inventory_receiving_enabled",
        "Inventory: enhanced inventory receiving enabled",
        "AdvancedInventoryPrefs.EnhancedInventoryReceivingEnabled",
    ),
    flag(
        "inventory_tracking_serial_or_lot_number",
        "Inventory: tracking serial or lot number",
        "AdvancedInventoryPrefs.TrackingSerialOrLotNumber",
    ),
    flag(
        "inventory_tracking_on_sales_transactions_enabled",
        "Inventory: tracking on sales transactions enabled",
        "AdvancedInventoryPrefs.TrackingOnSalesTransactionsEnabled",
    ),
    flag(
        "inventory_tracking_on_purchase_transactions_enabled",
        "Inventory: tracking on purchase transactions enabled",
        "AdvancedInventoryPrefs.TrackingOnPurchaseTransactionsEnabled",
    ),
    flag(
        "inventory_tracking_on_inventory_adjustment_enabled",
        "Inventory: tracking on inventory adjustment enabled",
        "AdvancedInventoryPrefs.TrackingOnInventoryAdjustmentEnabled",
    ),
    flag(
        "inventory_tracking_on_build_assembly_enabled",
        "Inventory: tracking on build assembly enabled",
        "AdvancedInventoryPrefs.TrackingOnBuildAssemblyEnabled",
    ),
    flag("inventory_fifo_enabled", "Inventory: FIFO enabled", "AdvancedInventoryPrefs.FIFOEnabled"),
    day(
        "inventory_fifo_effective_date",
        "Inventory: FIFO effective date",
        "AdvancedInventoryPrefs.FIFOEffectiveDate",
    ),
    flag(
        "inventory_row_shelf_bin_enabled",
        "Inventory: row shelf bin enabled",
        "AdvancedInventoryPrefs.RowShelfBinEnabled",
    ),
    flag(
        "inventory_barcode_enabled",
        "Inventory: barcode enabled",
        "AdvancedInventoryPrefs.BarcodeEnabled",
    ),
)

PREFERENCES = Entity(
    key="preferences",
    title="Preferences",
    entity="Preferences",
    currency_path=None,
    columns=(
        ID,
        *_ACCOUNTING,
        *_CURRENCY,
        *_REPORTS,
        *_TAX,
        *_SALES,
        *_PRODUCTS,
        *_PURCHASES,
        *_TIME,
        *_CHARGES,
        *_MAIL,
        *_INVENTORY,
        pairs("printing", "Printing", "PrintDocumentPrefs.NameValue[]"),
        # Switches that have no field of their own.
        pairs("other", "Other preferences", "OtherPrefs.NameValue[]"),
        *HISTORY,
    ),
)
