"""The verbs in which the catalog's entries are written. Pure."""

from __future__ import annotations

from dataclasses import replace

from counterfoil.core.datasets import Column, ColumnType, Source

# The list that knows the name of what a reference with this name refers to.
LISTS = {
    "AccountRef": "Account",
    "AdjustAccountRef": "Account",
    "APAccountRef": "Account",
    "ARAccountRef": "Account",
    "AgencyRef": "TaxAgency",
    "AssetAccountRef": "Account",
    "BankAccountRef": "Account",
    "CCAccountRef": "Account",
    "ClassRef": "Class",
    "CreditCardAccountRef": "Account",
    "CustomerRef": "Customer",
    "CustomerTypeRef": "CustomerType",
    "DefaultTaxCodeRef": "TaxCode",
    "DepartmentRef": "Department",
    "DepositToAccountRef": "Account",
    "DiscountAccountRef": "Account",
    "EmployeeRef": "Employee",
    "ExpenseAccountRef": "Account",
    "FromAccountRef": "Account",
    "GroupItemRef": "Item",
    "IncomeAccountRef": "Account",
    "ItemAccountRef": "Account",
    "ItemRef": "Item",
    "JournalCodeRef": "JournalCode",
    "PaymentMethodRef": "PaymentMethod",
    "PrefVendorRef": "Vendor",
    "PurchaseTaxCodeRef": "TaxCode",
    "SalesTaxCodeRef": "TaxCode",
    "SalesTermRef": "Term",
    "TaxCodeRef": "TaxCode",
    "TermRef": "Term",
    "ToAccountRef": "Account",
    "TxnTaxCodeRef": "TaxCode",
    "VendorRef": "Vendor",
}

_PARTS = (
    ("line_1", "line 1", "Line1"),
    ("line_2", "line 2", "Line2"),
    ("line_3", "line 3", "Line3"),
    ("line_4", "line 4", "Line4"),
    ("line_5", "line 5", "Line5"),
    ("city", "city", "City"),
    ("county", "county", "County"),
    ("state", "state", "CountrySubDivisionCode"),
    ("postal_code", "postal code", "PostalCode"),
    ("postal_code_suffix", "postal code suffix", "PostalCodeSuffix"),
    ("country", "country", "Country"),
    ("country_code", "country code", "CountryCode"),
    ("note", "note", "Note"),
)


def list_of_ref(path: str) -> str:
    """The list that knows the name of what the reference at a path refers to; "" where it is of
    several kinds.
    """
    return LISTS.get(path.rpartition(".")[2], "")


def text(key: str, title: str, path: str, *, default: bool = False) -> Column:
    return Column(key, title, ColumnType.TEXT, path, default=default)


def money(key: str, title: str, path: str, *, default: bool = False) -> Column:
    return Column(key, title, ColumnType.MONEY, path, default=default)


def signed(
    key: str, title: str, path: str, *, negative_if: str = "", sign: int = 1, default: bool = False
) -> Column:
    """An amount with the sign that it has in a sum; negative where the flag is true."""
    return Column(
        key,
        title,
        ColumnType.MONEY,
        path,
        Source.SIGNED,
        default,
        negative_if=negative_if,
        sign=sign,
    )


def debited(key: str, title: str, path: str, *, default: bool = False) -> Column:
    """The amount at the first path, or what a journal's lines at the second one debit."""
    return Column(key, title, ColumnType.MONEY, path, Source.FIRST, default)


def home(
    key: str = "home_total",
    title: str = "Total in home currency",
    path: str = "TotalAmt",
    *,
    debits: str = "",
) -> Column:
    """What QuickBooks says that an amount is in the company's own currency, or the amount (or what
    the lines at `debits` come to) times the rate; blank in a company that knows one currency only,
    unless its table is of several.
    """
    names = f"{'HomeTotalAmt' if path == 'TotalAmt' else 'Home' + path}|{path}|ExchangeRate"
    names += f"|{debits}" if debits else ""
    return Column(key, title, ColumnType.MONEY, names, Source.HOME)


