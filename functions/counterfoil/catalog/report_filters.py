"""What a report can be narrowed by: names of lists, which QuickBooks takes as ids, days that are
not its own, and texts. Pure data.
"""

from __future__ import annotations

from counterfoil.core.datasets import ParameterType, Report
from counterfoil.core.filters import Filter, Kind

_FIRST, _LAST = "start_", "end_"
# By parameter: what a reference to such a record is called, which tells its list.
_REFERENCES = {
    "account": "AccountRef",
    "agency_id": "AgencyRef",
    "class": "ClassRef",
    "customer": "CustomerRef",
    "department": "DepartmentRef",
    "employee": "EmployeeRef",
    "item": "ItemRef",
    "name": "EntityRef",
    "source_account": "AccountRef",
    "term": "TermRef",
    "vendor": "VendorRef",
}


def report_filters(report: Report) -> tuple[Filter, ...]:
    """Names first, then days, then texts. The keys are those of its parameters; of days without the
    end. Texts of a report of ours are no filters: they say what it is made of.
    """
    names = [
        Filter(each.key, each.title, Kind.NAMES, (_REFERENCES[each.key],), required=each.required)
        for each in report.parameters
        if each.type is ParameterType.IDS
    ]
    days = [
        Filter(each.key.removeprefix(_FIRST), each.title.removesuffix(" from"), Kind.DAYS)
        for each in report.parameters
        if each.type is ParameterType.DAY and each.key.startswith(_FIRST)
    ]
    texts = [
        Filter(each.key, each.title, Kind.EXACT)
        for each in report.parameters
        if each.type is ParameterType.TEXT and not report.computed
    ]
    return (*names, *days, *texts)


def ends(filter: Filter) -> tuple[str, str]:
    """The parameters of its first and its last day."""
    return f"{_FIRST}{filter.key}", f"{_LAST}{filter.key}"
