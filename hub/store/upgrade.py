"""Bring a catalogue to the revision this code expects."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

from hub.store.catalogue import REVISION, Catalogue


def upgrade(catalogue: Catalogue) -> None:
    """Run the migrations a catalogue lacks, all in one transaction."""
    with catalogue.writing() as connection:
        upgrade_within(connection)


def upgrade_within(connection: Connection, revision: str = REVISION) -> None:
    """Run the migrations up to a revision as part of a transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
