"""A report of all dates by year, from the first year on in which there is something. Pure."""

from __future__ import annotations

from dataclasses import replace

from counterfoil.core.report_sums import mapped
from counterfoil.core.reports import ReportLine, ReportTable


def from_first_amount(table: ReportTable) -> ReportTable:
    """Without the columns of periods before the first that holds an amount; all, where none does,
    so that what there is of a report stays a report.
    """
    periods = [place for place, column in enumerate(table.columns) if column.start]
    lines = table.lines
    first = next((at for at in periods if any(line.values[at] for line in lines)), None)
    if first is None or first == periods[0]:
        return table
    kept = [at for at in range(len(table.columns)) if at < periods[0] or at >= first]

    def shown(line: ReportLine) -> ReportLine:
        return line._replace(
            values=tuple(line.values[at] for at in kept),
            texts=tuple(line.texts[at] for at in kept),
            ids=tuple(line.ids[at] for at in kept),
            links=tuple(line.links[at] for at in kept),
        )

    columns = tuple(table.columns[at] for at in kept)
    return replace(table, columns=columns, tree=mapped(table.tree, shown))
