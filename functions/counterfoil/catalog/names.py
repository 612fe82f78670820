"""The people and companies that one sells to and buys from.

Fields as in Intuit's reference of each entity.
https://developer.intuit.com/app/developer/qbo/docs/api/accounting/most-commonly-used/customer
https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/vendor
"""

from __future__ import annotations

from counterfoil.catalog.columns import (
    CUSTOM_PAIRS,
    HISTORY,
    ID,
    MOST_CUSTOM,
    address,
    custom_fields,
    day,
    flag,
    joined,
    money,
    number,
    ref,
    secret,
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
        *ref("parent", "Parent customer", "ParentRef", of="Customer"),
        number("level", "Level", "Level", pattern="0"),
        flag("sub_customer", "Is sub-customer", "Job"),
        flag("project", "Is project", "IsProject"),
        flag("bill_with_parent", "Bill with parent", "BillWithParent"),
        flag("taxable", "Taxable", "Taxable"),
        *ref("tax_code", "Default tax code", "DefaultTaxCodeRef"),
        text("tax_exemption_id", "Tax exemption reason Id", "TaxExemptionReasonId"),
        *ref("receivables", "Receivables account", "ARAccountRef"),
        text("source", "Source", "Source"),
        text("resale_number", "Resale number", "ResaleNum"),
        # The number of a business that is one person is that person's.
        *secret(
            text("business_number", "Business number", "BusinessNumber"),
            text("gstin", "GSTIN", "GSTIN"),
        ),
        text("gst_registration", "GST registration type", "GSTRegistrationType"),
        *HISTORY,
        # Columns never move: what came later stands here.
        *custom_fields(MOST_CUSTOM),
        CUSTOM_PAIRS,
        *secret(
            text("tax_number", "Tax number", "PrimaryTaxIdentifier"),
            text("second_tax_number", "Second tax number", "SecondaryTaxIdentifier"),
        ),
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
        # QuickBooks sends only the id of the terms: to name them is a call, and no default.
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
        # The number of a business that is one person is that person's.
        *secret(
            text("business_number", "Business number", "BusinessNumber"),
            text("gstin", "GSTIN", "GSTIN"),
        ),
        text("gst_registration", "GST registration type", "GSTRegistrationType"),
        *HISTORY,
        # Columns never move: what came later stands here.
        *custom_fields(MOST_CUSTOM),
        CUSTOM_PAIRS,
        # A person's social security number as often as not.
        *secret(
            text("tax_number", "Tax number", "TaxIdentifier"),
            text("bank_branch", "Bank branch", "VendorPaymentBankDetail.BankBranchIdentifier"),
            text("bank_account", "Bank account", "VendorPaymentBankDetail.BankAccountNumber"),
            text("bank_holder", "Bank account name", "VendorPaymentBankDetail.BankAccountName"),
            text("bank_text", "Bank statement text", "VendorPaymentBankDetail.StatementText"),
        ),
    ),
)
