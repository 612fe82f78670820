"""Whether each line of a transaction has a row, as a person chose."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Any

from counterfoil.core.datasets import Bundles, Headers, LineChoice
from counterfoil.core.errors import BadRequest
from counterfoil.flows.option_values import one_of

OF_LINES = ("headers", "bundles")


class Rows(enum.StrEnum):
    TRANSACTION = "transaction"
    LINE = "line"


def chosen_lines(options: Mapping[str, Any]) -> LineChoice | None:
    if one_of(options, "rows", Rows, Rows.TRANSACTION) is Rows.LINE:
        return LineChoice(
            one_of(options, "headers", Headers, Headers.REPEAT),
            one_of(options, "bundles", Bundles, Bundles.CHILDREN),
        )
    for name in OF_LINES:
        if options.get(name) is not None:
            raise BadRequest(f'"{name}" is for one row per line. Choose those rows.', option=name)
    return None


def kept_lines(lines: LineChoice | None) -> dict[str, str]:
    if lines is None:
        return {}
    return {
        "rows": Rows.LINE.value,
        "headers": lines.headers.value,
        "bundles": lines.bundles.value,
    }
