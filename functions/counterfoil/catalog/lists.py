"""Short lists that other records refer to.

Fields as in Intuit's reference of each entity.
https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/class
https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/department
https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/term
"""

from __future__ import annotations

from counterfoil.catalog.columns import (
    HISTORY,
    ID,
    address,
    flag,
    number,
    ref,
    text,
    whole,
)
from counterfoil.core.datasets import Entity

_ACTIVE = flag("active", "Active", "Active", default=True)

CLASSES = Entity(
    key="classes",
    title="Classes",
    entity="Class",
    currency_path=None,
    has_active=True,
    columns=(
        ID,
        text("name", "Class", "Name", default=True),
        text("full_name", "Full name", "FullyQualifiedName", default=True),
        *ref("parent", "Parent class", "ParentRef", of="Class"),
        flag("sub_class", "Is sub-class", "SubClass"),
        _ACTIVE,
        *HISTORY,
    ),
)

LOCATIONS = Entity(
    key="locations",
    title="Locations",
    entity="Department",
    currency_path=None,
    has_active=True,
    columns=(
        ID,
        text("name", "Location", "Name", default=True),
        text("full_name", "Full name", "FullyQualifiedName", default=True),
        *ref("parent", "Parent location", "ParentRef", of="Department"),
        flag("sub_location", "Is sub-location", "SubDepartment"),
        _ACTIVE,
        *address("postal", "Location", "Address"),
        *HISTORY,
    ),
)

CUSTOMER_TYPES = Entity(
    key="customer-types",
    title="Customer types",
    entity="CustomerType",
    currency_path=None,
    has_active=True,
    columns=(
        ID,
        text("name", "Customer type", "Name", default=True),
        text("full_name", "Full name", "FullyQualifiedName"),
        *ref("parent", "Parent type", "ParentRef", of="CustomerType"),
        _ACTIVE,
        *HISTORY,
    ),
)

PAYMENT_METHODS = Entity(
    key="payment-methods",
    title="Payment methods",
    entity="PaymentMethod",
    currency_path=None,
    has_active=True,
    columns=(
        ID,
        text("name", "Payment method", "Name", default=True),
        text("type", "Type", "Type", default=True),
        _ACTIVE,
        *HISTORY,
    ),
)

TERMS = Entity(
    key="terms",
    title="Terms",
    entity="Term",
    currency_path=None,
    has_active=True,
    columns=(
        ID,
        text("name", "Terms", "Name", default=True),
        text("type", "Type", "Type", default=True),
        whole("due_days", "Due in days", "DueDays", default=True),
        whole("due_day", "Due on day of month", "DayOfMonthDue", default=True),
        whole("next_month_days", "Due next month within days", "DueNextMonthDays"),
        number("discount_percent", "Discount percent", "DiscountPercent", default=True),
        whole("discount_days", "Discount within days", "DiscountDays", default=True),
        whole("discount_day", "Discount until day of month", "DiscountDayOfMonth"),
        _ACTIVE,
        *HISTORY,
    ),
)
