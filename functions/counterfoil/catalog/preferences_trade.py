"""How is sold and bought. See preferences.py."""

from __future__ import annotations

from counterfoil.catalog.columns import flag, number, pairs, ref, text, whole

SALES = (
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

PRODUCTS = (
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

PURCHASES = (
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
