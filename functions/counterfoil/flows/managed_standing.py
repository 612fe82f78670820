"""How far the ticks of managed refresh have come: one record, which each tick writes."""

from __future__ import annotations

MANAGED, TICK = "managed", "tick"
