"""What requests have in common: masks over what they change, fields they may have. Pure."""

from __future__ import annotations

from typing import Any

from sandbox.google import masks
from sandbox.google.cells import GridError
from sandbox.google.pasting import Order

Json = dict[str, Any]
Path = tuple[str, ...]


def mask_text(asked: Json) -> str:
    text = asked.get("fields", "")
    if not text:
        raise GridError("At least one field must be listed in 'fields'. (Use '*' for all fields.)")
    return str(text)


def paths(asked: Json, schema: str, given: Json, whole: tuple[str, ...] = ()) -> list[Path]:
    """What the mask names, at its ends; "*" and whole messages mean what is given in them.

    The messages named in `whole` are not gone into.
    """
    found: list[Path] = []
    for path in masks.leaves(masks.parse(mask_text(asked), schema)):
        place: Any = given
        plain = tuple(name for name in path if name != "*")
        for name in plain:
            place = place.get(name, {}) if isinstance(place, dict) else {}
        inner = isinstance(place, dict) and place and not (plain and plain[0] in whole)
        found += _ends(place, plain, whole) if inner else [plain]
    if not all(found):
        raise GridError("Nothing is given to update.")
    return found


def only(given: Json, *known: str) -> None:
    """Raises GridError for a field that is not known here: none is ignored."""
    for name in given:
        if name not in known:
            raise GridError(f"The sandbox does not know {name} here.")


def sort_orders(specs: list[Json]) -> list[Order]:
    """Of SortSpecs. Raises GridError for sorting by colour."""
    for spec in specs:
        only(spec, "dimensionIndex", "sortOrder")
    return [
        Order(spec.get("dimensionIndex", 0), spec.get("sortOrder", "ASCENDING") == "DESCENDING")
        for spec in specs
    ]


def _ends(given: Json, path: Path, whole: tuple[str, ...]) -> list[Path]:
    found: list[Path] = []
    for name, value in given.items():
        inner = isinstance(value, dict) and not (not path and name in whole)
        found += _ends(value, (*path, name), whole) if inner else [(*path, name)]
    return found