def home_balance() -> Column:
    return home("home_balance", "Open balance in home currency", "Balance")


def number(key: str, title: str, path: str, *, pattern: str = "", default: bool = False) -> Column:
    return Column(key, title, ColumnType.NUMBER, path, pattern=pattern, default=default)


def whole(key: str, title: str, path: str, *, default: bool = False) -> Column:
    """A number that has no decimals."""
    return number(key, title, path, pattern="0", default=default)


def day(key: str, title: str, path: str, *, default: bool = False) -> Column:
    return Column(key, title, ColumnType.DATE, path, default=default)


def moment(key: str, title: str, path: str, *, default: bool = False) -> Column:
    return Column(key, title, ColumnType.DATETIME, path, default=default)


def flag(key: str, title: str, path: str, *, default: bool = False) -> Column:
    return Column(key, title, ColumnType.BOOLEAN, path, default=default)


def joined(key: str, title: str, path: str) -> Column:
    """Every scalar at a path through lists ("LinkedTxn[].TxnId"), in one cell."""
    return Column(key, title, ColumnType.TEXT, path, Source.JOINED)


def pairs(key: str, title: str, path: str) -> Column:
    """Every name and its value at a path through lists, in one cell."""
    return Column(key, title, ColumnType.TEXT, path, Source.PAIRS)


def first(key: str, title: str, *paths: str, default: bool = False) -> Column:
    """The text at the first of the paths that has one."""
    return Column(key, title, ColumnType.TEXT, "|".join(paths), Source.FIRST, default)


def first_ref(key: str, title: str, *refs: str, default: bool = False) -> tuple[Column, Column]:
    """The first of the references that is there, as two columns: as `ref`."""
    lists = list(map(list_of_ref, refs))
    known = lists[0] if len(set(lists)) == 1 else "|".join(lists)
    name = first(key, title, *(f"{path}.name" for path in refs), default=default)
    return (
        replace(name, look_up=known),
        first(f"{key}_id", f"{title} Id", *(f"{path}.value" for path in refs)),
    )


def ref(
    key: str, title: str, path: str, *, default: bool = False, of: str = ""
) -> tuple[Column, Column]:
    """A reference as two columns: the name, from the list `of` where QuickBooks did not send it
    along, and the id.
    """
    known = of or list_of_ref(path)
    return (
        replace(text(key, title, f"{path}.name", default=default), look_up=known),
        text(f"{key}_id", f"{title} Id", f"{path}.value"),
    )


def secret(*columns: Column) -> tuple[Column, ...]:
    """Columns that hold secrets of people: only an owner may choose them."""
    return tuple(replace(column, sensitive=True, default=False) for column in columns)


def address(key: str, title: str, path: str, *, default: bool = False) -> tuple[Column, ...]:
    """An address in one line, and each of its parts."""
    return (
        Column(
            f"{key}_address", f"{title} address", ColumnType.TEXT, path, Source.ADDRESS, default
        ),
        *(
            text(f"{key}_{part}", f"{title} {words}", f"{path}.{name}")
            for part, words, name in _PARTS
        ),
        number(f"{key}_latitude", f"{title} latitude", f"{path}.Lat", pattern="0.0######"),
        number(f"{key}_longitude", f"{title} longitude", f"{path}.Long", pattern="0.0######"),
    )


def custom_fields(last: int, *, after: int = 0) -> tuple[Column, ...]:
    """The custom fields of a record, by the number that their definition has."""
    return tuple(custom_field(str(place)) for place in range(after + 1, last + 1))


def custom_field(definition: str) -> Column:
    return Column(
        f"custom_{definition}",
        f"Custom field {definition}",
        ColumnType.TEXT,
        f"CustomField[{definition}]",
        Source.CUSTOM,
    )


# The three of old, and those that QuickBooks sends when it is asked for all. A definition with
# another number is chosen by its key: "custom_1000000017".
MOST_CUSTOM = 12
CUSTOM_PAIRS = pairs("custom_fields", "Custom fields", "CustomField[]")

