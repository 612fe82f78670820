"""The verbs in which the catalog's entries are written. Pure."""

from __future__ import annotations

from counterfoil.core.datasets import Column, ColumnType, Source

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


def text(key: str, title: str, path: str, *, default: bool = False) -> Column:
    return Column(key, title, ColumnType.TEXT, path, default=default)


def money(key: str, title: str, path: str, *, default: bool = False) -> Column:
    return Column(key, title, ColumnType.MONEY, path, default=default)


def signed(
    key: str, title: str, path: str, *, negative_if: str = "", default: bool = False
) -> Column:
    """An amount with the sign that it has in a sum; negative where the flag is true."""
    return Column(
        key, title, ColumnType.MONEY, path, Source.SIGNED, default, negative_if=negative_if
    )


def number(key: str, title: str, path: str, *, pattern: str = "") -> Column:
    return Column(key, title, ColumnType.NUMBER, path, pattern=pattern)


def day(key: str, title: str, path: str, *, default: bool = False) -> Column:
    return Column(key, title, ColumnType.DATE, path, default=default)


def moment(key: str, title: str, path: str, *, default: bool = False) -> Column:
    return Column(key, title, ColumnType.DATETIME, path, default=default)


def flag(key: str, title: str, path: str, *, default: bool = False) -> Column:
    return Column(key, title, ColumnType.BOOLEAN, path, default=default)


def joined(key: str, title: str, path: str) -> Column:
    """Every scalar at a path through lists ("LinkedTxn[].TxnId"), in one cell."""
    return Column(key, title, ColumnType.TEXT, path, Source.JOINED)


def ref(key: str, title: str, path: str, *, default: bool = False) -> tuple[Column, Column]:
    """A reference as two columns: the name that QuickBooks sent along, and the id."""
    return (
        text(key, title, f"{path}.name", default=default),
        text(f"{key}_id", f"{title} Id", f"{path}.value"),
    )


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


def custom_fields(count: int) -> tuple[Column, ...]:
    """The custom fields of sales forms, by the number that their definition has."""
    return tuple(
        Column(
            f"custom_{place}",
            f"Custom field {place}",
            ColumnType.TEXT,
            f"CustomField[{place}]",
            Source.CUSTOM,
        )
        for place in range(1, count + 1)
    )


ID = text("id", "Id", "Id", default=True)

# Every record has these.
HISTORY = (
    moment("created", "Created", "MetaData.CreateTime"),
    moment("updated", "Last updated", "MetaData.LastUpdatedTime"),
    text("created_by_id", "Created by Id", "MetaData.CreatedByRef.value"),
    text("updated_by_id", "Last updated by Id", "MetaData.LastModifiedByRef.value"),
    text("version", "Version", "SyncToken"),
)
