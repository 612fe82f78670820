"""What is deleted by itself when its time is over. docs/retention.md lists all that is kept.

Firestore deletes by `expires_at` within about a day (the `ttl` of firestore.indexes.json); on one
machine the hourly tick does. Nobody waits for that: whoever reads such a record looks at the time.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from counterfoil.flows import (
    companies,
    connect,
    cursors,
    hints,
    invitations,
    proofs,
    reminders,
    runs,
)

EXPIRING: Mapping[str, timedelta] = {
    connect.TICKETS: connect.TICKET_LIVES,
    connect.STATES: connect.STATE_LIVES,
    connect.ATTEMPTS: connect.RESULT_KEPT,
    companies.INVITATIONS: invitations.LIVES,
    hints.HINTS: hints.KEPT,
    runs.COLLECTION: runs.KEPT,
    reminders.MAILS: reminders.AGAIN,
    proofs.PROOFS: proofs.PROOF_LIVES,
    cursors.PARKED: cursors.LIFE,
}