ID = text("id", "Id", "Id", default=True)

CURRENCY = (
    text("currency", "Currency", "CurrencyRef.value", default=True),
    text("currency_name", "Currency name", "CurrencyRef.name"),
)
RATE = number("exchange_rate", "Exchange rate", "ExchangeRate")

TAX = (
    money("tax", "Tax", "TxnTaxDetail.TotalTax"),
    *ref("tax_code", "Tax code", "TxnTaxDetail.TxnTaxCodeRef"),
)
# What each tax of a transaction comes to, in the order in which QuickBooks lists them.
TAX_LINES = (
    joined("tax_rate_ids", "Tax rate Ids", "TxnTaxDetail.TaxLine[].TaxLineDetail.TaxRateRef.value"),
    joined("tax_percents", "Tax percents", "TxnTaxDetail.TaxLine[].TaxLineDetail.TaxPercent"),
    joined(
        "taxed_amounts", "Taxed amounts", "TxnTaxDetail.TaxLine[].TaxLineDetail.NetAmountTaxable"
    ),
    joined("tax_amounts", "Tax amounts", "TxnTaxDetail.TaxLine[].Amount"),
)

LINKED = (
    joined("linked_types", "Linked transaction types", "LinkedTxn[].TxnType"),
    joined("linked_ids", "Linked transaction Ids", "LinkedTxn[].TxnId"),
)

RECURRING = ref("recurring", "Recurring template", "RecurDataRef")

# A card that was charged: its number as far as QuickBooks tells it, and whose it is.
CARD = secret(
    text("card_number", "Card number", "CreditCardPayment.CreditChargeInfo.Number"),
    text("card_type", "Card type", "CreditCardPayment.CreditChargeInfo.Type"),
    text("card_holder", "Name on card", "CreditCardPayment.CreditChargeInfo.NameOnAcct"),
    whole("card_month", "Card expiry month", "CreditCardPayment.CreditChargeInfo.CcExpiryMonth"),
    whole("card_year", "Card expiry year", "CreditCardPayment.CreditChargeInfo.CcExpiryYear"),
    text("card_street", "Card billing street", "CreditCardPayment.CreditChargeInfo.BillAddrStreet"),
    text("card_postal_code", "Card postal code", "CreditCardPayment.CreditChargeInfo.PostalCode"),
    money("card_amount", "Card amount", "CreditCardPayment.CreditChargeInfo.Amount"),
    flag("card_processed", "Card processed", "CreditCardPayment.CreditChargeInfo.ProcessPayment"),
    text("card_status", "Card charge status", "CreditCardPayment.CreditChargeResponse.Status"),
    text(
        "card_authorization",
        "Card authorization",
        "CreditCardPayment.CreditChargeResponse.AuthCode",
    ),
    moment(
        "card_authorized",
        "Card authorized",
        "CreditCardPayment.CreditChargeResponse.TxnAuthorizationTime",
    ),
    text(
        "card_transaction_id",
        "Card transaction Id",
        "CreditCardPayment.CreditChargeResponse.CCTransId",
    ),
)

# The bank account that a check was drawn on.
CHECK = secret(
    text("check_number", "Check number", "CheckPayment.CheckNum"),
    text("check_status", "Check status", "CheckPayment.Status"),
    text("check_holder", "Name on bank account", "CheckPayment.NameOnAcct"),
    text("check_account", "Bank account number", "CheckPayment.AcctNum"),
    text("check_bank", "Bank", "CheckPayment.BankName"),
)

# Every record has these.
HISTORY = (
    moment("created", "Created", "MetaData.CreateTime"),
    moment("updated", "Last updated", "MetaData.LastUpdatedTime"),
    text("created_by_id", "Created by Id", "MetaData.CreatedByRef.value"),
    text("updated_by_id", "Last updated by Id", "MetaData.LastModifiedByRef.value"),
    text("version", "Version", "SyncToken"),
)
