"""The company itself, and what is attached to its records.

Fields as in Intuit's reference of each entity.
https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/companyinfo
https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/attachable
"""

from __future__ import annotations

from counterfoil.catalog.columns import (
    HISTORY,
    ID,
    address,
    day,
    flag,
    joined,
    moment,
    pairs,
    secret,
    text,
    whole,
)
from counterfoil.core.datasets import Entity

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
