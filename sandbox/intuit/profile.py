"""Who a company is: its CompanyInfo and its Preferences, as QuickBooks answers them. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from sandbox.intuit.answers import not_permitted, not_supported, record_time
from sandbox.intuit.companies_api import CompanyCard
from sandbox.intuit.periods import MONTHS
from sandbox.intuit.store import Row
from sandbox.intuit.vocabulary import entity

COUNTRY_CODES = {"CA": "CAN", "US": "USA", "IE": "IRL"}
"""CompanyInfo's addresses carry ISO-3 codes since August 2025; `Country` itself does not."""


@dataclass(frozen=True, slots=True)
class Profile:
    realm_id: str
    name: str
    street: str
    city: str
    region: str
    postcode: str
    email: str
    phone: str
    started: date
    legal_name: str = ""
    country: str = "US"
    currency: str = "USD"
    currency_name: str = "United States Dollar"
    fiscal_month: int = 1
    basis: str = "Accrual"
    numbered: bool = True
    """Whether account numbers are used, which puts them in front of the names in reports."""
    industry: str = "Landscape Gardening"
    customer_message: str = "Thank you for your business."
    custom_field: str | None = None
    more: dict[str, str] = field(default_factory=dict)
    tags: bool = False
    """Whether classes and locations are used, on each line and on each document."""
    currencies: bool = False
    """Whether there are several."""
    lacks: tuple[str, ...] = ()
    """Lists that the plan does not have."""
    forbids: tuple[str, ...] = ()
    """Lists that whoever connected may not see."""

    @property
    def card(self) -> CompanyCard:
        return CompanyCard(self.realm_id, self.name, self.country, self.currency)

    @property
    def currency_ref(self) -> Row:
        return {"value": self.currency, "name": self.currency_name}

    def check(self, kind: str) -> None:
        """Raises ApiRefused for an entity that cannot be asked for in this company."""
        name = entity(kind).name
        if name in self.lacks:
            raise not_supported(name)
        if name in self.forbids:
            raise not_permitted(name)


def company_info(profile: Profile) -> Row:
    address = {
        "Id": "1",
        "Line1": profile.street,
        "City": profile.city,
        "Country": COUNTRY_CODES[profile.country],
        "CountrySubDivisionCode": profile.region,
        "PostalCode": profile.postcode,
    }
    about = {
        "NeoEnabled": "true",
        "IndustryType": profile.industry,
        "SubscriptionStatus": "PAID",
        "OfferingSku": "QuickBooks Online Plus",
        "PayrollFeature": "false",
        "AccountantFeature": "false",
        **profile.more,
    }
    return {
        "CompanyName": profile.name,
        "LegalName": profile.legal_name or profile.name,
        "CompanyAddr": dict(address),
        "CustomerCommunicationAddr": dict(address),
        "LegalAddr": dict(address),
        "PrimaryPhone": {"FreeFormNumber": profile.phone},
        "CompanyStartDate": profile.started.isoformat(),
        "FiscalYearStartMonth": MONTHS[profile.fiscal_month - 1],
        "Country": profile.country,
        "Email": {"Address": profile.email},
        "WebAddr": {},
        "SupportedLanguages": "en",
        "NameValue": [{"Name": name, "Value": value} for name, value in about.items()],
        **_identity(profile),
    }


def preferences(profile: Profile) -> Row:
    sales: Row = {
        "CustomField": _custom_field(profile.custom_field),
        "CustomTxnNumbers": False,
        "AllowDeposit": False,
        "AllowDiscount": True,
        "AllowEstimates": True,
        "ETransactionEnabledStatus": "NotApplicable",
        "ETransactionAttachPDF": False,
        "ETransactionPaymentEnabled": False,
        "IPNSupportEnabled": False,
        "AllowServiceDate": True,
        "AllowShipping": False,
        "DefaultTerms": {"value": "3"},
        "UsingPriceLevels": False,
        "DefaultCustomerMessage": profile.customer_message,
    }
    return {
        "AccountingInfoPrefs": {
            "UseAccountNumbers": profile.numbered,
            "TrackDepartments": profile.tags,
            "ClassTrackingPerTxn": False,
            "ClassTrackingPerTxnLine": profile.tags,
            "FirstMonthOfFiscalYear": MONTHS[profile.fiscal_month - 1],
            "TaxYearMonth": "January",
            "CustomerTerminology": "Customers",
        },
        "ProductAndServicesPrefs": {
            "ForSales": True,
            "ForPurchase": True,
            "QuantityWithPriceAndRate": True,
            "QuantityOnHand": True,
        },
        "SalesFormsPrefs": sales,
        "VendorAndPurchasesPrefs": {"TrackingByCustomer": True, "BillableExpenseTracking": True},
        "TimeTrackingPrefs": {
            "UseServices": True,
            "BillCustomers": True,
            "ShowBillRateToAll": False,
            "WorkWeekStartDate": "Monday",
            "MarkTimeEntriesBillable": True,
        },
        "TaxPrefs": {"UsingSalesTax": True, "TaxGroupCodeRef": {"value": "2"}},
        "CurrencyPrefs": {
            "MultiCurrencyEnabled": profile.currencies,
            "HomeCurrency": {"value": profile.currency},
        },
        "ReportPrefs": {"ReportBasis": profile.basis, "CalcAgingReportFromTxnDate": False},
        "OtherPrefs": {
            "NameValue": [
                {"Name": "SalesFormsPrefs.DefaultCustomerMessage", "Value": "See the form."},
                {"Name": "ProjectsEnabled", "Value": "true"},
                {"Name": "TimeTrackingFeatureEnabled", "Value": "true"},
            ]
        },
        **_identity(profile),
    }


def _custom_field(name: str | None) -> list[dict[str, Any]]:
    used = [
        {
            "Name": f"SalesFormsPrefs.UseSalesCustom{at}",
            "Type": "BooleanType",
            "BooleanValue": at == 1 and name is not None,
        }
        for at in (3, 2, 1)
    ]
    if name is None:
        return [{"CustomField": used}]
    named = {
        "Name": "SalesFormsPrefs.SalesCustomName1",
        "Type": "StringType",
        "StringValue": name,
    }
    return [{"CustomField": used}, {"CustomField": [named]}]


def _identity(profile: Profile) -> Row:
    opened = record_time(datetime.combine(profile.started, time(17), UTC))
    return {
        "domain": "QBO",
        "sparse": False,
        "Id": "1",
        "SyncToken": "4",
        "MetaData": {"CreateTime": opened, "LastUpdatedTime": opened},
    }
