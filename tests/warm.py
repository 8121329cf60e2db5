"""What every child that runs commands needs, made once in what children are forked from.

Imported by a fork server; what is given in a child takes the time of the command alone.
"""

import alembic.command
import alembic.environment
import alembic.script

import hub.store.migrations
from dsd import shared_structures
from hub.main import command_line

__all__ = ["alembic", "hub"]

for command in command_line().commands.values():
    list(getattr(command, "commands", {}).values())
shared_structures()
