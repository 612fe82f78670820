"""What is sold, kept in stock and worked on.

Fields as in Intuit's reference of each entity.
https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/item
https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/inventoryadjustment
https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/timeactivity
"""

from __future__ import annotations

from counterfoil.catalog.columns import (
    HISTORY,
    ID,
    day,
    flag,
    joined,
    moment,
    money,
    number,
    ref,
    text,
    whole,
)
from counterfoil.catalog.lines import adjustment_lines
from counterfoil.core.datasets import Entity

ITEMS = Entity(
    key="items",
    title="Products and services",
    entity="Item",
    currency_path=None,
    has_active=True,
    columns=(
        ID,
        text("name", "Product/service", "Name", default=True),
        text("full_name", "Full name", "FullyQualifiedName"),
        text("sku", "SKU", "Sku", default=True),
        text("type", "Type", "Type", default=True),
        text("description", "Description", "Description", default=True),
        money("price", "Sales price", "UnitPrice", default=True),
        flag("price_with_tax", "Sales price includes tax", "SalesTaxIncluded"),
        text("purchase_description", "Purchase description", "PurchaseDesc"),
        money("cost", "Cost", "PurchaseCost", default=True),
        flag("cost_with_tax", "Cost includes tax", "PurchaseTaxIncluded"),
        *ref("income_account", "Income account", "IncomeAccountRef", default=True),
        *ref("expense_account", "Expense account", "ExpenseAccountRef", default=True),
        *ref("asset_account", "Inventory asset account", "AssetAccountRef"),
        flag("tracked", "Quantity tracked", "TrackQtyOnHand"),
        number("on_hand", "Quantity on hand", "QtyOnHand", default=True),
        number("reorder_point", "Reorder point", "ReorderPoint"),
        day("tracked_since", "Tracked since", "InvStartDate"),
        *ref("vendor", "Preferred vendor", "PrefVendorRef"),
        flag("taxable", "Taxable", "Taxable", default=True),
        *ref("sales_tax_code", "Sales tax code", "SalesTaxCodeRef"),
        *ref("purchase_tax_code", "Purchase tax code", "PurchaseTaxCodeRef"),
        *ref("tax_classification", "Tax classification", "TaxClassificationRef"),
        *ref("class", "Class", "ClassRef"),
        # A category above it, or a product that it is a part of.
        *ref("parent", "Category", "ParentRef", of="Item"),
        flag("sub_item", "Is in a category", "SubItem"),
        whole("level", "Level", "Level"),
        text("category_type", "Category type", "ItemCategoryType"),
        text("service_type", "Service type", "ServiceType"),
        # What a bundle holds.
        joined("parts", "Bundle items", "ItemGroupDetail.ItemGroupLine[].ItemRef.name"),
        joined("part_ids", "Bundle item Ids", "ItemGroupDetail.ItemGroupLine[].ItemRef.value"),
        joined("part_quantities", "Bundle quantities", "ItemGroupDetail.ItemGroupLine[].Qty"),
        flag("print_parts", "Print items of bundle", "PrintGroupedItems"),
        flag("deferred_revenue", "Deferred revenue", "DeferredRevenue"),
        number("abatement_rate", "Abatement rate", "AbatementRate"),
        number("reverse_charge_rate", "Reverse charge rate", "ReverseChargeRate"),
        text("unit", "Unit", "UQCDisplayText"),
        text("unit_id", "Unit Id", "UQCId"),
        text("source", "Source", "Source"),
        flag("active", "Active", "Active", default=True),
        *HISTORY,
    ),
)

INVENTORY_ADJUSTMENTS = Entity(
    key="inventory-adjustments",
    title="Inventory adjustments",
    entity="InventoryAdjustment",
    date_path="TxnDate",
    lines=adjustment_lines(),
    columns=(
        ID,
        text("number", "Adjustment number", "DocNumber", default=True),
        day("date", "Date", "TxnDate", default=True),
        *ref("account", "Adjustment account", "AdjustAccountRef", default=True),
        *ref("customer", "Customer", "CustomerRef"),
        *ref("location", "Location", "DepartmentRef"),
        text("memo", "Memo", "PrivateNote", default=True),
        text("currency", "Currency", "CurrencyRef.value"),
        text("currency_name", "Currency name", "CurrencyRef.name"),
        number("exchange_rate", "Exchange rate", "ExchangeRate"),
        flag("shipping", "For shipping", "ShippingAdjustment"),
        joined("linked_types", "Linked transaction types", "LinkedTxn[].TxnType"),
        joined("linked_ids", "Linked transaction Ids", "LinkedTxn[].TxnId"),
        *HISTORY,
    ),
)

TIME_ACTIVITIES = Entity(
    key="time-activities",
    title="Time activities",
    entity="TimeActivity",
    date_path="TxnDate",
    currency_path=None,
    columns=(
        ID,
        day("date", "Date", "TxnDate", default=True),
        text("who", "Worked by", "NameOf", default=True),
        *ref("employee", "Employee", "EmployeeRef", default=True),
        *ref("vendor", "Vendor", "VendorRef", default=True),
        *ref("other_name", "Other name", "OtherNameRef"),
        *ref("customer", "Customer", "CustomerRef", default=True),
        *ref("project", "Project", "ProjectRef", of="Customer"),
        *ref("item", "Product/service", "ItemRef", default=True),
        *ref("class", "Class", "ClassRef"),
        *ref("location", "Location", "DepartmentRef"),
        *ref("payroll_item", "Payroll item", "PayrollItemRef"),
        text("description", "Description", "Description", default=True),
        whole("hours", "Hours", "Hours", default=True),
        whole("minutes", "Minutes", "Minutes", default=True),
        whole("seconds", "Seconds", "Seconds"),
        whole("break_hours", "Break hours", "BreakHours"),
        whole("break_minutes", "Break minutes", "BreakMinutes"),
        whole("break_seconds", "Break seconds", "BreakSeconds"),
        moment("start", "Start", "StartTime"),
        moment("end", "End", "EndTime"),
        text("time_zone", "Time zone", "TimeZone"),
        flag("zone_of_employee", "Hours in employee's time zone", "HoursInEmployeeTimeZone"),
        text("billable", "Billable status", "BillableStatus", default=True),
        text("charge_id", "Time charge Id", "TimeChargeId"),
        flag("taxable", "Taxable", "Taxable"),
        money("rate", "Hourly rate", "HourlyRate", default=True),
        money("cost_rate", "Cost rate", "CostRate"),
        *HISTORY,
    ),
)
