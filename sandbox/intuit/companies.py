"""The companies that the consent page of the sandbox offers."""

from __future__ import annotations

from sandbox.intuit.acme import acme
from sandbox.intuit.birch import birch
from sandbox.intuit.books import DemoBooks
from sandbox.intuit.cedar import cedar
from sandbox.intuit.hostile import hostile


def demo_books() -> DemoBooks:
    """Fresh copies of all of them: a landscaping firm, a hostile one, one in euros, one
    in several currencies.
    """
    return DemoBooks([acme(), hostile(), birch(), cedar()])
