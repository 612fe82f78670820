"""What a member must be for what: the one table of rights. Pure.

docs/roles.md shows it by address; a test tries every cell.
"""

from __future__ import annotations

import enum

from counterfoil.core.people import Role


class Action(enum.Enum):
    """What somebody can do with a company, or with an export that reads it."""

    SEE = "see the company and its members"
    RUN = "run an export that is there"
    READ = "read what an export is made of"
    LEAVE = "leave the company"
    RECONNECT = "ask QuickBooks for a new consent"
    EXPORT = "make an export"
    SAVE = "save, change, adopt and delete exports"
    FREEZE = "freeze a table, or unfreeze it"
    COPY = "copy a table as it is"
    RENAME = "rename the company here"
    SHARE = "invite, change roles, remove members"
    DISCONNECT = "pause or delete the company"


NEEDS = {
    Action.SEE: Role.REFRESHER,
    Action.RUN: Role.REFRESHER,
    Action.READ: Role.REFRESHER,
    Action.COPY: Role.REFRESHER,
    Action.LEAVE: Role.REFRESHER,
    # Whoever brings a consent has shown to Intuit that they are an admin of the company.
    Action.RECONNECT: Role.REFRESHER,
    Action.EXPORT: Role.EDITOR,
    Action.SAVE: Role.EDITOR,
    Action.FREEZE: Role.EDITOR,
    Action.RENAME: Role.OWNER,
    Action.SHARE: Role.OWNER,
    Action.DISCONNECT: Role.OWNER,
}
