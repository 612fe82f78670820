"""A company that somebody leaves for good or for a time, and what is kept then."""

from __future__ import annotations

from counterfoil.core.people import User
from counterfoil.flows.leaving import What
from tests.flows.world import ANA, World

PAUSE, DELETE = What.PAUSE, What.DELETE


EVERYTHING = ("connections", "members", "grants", "exporters", "uses", "realms", "invitations")


def left(world: World, connection_id: str, what: What, user: User = ANA) -> None:
    """Left with the confirmation that was asked for."""
    confirm = world.disconnect.preview(user, connection_id, what).confirm
    world.disconnect.leave(user, connection_id, what, confirm=confirm)


def kept(world: World, *collections: str) -> dict[str, int]:
    return {name: len(world.records.all(name)) for name in collections}
