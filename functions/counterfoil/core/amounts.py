"""Amounts of a page whose sum is known before any of them is made. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import overload


class Summed(Sequence[Decimal]):
    """So many exact amounts, made when somebody asks for one. Their sum has as many decimals as the
    one with the most of them.
    """

    __slots__ = ("_count", "_made", "_make", "sum")

    def __init__(self, count: int, sum: Decimal, make: Callable[[], list[Decimal]]) -> None:
        self.sum = sum
        self._count = count
        self._make = make
        self._made: list[Decimal] | None = None

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> Decimal: ...
    @overload
    def __getitem__(self, place: slice) -> list[Decimal]: ...
    def __getitem__(self, place: int | slice) -> Decimal | list[Decimal]:
        if self._made is None:
            self._made = self._make()
        return self._made[place]
