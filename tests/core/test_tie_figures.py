"""The figures that reports are held against each other by, of real reports."""

from __future__ import annotations

from decimal import Decimal

import pytest

from counterfoil.core.reports import parse
from counterfoil.core.tie_figures import Measure, figure
from counterfoil.core.tie_out import NotApplicable
from tests.samples import sample


@pytest.mark.parametrize(
    ("name", "net_income"),
    [
        ("ProfitAndLossDetail", "2194.0"),  # all of it lies in one section
        ("ProfitAndLossDetail_with_options", "-1746.56"),
    ],
)
def test_the_net_income_of_a_detail_is_its_last_total(name: str, net_income: str) -> None:
    table = parse(sample(f"reports/{name}.json"))
    assert figure(table, Measure.BOTTOM) == Decimal(net_income)


def test_a_detail_of_several_sections_with_no_total_after_them_tells_no_net_income() -> None:
    report = sample("reports/ProfitAndLossDetail_with_options.json")
    while "Header" not in report["Rows"]["Row"][-1]:
        report["Rows"]["Row"].pop()
    with pytest.raises(NotApplicable, match="does not end with a total of all of it"):
        figure(parse(report), Measure.BOTTOM)
