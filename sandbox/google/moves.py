"""Where cells, references and named ranges lie after rows or columns came, went or moved. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sandbox.google.a1 import Rect, Reference

# The new [start, end) of an old one; None when all of it is gone.
Move = Callable[[int, int], tuple[int, int] | None]

_OPEN = 1 << 40  # stands for the end of an open reference such as A2:A


def inserted(at: int, count: int) -> Move:
    """Before `at`. What comes at a range's start pushes it on, at its end it does not join."""

    def move(start: int, end: int) -> tuple[int, int]:
        return start + count if at <= start else start, end + count if at < end else end

    return move


def deleted(at: int, count: int) -> Move:
    def move(start: int, end: int) -> tuple[int, int] | None:
        if start >= at and end <= at + count and end > start:
            return None
        return (
            start if start <= at else max(at, start - count),
            end if end <= at else max(at, end - count),
        )

    return move


def carried(at: int, count: int, to: int) -> Move:
    """[at, at + count) goes to before `to`. A range that would be torn stays where it is."""
    low, high = min(at, to), max(at + count, to)
    shift = to - at if to < at else to - at - count  # of what is carried
    back = count if to < at else -count  # of what it passes

    def move(start: int, end: int) -> tuple[int, int]:
        if start >= at and end <= at + count:
            return start + shift, end + shift
        if start >= low and end <= high and (end <= at or start >= at + count):
            return start + back, end + back
        return start, end

    return move


def moved_rect(rect: Rect, axis: str, move: Move) -> Rect | None:
    if axis == "ROWS":
        span = move(rect.row, rect.end_row)
        return Rect(span[0], rect.column, span[1] - span[0], rect.columns) if span else None
    span = move(rect.column, rect.end_column)
    return Rect(rect.row, span[0], rect.rows, span[1] - span[0]) if span else None


def moved_reference(old: Reference, axis: str, move: Move) -> Reference | None:
    if axis == "ROWS":
        if old.row == 0 and old.end_row is None:
            return old
        span = move(old.row, _OPEN if old.end_row is None else old.end_row)
        if span is None:
            return None
        return replace(old, row=span[0], end_row=None if old.end_row is None else span[1])
    if old.column == 0 and old.end_column is None:
        return old
    span = move(old.column, _OPEN if old.end_column is None else old.end_column)
    if span is None:
        return None
    return replace(old, column=span[0], end_column=None if old.end_column is None else span[1])
