"""Which rows of a table show a name that QuickBooks has changed since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from counterfoil.core import query
from counterfoil.core.canonical import Cell
from counterfoil.core.changes import Changes
from counterfoil.core.look_ups import WHOLE_NAME, has_inactive, name_at, name_field, names_in
from counterfoil.core.query import LARGEST_PAGE, Condition, Op
from counterfoil.core.standing import Standing
from counterfoil.flows.ports import Company
from counterfoil.flows.update_columns import UpdateColumns


def blind(columns: UpdateColumns, listed: Mapping[str, Changes]) -> str:
    """Why nobody can tell which rows a change of these lists concerns; "" where one can."""
    for shown in columns.shown:
        if shown.id is None and any(each in listed for each in shown.lists):
            return f"Names in “{shown.column.title}” may have changed in QuickBooks."
    return ""


def renamed(
    company: Company, columns: UpdateColumns, standing: Standing, listed: Mapping[str, Changes]
) -> list[int]:
    """The places of rows that show a name which is not the present one of its id. Mostly such a
    change is of a balance, and no row shows it. Raises what a call raises.
    """
    found: dict[int, None] = {}
    for shown in columns.shown:
        fields = {each: WHOLE_NAME if shown.own else name_field(each) for each in shown.lists}
        names = {
            change.id: name_at(change.record, field)
            for each, field in fields.items()
            for change in (listed[each].of if each in listed else ())
        }
        if not names or shown.id is None:
            continue
        told = standing.columns
        cells = list(zip(told[shown.id.key], told[shown.column.key], strict=True))
        for each, field in fields.items():
            if field == WHOLE_NAME and each in listed:
                names |= _below(company, each, cells, names)
        rows = enumerate(cells)
        found |= {row: None for row, (id, name) in rows if names.get(str(id), name) != name}
    return list(found)


def _below(
    company: Company,
    entity: str,
    cells: Iterable[tuple[Cell, Cell]],
    known: Mapping[str, str],
) -> dict[str, str]:
    """The present names of what lies below others ("Costs:Fuel"): these change with the names
    above, and nobody says that CDC tells of it.
    """
    ids = list(dict.fromkeys(str(id) for id, name in cells if ":" in str(name) and id not in known))
    found: dict[str, str] = {}
    for start in range(0, len(ids), LARGEST_PAGE):
        where = [Condition("Id", Op.IN, tuple(ids[start : start + LARGEST_PAGE]))]
        if has_inactive(entity):
            where.append(Condition("Active", Op.IN, (True, False)))
        found |= names_in(company.query(query.select(entity, where)), entity, WHOLE_NAME)
    return found
