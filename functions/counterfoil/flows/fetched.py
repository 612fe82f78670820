"""A report as it was read, before it is laid out."""

from __future__ import annotations

from dataclasses import dataclass

from counterfoil.core.proof import Proof
from counterfoil.core.reports import ReportTable


@dataclass(frozen=True, slots=True)
class Fetched:
    """What QuickBooks sent, which adds up; any number of layouts can be made of it."""

    table: ReportTable
    proof: Proof
