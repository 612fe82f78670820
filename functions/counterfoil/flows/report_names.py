"""The names that a report is narrowed by, as the ids that QuickBooks takes."""

from __future__ import annotations

from dataclasses import replace

from counterfoil.catalog.shown_names import lists_at
from counterfoil.flows.chosen import ReportChoice
from counterfoil.flows.filter_names import looked_up, names_of, nobody
from counterfoil.flows.ports import Company


def with_names(company: Company, choice: ReportChoice) -> ReportChoice:
    """Its parameters with the ids, of all names of a list by one call.

    Raises BadRequest that names what nobody or more than one is called, and its cell; what a call
    raises.
    """
    if not choice.narrowed:
        return choice
    keys, tests = zip(*choice.narrowed, strict=True)
    ids = {}
    for key, test, found in zip(keys, tests, looked_up(company, tests), strict=True):
        for name in names_of(test):
            if name not in found:
                raise nobody(test, name, "this company")
        ids[key] = ",".join(dict.fromkeys(found[name] for name in names_of(test)))
    return replace(choice, parameters={**choice.parameters, **ids}, narrowed=())


def calls_to_name(choice: ReportChoice) -> int:
    """How many lists are asked."""
    return len({of for _, test in choice.narrowed for of in lists_at(test.paths)})
