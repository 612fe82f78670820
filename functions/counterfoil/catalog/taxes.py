"""Sales taxes: codes, rates, the agencies they are paid to, what is taxed how.

Fields as in Intuit's reference of each entity.
https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/taxcode
https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/taxrate
https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/taxagency
"""

from __future__ import annotations

from counterfoil.catalog.columns import (
    HISTORY,
    ID,
    day,
    flag,
    joined,
    number,
    ref,
    secret,
    text,
)
from counterfoil.core.datasets import Column, Entity

_PERCENT = "0.0#####"


def _rates(key: str, title: str, path: str) -> tuple[Column, ...]:
    """The rates that a code puts on a sale, or on a purchase, each with its order."""
    detail = f"{path}.TaxRateDetail[]"
    return (
        joined(f"{key}_rates", f"{title} rates", f"{detail}.TaxRateRef.name"),
        joined(f"{key}_rate_ids", f"{title} rate Ids", f"{detail}.TaxRateRef.value"),
        joined(f"{key}_on", f"{title} rates apply to", f"{detail}.TaxTypeApplicable"),
        joined(f"{key}_order", f"{title} rate order", f"{detail}.TaxOrder"),
        joined(f"{key}_on_tax_order", f"{title} tax on tax order", f"{detail}.TaxOnTaxOrder"),
    )


TAX_CODES = Entity(
    key="tax-codes",
    title="Tax codes",
    entity="TaxCode",
    currency_path=None,
    has_active=True,
    columns=(
        ID,
        text("name", "Tax code", "Name", default=True),
        text("description", "Description", "Description", default=True),
        flag("taxable", "Taxable", "Taxable", default=True),
        flag("group", "Is tax group", "TaxGroup", default=True),
        *_rates("sales", "Sales", "SalesTaxRateList"),
        *_rates("purchase", "Purchase", "PurchaseTaxRateList"),
        *_rates("adjustment", "Adjustment", "AdjustmentTaxRateList"),
        text("origin", "Made by", "TaxCodeConfigType"),
        flag("hidden", "Hidden", "Hidden"),
        flag("active", "Active", "Active", default=True),
        *HISTORY,
    ),
)

TAX_RATES = Entity(
    key="tax-rates",
    title="Tax rates",
    entity="TaxRate",
    currency_path=None,
    has_active=True,
    columns=(
        ID,
        text("name", "Tax rate", "Name", default=True),
        text("description", "Description", "Description", default=True),
        number("rate", "Percent", "RateValue", pattern=_PERCENT, default=True),
        *ref("agency", "Agency", "AgencyRef", default=True),
        text("special", "Special tax type", "SpecialTaxType"),
        text("shown", "Shown on forms", "DisplayType"),
        *ref("return_line", "Tax return line", "TaxReturnLineRef"),
        *ref("original", "Original rate", "OriginalTaxRate", of="TaxRate"),
        joined("percents", "Percents over time", "EffectiveTaxRate[].RateValue"),
        joined("percents_from", "Percents from", "EffectiveTaxRate[].EffectiveDate"),
        joined("percents_to", "Percents to", "EffectiveTaxRate[].EndDate"),
        flag("active", "Active", "Active", default=True),
        *HISTORY,
    ),
)

TAX_AGENCIES = Entity(
    key="tax-agencies",
    title="Tax agencies",
    entity="TaxAgency",
    currency_path=None,
    columns=(
        ID,
        text("name", "Tax agency", "DisplayName", default=True),
        text("country", "Country", "SalesTaxCountry"),
        text("period", "Reporting period", "ReportingPeriod", default=True),
        day("last_filed", "Last filed", "LastFileDate", default=True),
        flag("on_sales", "Tax on sales", "TaxTrackedOnSales", default=True),
        flag("on_purchases", "Tax on purchases", "TaxTrackedOnPurchases", default=True),
        flag("on_tax", "Tax on tax", "TaxOnTax"),
        *ref("sales_account", "Sales tax account", "TaxTrackedOnSalesAccountRef", of="Account"),
        *ref("purchases_account", "Purchase tax account", "TaxOnPurchasesAccountRef", of="Account"),
        *ref("sales_code", "Sales tax code", "SalesTaxCodeRef"),
        *ref("return", "Sales tax return", "SalesTaxReturnRef"),
        text("config", "Set up by", "TaxAgencyConfig"),
        *secret(text("registration", "Tax registration number", "TaxRegistrationNumber")),
        *HISTORY,
    ),
)

TAX_CLASSIFICATIONS = Entity(
    key="tax-classifications",
    title="Tax classifications",
    entity="TaxClassification",
    currency_path=None,
    columns=(
        ID,
        text("code", "Code", "Code", default=True),
        text("name", "Tax classification", "Name", default=True),
        text("description", "Description", "Description", default=True),
        text("level", "Level", "Level", default=True),
        *ref("parent", "Parent classification", "ParentRef"),
        joined("applies_to", "Applies to", "ApplicableTo[]"),
        *HISTORY,
    ),
)
