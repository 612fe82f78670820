"""Places in records, and the columns that show them."""

from __future__ import annotations

import pytest

from counterfoil import catalog

# Documented, and shown by no column of ours: why.
LEFT_OUT = {
    "Line": "its parts are columns of lines",
    "BudgetDetail": "its parts are columns of lines",
    "PurchaseEx": "an internal code; payment type and credit say the same in words",
    "AttachableRef[].EntityRef.id": "the value is the id",
    "ItemAssemblyDetail": "of QuickBooks Desktop",
    "ItemGroupDetail.ItemGroupLine[].UOMRef": "units are of QuickBooks Desktop",
    "SalesTaxRateList.originatingGroupId": "Intuit's own",
    "PurchaseTaxRateList.originatingGroupId": "Intuit's own",
    "AdjustmentTaxRateList.originatingGroupId": "Intuit's own",
    "AttachableRef[].CustomField": "never seen",
    "CustomExtensions": "dimensions, which only a paid tier of Intuit's tells apart",
    "FileAccessUri": "whoever has such a link can open the file",
    "TempDownloadUri": "whoever has such a link can open the file",
    "ThumbnailFileAccessUri": "whoever has such a link can see the file",
    "ThumbnailTempDownloadUri": "whoever has such a link can see the file",
    "V4IDPseudonym": "Intuit's own",
    "IntuitObject": "what a recurring transaction wraps is unwrapped",
    "OtherAddr": "the addresses that have a place of their own are shown",
    "CreditCardPayment.CreditChargeInfo.CommercialCardCode": "of the card's processing",
    "CreditCardPayment.CreditChargeInfo.CCTxnMode": "of the card's processing",
    "CreditCardPayment.CreditChargeInfo.CCTxnType": "of the card's processing",
    "CreditCardPayment.CreditChargeInfo.PrevCCTransId": "of the card's processing",
    "CreditCardPayment.CreditChargeResponse": "of the card's processing, but what is shown",
    "CreditCardPayment.CCDetail.CreditChargeInfo": "of the card's processing, but what is shown",
    "CreditCardPayment.CCDetail.CreditChargeResponse": "of the card's processing",
}


ENTITIES = pytest.mark.parametrize("entity", catalog.ENTITIES, ids=lambda entity: entity.key)


def is_part(path: str, whole: str) -> bool:
    """Whether a leaf lies in a field, which may be a list or an object."""
    return path == whole or path.startswith((f"{whole}[", f"{whole}."))
