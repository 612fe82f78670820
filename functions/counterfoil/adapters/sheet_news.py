"""What a run did to a table, for the person: how many rows of each kind, and which the first are.
Pure.

docs/operations.md ("Patches", "What a replacement changed"); the add-on's half is addon/News.js and
addon/Replaced.js.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# In this order rows are listed, and no more of them than this.
NEWS = ("new", "changed", "removed", "left", "marked", "gone")
MOST_LISTED = 20

Listed = list[list[str]]  # each a word, and the cells by which people know the row


@dataclass(frozen=True, slots=True)
class Replaced:
    """`counts` of "new", "changed" and "gone" rows; no "changed" where the columns are others."""

    counts: Mapping[str, int]
    news: Listed

    def told(self) -> Listed:
        return told_rows(self.counts, self.news, sum(self.counts.values()))


def told_rows(counts: Mapping[str, int], listed: Sequence[list[str]], total: int) -> Listed:
    """For the log tab: how many there are of each, and below it the list; nothing for nothing."""
    if not total:
        return []
    more = total - MOST_LISTED
    line = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
    return [[line], *listed, *([[f"and {more} more"]] if more > 0 else [])]
