"""The company itself, what is attached to its records, and what recurs.

Fields as in Intuit's reference of each entity.
https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/companyinfo
https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/attachable
https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/recurringtransaction
"""

from __future__ import annotations

from counterfoil.catalog.columns import (
    CURRENCY,
    HISTORY,
    ID,
    RATE,
    address,
    day,
    first_ref,
    flag,
    joined,
    moment,
    money,
    pairs,
    secret,
    text,
    whole,
)
from counterfoil.core.datasets import Column, ColumnType, Entity, Source

COMPANY = Entity(
    key="company",
    title="Company",
    entity="CompanyInfo",
    currency_path=None,
    columns=(
        ID,
        text("name", "Company", "CompanyName", default=True),
        text("legal_name", "Legal name", "LegalName", default=True),
        text("country", "Country", "Country", default=True),
        text("fiscal_month", "First month of fiscal year", "FiscalYearStartMonth", default=True),
        text("tax_month", "First month of tax year", "TaxYearStartMonth"),
        day("since", "Company start", "CompanyStartDate", default=True),
        text("email", "Email", "Email.Address", default=True),
        text("company_email", "Company email", "CompanyEmailAddr.Address"),
        text("customer_email", "Email for customers", "CustomerCommunicationEmailAddr.Address"),
        text("phone", "Phone", "PrimaryPhone.FreeFormNumber", default=True),
        text("mobile", "Mobile", "Mobile.FreeFormNumber"),
        text("fax", "Fax", "Fax.FreeFormNumber"),
        text("website", "Website", "WebAddr.URI", default=True),
        text("company_website", "Company website", "CompanyURL.URI"),
        *address("company", "Company", "CompanyAddr", default=True),
        *address("legal", "Legal", "LegalAddr"),
        *address("customer", "Customer contact", "CustomerCommunicationAddr"),
        *address("shipping", "Shipping", "ShipAddr"),
        text("languages", "Languages", "SupportedLanguages"),
        text("time_zone", "Time zone", "DefaultTimeZone"),
        flag("multi_byte", "Multi-byte characters", "MultiByteCharsSupported"),
        text("edition", "Edition", "QBVersion"),
        text("fifo", "FIFO calculation", "FifoCalculationStatus"),
        moment("imported", "Last imported", "LastImportedTime"),
        # What Intuit knows about the subscription, the industry and more.
        pairs("facts", "More about the company", "NameValue[]"),
        *secret(text("tax_number", "Tax number", "EmployerId")),
        *HISTORY,
    ),
)

ATTACHMENTS = Entity(
    key="attachments",
    title="Attachments",
    entity="Attachable",
    currency_path=None,
    # No link to a file, and none to its picture: whoever has one can open the file.
    columns=(
        ID,
        text("name", "File", "FileName", default=True),
        text("note", "Note", "Note", default=True),
        text("type", "File type", "ContentType", default=True),
        whole("size", "Bytes", "Size", default=True),
        text("category", "Category", "Category", default=True),
        text("tag", "Tag", "Tag"),
        joined("on_types", "Attached to types", "AttachableRef[].EntityRef.type"),
        joined("on_ids", "Attached to Ids", "AttachableRef[].EntityRef.value"),
        joined("on_names", "Attached to", "AttachableRef[].EntityRef.name"),
        joined("on_lines", "Attached to lines", "AttachableRef[].LineInfo"),
        joined("sent_along", "Sent along", "AttachableRef[].IncludeOnSend"),
        text("place", "Place", "PlaceName"),
        text("latitude", "Latitude", "Lat"),
        text("longitude", "Longitude", "Long"),
        *HISTORY,
    ),
)

_PLAN = "RecurringInfo.ScheduleInfo"

RECURRING_TRANSACTIONS = Entity(
    key="recurring-transactions",
    title="Recurring transactions",
    entity="RecurringTransaction",
    wrapped=True,
    columns=(
        ID,
        text("template", "Template", "RecurringInfo.Name", default=True),
        # What the row was wrapped in.
        Column("kind", "Transaction type", ColumnType.TEXT, "@kind", Source.VALUE, default=True),
        text("mode", "Recurring type", "RecurringInfo.RecurType", default=True),
        flag("active", "Active", "RecurringInfo.Active", default=True),
        *first_ref("name", "Name", "CustomerRef", "VendorRef", "EntityRef", default=True),
        *CURRENCY,
        RATE,
        money("total", "Total", "TotalAmt", default=True),
        money("transfer_amount", "Transfer amount", "Amount"),
        text("interval", "Interval", f"{_PLAN}.IntervalType", default=True),
        whole("every", "Every", f"{_PLAN}.NumInterval", default=True),
        whole("day_of_month", "Day of month", f"{_PLAN}.DayOfMonth"),
        text("day_of_week", "Day of week", f"{_PLAN}.DayOfWeek"),
        whole("week_of_month", "Week of month", f"{_PLAN}.WeekOfMonth"),
        text("month", "Month", f"{_PLAN}.MonthOfYear"),
        whole("days_before", "Days before", f"{_PLAN}.DaysBefore"),
        whole("remind_days", "Remind days before", f"{_PLAN}.RemindDays"),
        whole("most", "Ends after", f"{_PLAN}.MaxOccurrences"),
        day("start", "Start", f"{_PLAN}.StartDate"),
        day("end", "End", f"{_PLAN}.EndDate"),
        day("next", "Next", f"{_PLAN}.NextDate", default=True),
        day("previous", "Previous", f"{_PLAN}.PreviousDate"),
        text("number", "Number", "DocNumber"),
        text("memo", "Memo", "PrivateNote"),
        *HISTORY,
    ),
)
