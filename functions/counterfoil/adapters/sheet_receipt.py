"""A block's receipt: where it is, what it says, whether it fits, and who may replace it.

docs/operations.md, "The receipt"; the add-on's half is addon/Receipt.js.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping
from typing import Any

from counterfoil.adapters.sheet_book import Book, Item, Stopped, Tab, block_of, was_done
from counterfoil.adapters.sheet_live import is_live
from counterfoil.adapters.sheet_requests import Json
from counterfoil.adapters.sheet_titles import unset_titles
from counterfoil.core import marks

# https://developers.google.com/workspace/sheets/api/guides/metadata
CHARACTERS_PER_TAB = 30_000
FULL = (
    "Google keeps 30,000 characters of notes for programs on a tab, and what Counterfoil must "
    "remember of this table does not fit beside the others. Move the table to a tab of its own, "
    "or choose fewer columns."
)
INCOMPLETE = "The table was written, but it stays marked incomplete until a run can sign it."
# How many rows a link of the digest covers that the writer makes (of a patch).
CHUNK = 5_000
# What every receipt has; what lacks it is none of ours.
_FIELDS = {"state": str, "run": str, "rows": int, "columns": int, "keys": str, "digest": dict}


def receipt(book: Book, block: str, op: Mapping[str, Any]) -> Iterator[Json]:
    """On the block's own tab, and in no other. Raises Stopped."""
    keep_turn(book, block)
    check_receipts(book, block)
    tab, key = book.tab(block_of(book).sheet_id), _key(block)
    text = _text(_content(book, block, op, book.lay.marks))
    found = _items(book, block)
    here = next((item for home, item in found if home is tab), None)
    if here is None:
        yield _created(tab, key, text)
    else:
        here.value = text
        yield _changed(here)
    for home, item in found:
        if item is not here:
            home.metadata.remove(item)
            lookup = {"developerMetadataLookup": {"metadataId": item.id}}
            yield {"deleteDeveloperMetadata": {"dataFilter": lookup}}


def receipt_of(book: Book, block: str) -> dict[str, Any] | None:
    """What the last run left, in whatever tab; None where nothing can be read."""
    for _, item in _items(book, block):
        try:
            found = json.loads(item.value)
        except ValueError:
            continue
        if isinstance(found, dict) and all(
            isinstance(found.get(name), kind) for name, kind in _FIELDS.items()
        ):
            return found
    return None


def keep_turn(book: Book, block: str) -> None:
    """Raises Stopped where a later run of this export has signed."""
    seen = receipt_of(book, block)
    if seen is not None and book.fence is not None and seen.get("fence", 0) > book.fence:
        why = (
            "Another run of this export began later and writes the table now. This one has stopped."
        )
        raise Stopped("superseded", why)


def check_receipts(book: Book, block: str) -> None:
    """Raises Stopped where what this step is going to sign does not fit into the block's tab."""
    tab = book.tab(block_of(book).sheet_id)
    key = _key(block)
    others = sum(len(m.key) + len(m.value) for m in tab.metadata if m.key != key)
    for op in book.receipts:
        digest = (
            _patched_extent(book, block, 1, "done")["digest"] if "patched" in op else op["digest"]
        )
        rows = sum(size * times for size, times in digest["chunks"])
        content = _content(book, block, op, marks.as_long(op["columns"], rows))
        if others + len(key) + len(_text(content)) > CHARACTERS_PER_TAB:
            raise Stopped("receipt_full", FULL)


def unsigned(stop: Stopped, op: Mapping[str, Any]) -> Stopped:
    """What to say where Google itself refuses a receipt, because of what is not seen beforehand:
    what other programs keep on single rows and columns.
    """
    if stop.code != "refused" or op["op"] != "receipt":
        return stop
    why = f"{FULL} {INCOMPLETE}" if op["state"] == "done" else FULL
    return Stopped("receipt_full", why, stop.op, stop.cell)


def _content(book: Book, block: str, op: Mapping[str, Any], made: Mapping[str, str] | None) -> Json:
    lay = book.lay
    content = {name: value for name, value in op.items() if name != "op"}
    if content.pop("patched", False):
        content |= _patched_extent(book, block, content.pop("header_rows"), op["state"])
    if lay.places and lay.of(op["columns"]) != list(range(op["columns"])):
        content["places"] = lay.of(op["columns"])
    if op["state"] == "done" and made:
        content["marks"] = made
    if op["state"] == "done" and book.formulas:
        content["formulas"] = book.formulas
    return content | (_for_repair(book, content) if op["state"] == "writing" else {})


def _for_repair(book: Book, op: Mapping[str, Any]) -> Json:
    """What a kill leaves to the next run."""
    lay, old = book.lay, (book.old.receipt if book.old else None) or {}
    places = lay.of(op["columns"])
    made: Json = {
        "titles": "".join(lay.known),
        "given": [list(each) for each in sorted(lay.given.items())],
        "stale": [at for at in lay.stale if at not in places],
        "was": lay.before,
        "unset": unset_titles(book, op),
        "once": was_done(old),
        "live": bool(book.formulas) or is_live(old),
    }
    return {name: value for name, value in made.items() if value}


def _patched_extent(book: Book, block: str, header: int, state: str) -> Json:
    """What only the writer knows of a block that is patched: its rows and their digest."""
    high = block_of(book).rows
    if state == "done":
        return {"rows": high, "digest": book.digest or _long_digest(book)}
    old = receipt_of(book, block) or {}
    unknown: Json = {"rows": high, "digest": {"chunks": [[max(1, high - header), 1]], "value": ""}}
    return {name: old.get(name, unknown[name]) for name in unknown}


def _long_digest(book: Book) -> Json:
    """As long as the digest will be, of the rows to come."""
    rows = len(book.plan.rows) if book.plan else 0
    whole, rest = divmod(rows, CHUNK)
    return {"chunks": [[CHUNK, whole], [rest, 1]], "value": "." * 64}


def _text(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _items(book: Book, block: str) -> list[tuple[Tab, Item]]:
    """The block's own tab first: cells that were cut and pasted leave their receipt behind."""
    home = book.block.sheet_id if book.block else None
    tabs = sorted(book.tabs, key=lambda tab: tab.id != home)
    return [(tab, item) for tab in tabs for item in tab.metadata if item.key == _key(block)]


def _changed(item: Item) -> Json:
    lookup = {"developerMetadataLookup": {"metadataId": item.id}}
    changed = {"metadataValue": item.value}
    asked = {"dataFilters": [lookup], "developerMetadata": changed, "fields": "metadataValue"}
    return {"updateDeveloperMetadata": asked}


def _created(tab: Tab, key: str, text: str) -> Json:
    # Here too the id is ours, for a "done" in the same step.
    item = Item(1 + secrets.randbelow(2**31 - 2), key, text)
    tab.metadata.append(item)
    made = {
        "metadataId": item.id,
        "metadataKey": key,
        "metadataValue": text,
        "location": {"sheetId": tab.id},
        "visibility": "DOCUMENT",
    }
    return {"createDeveloperMetadata": {"developerMetadata": made}}


def _key(block: str) -> str:
    return f"counterfoil:{block}"
