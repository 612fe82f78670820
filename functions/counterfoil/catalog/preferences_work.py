"""How time, charges, mail and stock are dealt with. See preferences.py."""

from __future__ import annotations

from counterfoil.catalog.columns import day, flag, number, pairs, ref, text, whole

TIME = (
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

CHARGES = (
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

MAIL = (
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

INVENTORY = (
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
