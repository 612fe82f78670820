"""The reports for authorities. Pure data."""

from __future__ import annotations

from counterfoil.catalog import report_parameters as p
from counterfoil.core.datasets import Report

TAX_SUMMARY = Report(
    key="tax-summary",
    title="Tax Summary",
    report="TaxSummary",
    parameters=(
        p.AGENCY,
        *p.DATED,
        p.BASIS,
        p.ORDER,
    ),
    not_in=("US",),
)

FEC = Report(
    key="fec",
    title="Fichier des écritures comptables",
    report="FECReport",
    parameters=(
        *p.DATED,
        p.ATTACHMENT,
        p.WITH_IDENTIFIER,
        p.ADD_DUE_DATE,
    ),
    only_in=("FR",),
)

BAS = Report(
    key="business-activity-statement",
    title="Business Activity Statement",
    report="BAS",
    parameters=(*p.DATED, p.BASIS),
    only_in=("AU",),
)
