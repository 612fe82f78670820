"""Who works for the company.

https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/employee
"""

from __future__ import annotations

from counterfoil.catalog.columns import HISTORY, ID, address, day, flag, money, secret, text
from counterfoil.core.datasets import Entity

EMPLOYEES = Entity(
    key="employees",
    title="Employees",
    entity="Employee",
    currency_path=None,
    has_active=True,
    columns=(
        ID,
        text("name", "Employee", "DisplayName", default=True),
        text("salutation", "Title", "Title"),
        text("first_name", "First name", "GivenName", default=True),
        text("middle_name", "Middle name", "MiddleName"),
        text("last_name", "Last name", "FamilyName", default=True),
        text("suffix", "Suffix", "Suffix"),
        text("check_name", "Name on checks", "PrintOnCheckName"),
        text("number", "Employee number", "EmployeeNumber", default=True),
        text("email", "Email", "PrimaryEmailAddr.Address", default=True),
        text("phone", "Phone", "PrimaryPhone.FreeFormNumber", default=True),
        text("mobile", "Mobile", "Mobile.FreeFormNumber", default=True),
        *address("home", "Home", "PrimaryAddr"),
        day("hired", "Hired", "HiredDate", default=True),
        day("released", "Released", "ReleasedDate", default=True),
        flag("billable", "Billable by default", "BillableTime"),
        money("bill_rate", "Billing rate", "BillRate"),
        money("cost_rate", "Cost rate", "CostRate"),
        flag("organization", "Is organization", "Organization"),
        flag("active", "Active", "Active", default=True),
        *secret(
            text("ssn", "Social security number", "SSN"),
            day("birth_date", "Birth date", "BirthDate"),
            text("gender", "Gender", "Gender"),
        ),
        *HISTORY,
    ),
)
