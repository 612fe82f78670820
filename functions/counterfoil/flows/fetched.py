"""A report as it was read, before it is laid out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from counterfoil.core.proof import Proof
from counterfoil.core.reports import ReportTable


@dataclass(frozen=True, slots=True)
class Fetched:
    """What QuickBooks sent, which adds up; any number of layouts can be made of it. `numbers` of
    its accounts by id, where they were asked for.
    """

    table: ReportTable
    proof: Proof
    numbers: Mapping[str, str] = field(default_factory=dict)
