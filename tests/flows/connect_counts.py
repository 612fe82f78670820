"""What connecting has stored, counted."""

from __future__ import annotations

from tests.flows.world import World


def stored(world: World) -> dict[str, int]:
    """How much of a connection is in the stores."""
    kept = {name: len(world.records.all(name)) for name in ("connections", "members", "grants")}
    return kept | {"secrets": sum(len(versions) for versions in world.secrets.kept.values())}


NOTHING = {"connections": 0, "members": 0, "grants": 0, "secrets": 0}
