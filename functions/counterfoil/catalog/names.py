"""The people and companies that one sells to and buys from.

Fields as in Intuit's reference of each entity.
https://developer.intuit.com/app/developer/qbo/docs/api/accounting/most-commonly-used/customer
https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/vendor
"""

from __future__ import annotations

from counterfoil.catalog.columns import (
    HISTORY,
    ID,
    address,
    day,
    flag,
    joined,
    money,
    number,
    ref,
    text,
)
from counterfoil.core.datasets import Entity

CUSTOMERS = Entity(
    key="customers",
    title="Customers",
    entity="Customer",
    total_keys=("balance",),
    has_active=True,
    columns=(
        ID,
        text("name", "Customer", "DisplayName", default=True),
        text("full_name", "Full name", "FullyQualifiedName"),
        text("company", "Company", "CompanyName", default=True),
        text("salutation", "Title", "Title"),
        text("first_name", "First name", "GivenName", default=True),
        text("middle_name", "Middle name", "MiddleName"),
        text("last_name", "Last name", "FamilyName", default=True),
        text("suffix", "Suffix", "Suffix"),
        text("check_name", "Name on checks", "PrintOnCheckName"),
        text("email", "Email", "PrimaryEmailAddr.Address", default=True),
        text("phone", "Phone", "PrimaryPhone.FreeFormNumber", default=True),
        text("mobile", "Mobile", "Mobile.FreeFormNumber", default=True),
        text("other_phone", "Other phone", "AlternatePhone.FreeFormNumber"),
        text("fax", "Fax", "Fax.FreeFormNumber"),
        text("website", "Website", "WebAddr.URI"),
        *address("billing", "Billing", "BillAddr", default=True),
        *address("shipping", "Shipping", "ShipAddr"),
        *ref("terms", "Terms", "SalesTermRef", default=True),
        *ref("payment_method", "Payment method", "PaymentMethodRef"),
        text("delivery_method", "Delivery method", "PreferredDeliveryMethod"),
        text("currency", "Currency", "CurrencyRef.value", default=True),
        text("currency_name", "Currency name", "CurrencyRef.name"),
        # The customer's own; "with sub-customers" is the other one, and never both in one sum.
        money("balance", "Open balance", "Balance", default=True),
        money("family_balance", "Open balance with sub-customers", "BalanceWithJobs"),
        day("opening_date", "Opening balance as of", "OpenBalanceDate"),
        flag("active", "Active", "Active", default=True),
        text("notes", "Notes", "Notes", default=True),
        *ref("type", "Customer type", "CustomerTypeRef"),
        *ref("parent", "Parent customer", "ParentRef"),
        number("level", "Level", "Level", pattern="0"),
        flag("sub_customer", "Is sub-customer", "Job"),
        flag("project", "Is project", "IsProject"),
        flag("bill_with_parent", "Bill with parent", "BillWithParent"),
        flag("taxable", "Taxable", "Taxable"),
        *ref("tax_code", "Default tax code", "DefaultTaxCodeRef"),
        text("tax_exemption_id", "Tax exemption reason Id", "TaxExemptionReasonId"),
        *ref("receivables", "Receivables account", "ARAccountRef"),
        text("source", "Source", "Source"),
        # Registration numbers of businesses: on request only. PrimaryTaxIdentifier and
        # SecondaryTaxIdentifier can be a person's tax number and are not offered at all.
        text("resale_number", "Resale number", "ResaleNum"),
        text("business_number", "Business number", "BusinessNumber"),
        text("gstin", "GSTIN", "GSTIN"),
        text("gst_registration", "GST registration type", "GSTRegistrationType"),
        *HISTORY,
    ),
)

VENDORS = Entity(
    key="vendors",
    title="Vendors",
    entity="Vendor",
    total_keys=("balance",),
    has_active=True,
    columns=(
        ID,
        text("name", "Vendor", "DisplayName", default=True),
        text("company", "Company", "CompanyName", default=True),
        text("salutation", "Title", "Title"),
        text("first_name", "First name", "GivenName", default=True),
        text("middle_name", "Middle name", "MiddleName"),
        text("last_name", "Last name", "FamilyName", default=True),
        text("suffix", "Suffix", "Suffix"),
        text("check_name", "Name on checks", "PrintOnCheckName"),
        # What the vendor calls this company, not a bank account.
        text("account_number", "Account number", "AcctNum", default=True),
        text("email", "Email", "PrimaryEmailAddr.Address", default=True),
        text("phone", "Phone", "PrimaryPhone.FreeFormNumber", default=True),
        text("mobile", "Mobile", "Mobile.FreeFormNumber", default=True),
        text("other_phone", "Other phone", "AlternatePhone.FreeFormNumber"),
        text("fax", "Fax", "Fax.FreeFormNumber"),
        text("website", "Website", "WebAddr.URI"),
        joined("contact_types", "Other contact types", "OtherContactInfo[].Type"),
        joined(
            "contact_phones", "Other contact phones", "OtherContactInfo[].Telephone.FreeFormNumber"
        ),
        joined("contact_emails", "Other contact emails", "OtherContactInfo[].Email.Address"),
        joined("contact_websites", "Other contact websites", "OtherContactInfo[].WebSite.URI"),
        *address("billing", "Billing", "BillAddr", default=True),
        # QuickBooks sends only the id of the terms: their name is blank, and no default.
        *ref("terms", "Terms", "TermRef"),
        *ref("payables", "A/P account", "APAccountRef"),
        text("currency", "Currency", "CurrencyRef.value", default=True),
        text("currency_name", "Currency name", "CurrencyRef.name"),
        money("balance", "Open balance", "Balance", default=True),
        money("bill_rate", "Billing rate", "BillRate"),
        money("cost_rate", "Cost rate", "CostRate"),
        flag("vendor_1099", "1099", "Vendor1099", default=True),
        flag("t4a", "T4A", "T4AEligible"),
        flag("t5018", "T5018", "T5018Eligible"),
        flag("tpar", "TPAR", "HasTPAR"),
        text("tax_basis", "Tax reporting basis", "TaxReportingBasis"),
        flag("active", "Active", "Active", default=True),
        text("source", "Source", "Source"),
        # Registration numbers of businesses: on request only. TaxIdentifier is a person's
        # social security number as often as not, VendorPaymentBankDetail a bank account: neither
        # is offered at all.
        text("business_number", "Business number", "BusinessNumber"),
        text("gstin", "GSTIN", "GSTIN"),
        text("gst_registration", "GST registration type", "GSTRegistrationType"),
        *HISTORY,
    ),
)
