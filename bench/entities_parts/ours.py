"""Our export in one process on one core, from the first call to the text of the last step; what it
sends is not looked at. Beside it, what the same bytes cost whoever reads them at all.
"""

from __future__ import annotations

import tempfile
import time
import zlib
from typing import Any

from bench import machine
from bench.entities_parts import shapes
from bench.spine_parts import null
from bench.spine_parts.ours import ANA, SHEET, exports_of
from counterfoil import catalog
from counterfoil.adapters.typed_fields import decoder, struct, tree_of
from counterfoil.catalog.options import chosen_columns
from counterfoil.core.records import parts
from counterfoil.flows.export import Exports
from counterfoil.flows.limits import Limits

# 4 million is what a managed export may have; these are bounded by nothing but the time.
_NO_CAP = 100_000_000


def main() -> None:
    what = machine.given()
    machine.pin(what["core"])
    step = _NO_CAP if what["unbroken"] else Limits().cells_per_step
    with tempfile.TemporaryDirectory() as folder:
        exports = exports_of(what, folder, Limits(max_cells=_NO_CAP, cells_per_step=step))
        found = measured(exports, shapes.LINES if what["lines"] else shapes.WIDE)
    if what["floor"]:
        found["floor_cpu_s"] = floor_cpu_s(what)
    machine.tell(found)


def measured(exports: Exports, options: dict[str, Any]) -> dict[str, Any]:
    used, began = time.process_time(), time.perf_counter()
    step = exports.start(
        ANA,
        SHEET,
        connection_id="con_large",
        dataset=catalog.entity("invoices"),
        options=options,
        tab=None,
    )
    sent, steps = len(step.json()), 1
    while step.cursor is not None:
        step = exports.resume(ANA, SHEET, step.cursor)
        sent += len(step.json())
        steps += 1
    seconds, cpu_s = time.perf_counter() - began, time.process_time() - used
    assert step.proof is not None
    return {
        "rows": step.proof.rows,
        "columns": len(options["columns"]),
        "calls": step.calls,
        "steps": steps,
        "seconds": round(seconds, 3),
        "cpu_s": round(cpu_s, 3),
        "peak_rss_mb": machine.peak_rss_mb(),
        "characters": sent,
        "verdict": step.proof.verdict.value,
    }


def floor_cpu_s(what: dict[str, Any]) -> float:
    """Processor time of unpacking all pages of the same books and decoding, typed, the same
    fields. They are fetched one by one, off the clock.
    """
    entity = catalog.entity("invoices")
    columns = chosen_columns(entity, list(shapes.COLUMNS))
    fields = tree_of([part for column in columns for part in parts(column)])
    read = decoder(entity, struct("Invoice", fields))
    connection = null.connected(what)
    cpu_s, records = 0.0, 0
    for start in range(1, what["rows"] + 1, null.PAGE):
        packed = null.page(connection, what, start)
        began = time.process_time()
        page = read.decode(zlib.decompress(packed, wbits=31))
        cpu_s += time.process_time() - began
        records += len(page.held.records)
    assert records == what["rows"]
    return round(cpu_s, 3)


if __name__ == "__main__":
    main()
