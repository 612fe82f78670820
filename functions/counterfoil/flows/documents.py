"""An export as a document, taken to another spreadsheet: what it is made of, and no authority."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from counterfoil import catalog
from counterfoil.core.datasets import Dataset, Entity
from counterfoil.core.errors import BadRequest
from counterfoil.core.readings import tell
from counterfoil.flows.exporter_records import ENTITY, REPORT, Exporter
from counterfoil.flows.several import MOST_COMPANIES

LONGEST_NAME = 100
FORMAT = 1
_CONSENT = "sensitive"  # an owner's, who has read who will see the secrets
_PARTS = frozenset(("counterfoil", "kind", "dataset", "name", "options", "tab", "companies"))
_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "counterfoil": {"const": FORMAT},
        "kind": {"enum": [ENTITY, REPORT]},
        "dataset": {"type": "string"},
        "name": {"type": "string", "maxLength": LONGEST_NAME},
        "options": {"type": "object"},
        "tab": {"type": ["string", "null"]},
        "companies": {"type": "integer", "minimum": 1},
    },
    "required": ["counterfoil", "kind", "dataset", "name", "options"],
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True)
class Carried:
    dataset: Dataset
    name: str
    options: Mapping[str, Any]
    tab: str | None
    left_out: tuple[str, ...] = ()  # titles of the columns with secrets that it names


def written(exporter: Exporter, name: str) -> dict[str, Any]:
    """No id, no company but how many, no consent, nothing that opens anything."""
    options = {key: value for key, value in exporter.options.items() if key != _CONSENT}
    return {
        "counterfoil": FORMAT,
        "kind": exporter.kind,
        "dataset": exporter.dataset,
        "name": name,
        "options": options,
        "tab": exporter.tab,
        "companies": len(exporter.connection_ids),
    }


def read(document: Mapping[str, Any], companies: int) -> Carried:
    """What it says, for so many companies; its options are not checked yet.

    Raises BadRequest, and UnknownDataset for what the catalog does not have.
    """
    tell("document", _SCHEMA)
    if document.get("counterfoil") != FORMAT or not document.keys() <= _PARTS:
        raise BadRequest("This is not an export of Counterfoil, or one of a newer version.")
    kind, key, name, options, tab = (
        document.get(part) for part in ("kind", "dataset", "name", "options", "tab")
    )
    if kind not in (ENTITY, REPORT) or not isinstance(key, str) or not isinstance(name, str):
        raise BadRequest("This document does not say which export it is.")
    if not isinstance(options, Mapping) or not isinstance(tab, str | None):
        raise BadRequest("The options of this document cannot be read.")
    _check_companies(document.get("companies", companies), companies)
    if kind == REPORT:
        return Carried(catalog.report(key), name, options, tab)
    return _without_secrets(catalog.entity(key), name, options, tab)


def _without_secrets(
    entity: Entity, name: str, options: Mapping[str, Any], tab: str | None
) -> Carried:
    """The acknowledgement of whoever chose secrets is not that of whoever adds the document."""
    offered = (*entity.columns, *(entity.lines.columns if entity.lines else ()))
    secrets = {column.key: column.title for column in offered if column.sensitive}
    kept = {part: value for part, value in options.items() if part != _CONSENT}
    keys = options.get("columns")
    if not isinstance(keys, list):
        return Carried(entity, name, kept, tab)
    left_out = tuple(secrets[key] for key in keys if isinstance(key, str) and key in secrets)
    others = [key for key in keys if not isinstance(key, str) or key not in secrets]
    kept["columns"] = others or ([entity.columns[0].key] if left_out else [])
    sort = options.get("sort")
    by = secrets.get(str(sort.get("column"))) if isinstance(sort, Mapping) else None
    if by:
        raise BadRequest(
            f"This export puts its rows in the order of {by}, a column with secrets, and these are "
            "not taken along. Take one along that is in another order.",
            option="sort",
        )
    return Carried(entity, name, kept, tab, left_out)


def _check_companies(said: object, given: int) -> None:
    """Raises BadRequest: an export of two companies does not become one of one unseen. Documents of
    older versions do not say how many.
    """
    if isinstance(said, bool) or not isinstance(said, int) or not 1 <= said <= MOST_COMPANIES:
        raise BadRequest("This document does not say how many companies it reads.")
    if said != given:
        companies = "one company" if said == 1 else f"{said} companies"
        raise BadRequest(f"This export reads {companies}. Choose as many.", field="connection_ids")
