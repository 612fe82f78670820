"""How long each part of a refresh may take, so that all of it fits into its lease. Pure.

A lease that ends while its holder asks or stores is a race for the token. Each bound is used
where the time is spent: adapters cannot wait longer, and the flow begins nothing that would not
end in time. tests/core/test_refresh_times.py does the sums.
"""

from __future__ import annotations

from datetime import timedelta

# Of the token endpoint, connecting included. Intuit ends a request after 120 s, and a client that
# gives up earlier loses the token that Intuit has just rotated.
TOKEN_CALL_S = 120.0
# The discovery document, which is fetched before the lease is taken.
DISCOVERY_S = 15.0
# One call of a store, with everything that its adapter repeats.
STORE_CALL_S = 13.0

LEASE_LASTS = timedelta(seconds=150)

# After the question the refresh token is stored, then the record that points at it: at least one
# whole call for each, more while the lease lasts. What is left before the question.
STORES_S = 2 * STORE_CALL_S
RENEWED_WITHIN_S = LEASE_LASTS.total_seconds() - TOKEN_CALL_S - STORES_S

# From the beginning of a flight, waiting for another holder included, until its last question
# begins. One that comes too late asks nothing and is tried again.
ASKED_WITHIN_S = 20.0
# Whoever waits so long hears the end: until then an instance in the cloud keeps its processor.
FLIGHT_S = ASKED_WITHIN_S + LEASE_LASTS.total_seconds()

# Of the function that only refreshes (docs/deploy.md). What begins in a tick reads the company
# first and tidies up after the flight.
FUNCTION_S = 300.0
BEGUN_WITHIN_S = FUNCTION_S - FLIGHT_S - 3 * STORE_CALL_S
