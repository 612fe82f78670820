"""Account numbers in front of the names of a report's lines, or not. Pure.

QuickBooks shows them in reports where the company wants that; here whoever exports chooses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from counterfoil.core.report_rows import AccountNumbers
from counterfoil.core.reports import LineKind, ReportLine, ReportSection, ReportTable

Part = ReportSection | ReportLine


def account_ids(table: ReportTable, *, of_lines: bool = True) -> list[str]:
    """The ids of the accounts that the report is of, each once; only where accounts make it.

    Not `of_lines` where only sections are accounts: lines of transactions begin with what was
    chosen for the first column, as with customers.
    """
    ids = (
        line.ids[0]
        for line in table.lines
        if line.ids and (of_lines or line.kind is LineKind.SECTION)
    )
    return list(dict.fromkeys(id for id in ids if id))


def labelled(
    table: ReportTable,
    numbers: Mapping[str, str],
    chosen: AccountNumbers,
    *,
    of_lines: bool = True,
) -> ReportTable:
    """With each account's number in front of its name, or without it; `numbers` by id, "" where an
    account has none; `of_lines` as for their ids. Keys stay: they are of ids.
    """
    if chosen is AccountNumbers.AS_SENT:
        return table
    return replace(table, tree=_Labelling(numbers, chosen, of_lines).parts(table.tree))


@dataclass(frozen=True, slots=True)
class _Labelling:
    numbers: Mapping[str, str]
    chosen: AccountNumbers
    of_lines: bool

    def parts(self, parts: Sequence[Part]) -> tuple[Part, ...]:
        return tuple(
            self._section(part)
            if isinstance(part, ReportSection)
            else self._line(part)
            if self.of_lines
            else part
            for part in parts
        )

    def _section(self, section: ReportSection) -> ReportSection:
        head = section.head
        inside, total = self.parts(section.inside), section.total
        new = self._line(head) if head else None
        if head and new and new.label != head.label:
            inside = tuple(
                replace(part, total=_renamed(part.total, head.label, new.label))
                # What was posted to the account itself, beside its sub-accounts.
                if isinstance(part, ReportSection) and part.head is None
                else part
                for part in inside
            )
            total = _renamed(total, head.label, new.label)
        return replace(section, head=new, inside=inside, total=total)

    def _line(self, line: ReportLine) -> ReportLine:
        number = self.numbers.get(line.ids[0] or "") if line.ids else None
        if not number or line.extra:
            return line
        name = line.label.removeprefix(f"{number} ")
        return _named(line, f"{number} {name}" if self.chosen is AccountNumbers.SHOWN else name)


def _renamed(total: ReportLine | None, old: str, new: str) -> ReportLine | None:
    """ "Total Rent", "Total for Rent with sub-accounts", in whatever language: an account's name
    among whole words.
    """
    if total is None:
        return None
    before, found, after = f" {total.label} ".rpartition(f" {old} ")
    return _named(total, f"{before} {new} {after}"[1:-1]) if found else total


def _named(line: ReportLine, label: str) -> ReportLine:
    if line.extra or label == line.label:
        return line
    return line._replace(values=(label, *line.values[1:]), texts=(label, *line.texts[1:]))
