"""Account numbers in front of the names of a report's lines, or not. Pure.

QuickBooks shows them in reports where the company wants that; here whoever exports chooses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from counterfoil.core.report_rows import AccountNumbers
from counterfoil.core.reports import ReportLine, ReportSection, ReportTable

Part = ReportSection | ReportLine


def account_ids(table: ReportTable) -> list[str]:
    """The ids of the accounts that lines are of, each once; only where accounts make the lines."""
    return list(dict.fromkeys(line.ids[0] for line in table.lines if line.ids and line.ids[0]))


def labelled(table: ReportTable, numbers: Mapping[str, str], chosen: AccountNumbers) -> ReportTable:
    """With each account's number in front of its name, or without it; `numbers` by id, "" where an
    account has none. Keys stay: they are of ids.
    """
    if chosen is AccountNumbers.AS_SENT:
        return table
    return replace(table, tree=_parts(table.tree, numbers, chosen))


def _parts(
    parts: Sequence[Part], numbers: Mapping[str, str], chosen: AccountNumbers
) -> tuple[Part, ...]:
    return tuple(
        _line(part, numbers, chosen)
        if isinstance(part, ReportLine)
        else _section(part, numbers, chosen)
        for part in parts
    )


def _section(
    section: ReportSection, numbers: Mapping[str, str], chosen: AccountNumbers
) -> ReportSection:
    head, total = section.head, section.total
    new = _line(head, numbers, chosen) if head else None
    if head and new and total and total.label.endswith(head.label) and head.label:
        # "Total Rent", in whatever language: its name ends with that of the account.
        start = total.label[: len(total.label) - len(head.label)]
        total = _named(total, start + new.label)
    inside = _parts(section.inside, numbers, chosen)
    return replace(section, head=new, inside=inside, total=total)


def _line(line: ReportLine, numbers: Mapping[str, str], chosen: AccountNumbers) -> ReportLine:
    number = numbers.get(line.ids[0] or "") if line.ids else None
    if not number or line.extra:
        return line
    name = line.label.removeprefix(f"{number} ")
    return _named(line, f"{number} {name}" if chosen is AccountNumbers.SHOWN else name)


def _named(line: ReportLine, label: str) -> ReportLine:
    if line.extra or label == line.label:
        return line
    return line._replace(values=(label, *line.values[1:]), texts=(label, *line.texts[1:]))
