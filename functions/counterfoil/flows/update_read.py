"""How the rows of a full read come to a block: in place of all there is, or laid by key."""

from __future__ import annotations

from counterfoil.core import blocks, patches
from counterfoil.core.blocks import Layout, Target
from counterfoil.core.digest import Digest
from counterfoil.core.operations import EncodedRows, Operation
from counterfoil.core.patches import Leaving
from counterfoil.core.tally import Tally
from counterfoil.flows.choices import EntityChoice, Mode, key_column


def laid(
    choice: EntityChoice,
    layout: Layout,
    target: Target,
    digest: Digest,
    tally: Tally,
    rows: EncodedRows | None,
) -> tuple[Operation, ...]:
    """The operations that end a run. Without `rows` they wait on the run's stage.

    A block that was never written has no rows to lay others over.
    """
    if choice.mode is Mode.UPDATE and not target.new:
        found = (blocks.stage_found(layout, target.run, digest, tally),) if rows is None else ()
        by_key = patches.whole(
            layout,
            target,
            key=digest.as_json(with_key=True)["key"],
            key_columns=[key_column(choice.columns, choice.lines)],
            rows=rows,
            tally=tally,
            leaving=Leaving(gone=patches.gone_title(target.title)),
        )
        return (*found, *by_key)
    if rows is None:
        return blocks.staged_end(layout, target, digest, tally)
    return blocks.direct(layout, rows, target, digest, tally)
