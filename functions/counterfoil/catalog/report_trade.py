"""The reports of sales, spending and stock. Pure data."""

from __future__ import annotations

from counterfoil.catalog import report_parameters as p
from counterfoil.catalog import report_shown as shown
from counterfoil.core.datasets import Report

CUSTOMER_SALES = Report(
    key="sales-by-customer",
    title="Sales by Customer Summary",
    report="CustomerSales",
    parameters=(
        *p.DATED,
        p.BASIS,
        p.COLUMNS_BY,
        p.ORDER,
        p.LINKS,
        p.CUSTOMER,
        p.CLASS,
        p.ITEM,
        p.DEPARTMENT,
    ),
    comparable=True,
)

ITEM_SALES = Report(
    key="sales-by-product",
    title="Sales by Product or Service Summary",
    report="ItemSales",
    parameters=(
        *p.DATED,
        p.BASIS,
        p.COLUMNS_BY,
        p.ORDER,
        *p.DUE,
        p.CUSTOMER,
        p.CLASS,
        p.ITEM,
        p.DEPARTMENT,
    ),
    comparable=True,
)

CLASS_SALES = Report(
    key="sales-by-class",
    title="Sales by Class Summary",
    report="ClassSales",
    parameters=(
        *p.DATED,
        p.BASIS,
        p.COLUMNS_BY,
        p.CUSTOMER,
        p.CLASS,
        p.ITEM,
        p.DEPARTMENT,
    ),
    comparable=True,
)

DEPARTMENT_SALES = Report(
    key="sales-by-location",
    title="Sales by Location Summary",
    report="DepartmentSales",
    parameters=(
        *p.DATED,
        p.BASIS,
        p.COLUMNS_BY,
        p.ORDER,
        p.CUSTOMER,
        p.CLASS,
        p.ITEM,
        p.DEPARTMENT,
    ),
    comparable=True,
)

CUSTOMER_INCOME = Report(
    key="income-by-customer",
    title="Income by Customer Summary",
    report="CustomerIncome",
    parameters=(
        *p.DATED,
        p.BASIS,
        p.COLUMNS_BY,
        p.ORDER,
        p.CUSTOMER,
        p.TERM,
        p.CLASS,
        p.DEPARTMENT,
        p.VENDOR,
    ),
    comparable=True,
)

VENDOR_EXPENSES = Report(
    key="expenses-by-vendor",
    title="Expenses by Vendor Summary",
    report="VendorExpenses",
    parameters=(
        *p.DATED,
        p.BASIS,
        p.COLUMNS_BY,
        p.ORDER,
        p.CUSTOMER,
        p.VENDOR,
        p.CLASS,
        p.DEPARTMENT,
    ),
    comparable=True,
)

STOCK = Report(
    key="inventory-valuation",
    title="Inventory Valuation Summary",
    report="InventoryValuationSummary",
    parameters=(
        p.REPORT_DATE,
        p.ITEM,
        p.COLUMNS_BY_PERIOD,
        p.ORDER,
        p.LINKS,
    ),
    as_of="report_date",
    comparable=True,
)

STOCK_DETAIL = Report(
    key="inventory-valuation-detail",
    title="Inventory Valuation Detail",
    report="InventoryValuationDetail",
    parameters=(
        *p.DATED,
        *p.SERVICE,
        p.GROUP_BY,
        shown.STOCK_COLUMNS,
    ),
)
