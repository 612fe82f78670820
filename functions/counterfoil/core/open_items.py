"""The total of an aging against the documents that are open today, one by one. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from counterfoil.core.reports import LineKind, ReportTable
from counterfoil.core.tie_out import MOST_SHOWN, Item, NotApplicable, Outcome, TieOut

_ZERO = Decimal(0)
_OPEN = ("subt_open_bal", "subt_neg_open_bal")
_NAMED_BY = ("DocNumber", "PaymentRefNum", "TxnDate")  # a payment may have no number


@dataclass(frozen=True, slots=True)
class Group:
    """Documents of one kind that are open: by id, what is left of each."""

    title: str
    amounts: Mapping[str, Item]

    @property
    def total(self) -> Item:
        amount = sum((item.amount for item in self.amounts.values()), _ZERO)
        return Item(f"{self.title} ({len(self.amounts):,})", amount)


def aged(table: ReportTable) -> dict[str, Item]:
    """Each transaction of an aging's detail by its id, with what it says is open of it.

    Raises NotApplicable where it does not say.
    """
    keys = [column.plain_key for column in table.columns]
    place = next((keys.index(key) for key in _OPEN if key in keys), None)
    if place is None or "txn_type" not in keys:
        raise NotApplicable("QuickBooks sent the detail of the aging without its open balances.")
    type_, number = keys.index("txn_type"), keys.index("doc_num") if "doc_num" in keys else None
    found: dict[str, Item] = {}
    for line in table.lines:
        if line.kind is not LineKind.DATA:
            continue
        id, amount = line.ids[type_], line.values[place]
        if id is None or not (amount is None or isinstance(amount, Decimal)):
            raise NotApplicable("QuickBooks sent a line of the aging's detail without its id.")
        texts = (line.texts[type_], "" if number is None else line.texts[number])
        before = found[id].amount if id in found else _ZERO
        found[id] = Item(" ".join(filter(None, texts)), before + (amount or _ZERO))
    return found


def left_of(
    records: Sequence[Mapping[str, Any]], field: str, sign: int, day: date, currency: str
) -> dict[str, Item]:
    """What is left of each document by its id, without those of a later day than the aging's.

    Raises NotApplicable for one in another currency of which QuickBooks does not tell it at home.
    """
    found = {}
    for record in records:
        if str(record.get("TxnDate", "")) > day.isoformat():
            continue
        amount = sign * _amount(record, field, currency)
        if amount:
            named = next(filter(None, map(record.get, _NAMED_BY)), "")
            found[str(record["Id"])] = Item(str(named), amount)
    return found


def _amount(record: Mapping[str, Any], field: str, currency: str) -> Decimal:
    own = (record.get("CurrencyRef") or {}).get("value", currency)
    # Nothing is nothing in every currency: payments never tell what is left of them at home.
    if own != currency and _number(record.get(field)):
        field = f"Home{field}"
        if record.get(field) is None:
            raise NotApplicable(
                f"Documents are open in {own}, and QuickBooks does not tell what is left of them "
                f"in {currency}."
            )
    return _number(record.get(field))


def _number(value: Any) -> Decimal:
    try:
        return Decimal(str(value or 0))
    except InvalidOperation:
        raise NotApplicable("QuickBooks sent a text where an amount was to be.") from None


def reconciled(
    key: str,
    title: str,
    name: str,
    total: Decimal,
    lines: Mapping[str, Item],
    groups: Sequence[Group],
    currency: str,
) -> TieOut:
    """The aging called `name` against the groups; `lines` are those of its detail."""
    known = {id: item for group in groups for id, item in group.amounts.items()}
    sums = tuple(group.total for group in groups if group.amounts)
    documents = sum((item.amount for item in sums), _ZERO)
    sides = (Item(name, total), Item("Open documents", documents))
    if total == documents:
        why = f"The open documents come to the same, {total:,} {currency}."
        return TieOut(key, title, Outcome.PASS, why, currency, sides, sums)
    apart = _apart(lines, known, groups)
    rest = total - documents - sum((item.amount for item in apart), _ZERO)
    why = (
        f"{total:,} {currency} in the {name} and {documents:,} {currency} in open documents: they "
        f"differ by {total - documents:,} {currency}.{_listed(len(apart))}"
        + (f" {rest:,} {currency} of it no document explains." if rest else "")
    )
    return TieOut(key, title, Outcome.FAIL, why, currency, sides, (*sums, *apart[:MOST_SHOWN]))


def _listed(count: int) -> str:
    if count <= 1:
        return " One document is not the same in both; it is listed." if count else ""
    shown = "they are listed" if count <= MOST_SHOWN else f"{MOST_SHOWN} of them are listed"
    return f" {count:,} documents are not the same in both; {shown}."


def _apart(
    lines: Mapping[str, Item], known: Mapping[str, Item], groups: Sequence[Group]
) -> list[Item]:
    """What a document adds to the difference: as the aging has it, less what is left of it."""
    kinds = {id: group.title for group in groups for id in group.amounts}
    found = []
    for id in sorted({**lines, **known}, key=lambda each: (len(each), each)):
        line, document = lines.get(id), known.get(id)
        amount = (line.amount if line else _ZERO) - (document.amount if document else _ZERO)
        if amount:
            named = line.title if line else f"{kinds[id]} {known[id].title}".strip()
            found.append(Item(named, amount))
    return found
