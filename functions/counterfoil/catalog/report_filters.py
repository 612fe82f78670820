"""What a report can be narrowed by: names of lists, which QuickBooks takes as ids. Pure data."""

from __future__ import annotations

from counterfoil.core.datasets import ParameterType, Report
from counterfoil.core.filters import Filter, Kind

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
    """Those with names, in the order of its parameters; the keys are theirs."""
    return tuple(
        Filter(each.key, each.title, Kind.NAMES, (_REFERENCES[each.key],), required=each.required)
        for each in report.parameters
        if each.type is ParameterType.IDS
    )
