"""What every child needs, made once in the process that children are forked from."""

import alembic.command
import alembic.environment
import alembic.script

import hub.main
import hub.store.migrations
import tests.hostile.watched
from dsd import shared_structures

__all__ = ["alembic", "hub", "tests"]

shared_structures()
