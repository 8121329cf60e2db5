"""The places at which a command is killed, by what it does; each name is one promise."""

from __future__ import annotations

from collections.abc import Iterator

from tests.faults.child import Place

_WRITING = {
    "before a file is written": ("hub.store.lake:Lake.put_table", 1, False),
    "after a file is written": ("hub.store.lake:Lake.put_table", 1, True),
    "before a file gets its name": ("hub.store.lake:Lake._place", 1, False),
    "after a file has its name": ("hub.store.lake:Lake._place", 1, True),
    "before a file is synced": ("hub.store.lake:sync_handle", 1, False),
    "before a folder is synced": ("hub.store.lake:sync", 1, False),
}
_COMMITTING = {
    "before the release is committed": ("hub.store.commit:commit", 1, False),
    "before slice versions are inserted": ("hub.store.releases:insert", 1, False),
    "after slice versions are inserted": ("hub.store.releases:insert", 1, True),
    "after the audit trail is told": ("hub.store.catalogue:Catalogue.record", 1, True),
    "after the release is committed": ("hub.store.commit:commit", 1, True),
}
_PLACES: dict[str, dict[str, tuple[str, int, bool]]] = {
    "publish": {
        "after validation": ("hub.publish.validate:validate", 1, True),
        **_WRITING,
        "after the third file is written": ("hub.store.lake:Lake.put_table", 3, True),
        "after all files are written": ("hub.publish.write:write_changes", 1, True),
        **_COMMITTING,
        "before it is told": ("hub.publish.door:_report", 1, False),
    },
    "harvest": {
        "after an attempt is opened": ("hub.store.partners:open_attempts", 1, True),
        "after the attempt of a flow is opened": ("hub.store.partners:open_attempts", 2, True),
        "before bytes are kept": ("federation.harvest.archive:LakeArchive.store", 1, False),
        "after bytes are kept": ("federation.harvest.archive:LakeArchive.store", 1, True),
        "before bytes are archived": ("hub.store.lake:Lake.put_raw", 1, False),
        "after bytes are archived": ("hub.store.lake:Lake.put_raw", 1, True),
        "after an arrival is noted": ("hub.store.arrivals:note_arrivals", 1, True),
        "after the bytes of a flow are kept": (
            "federation.harvest.archive:LakeArchive.store",
            2,
            True,
        ),
        "after the bytes of a flow are archived": ("hub.store.lake:Lake.put_raw", 2, True),
        "before an attempt is closed": ("hub.store.partners:finish_attempts", 1, False),
        "before the attempt of a flow is closed": ("hub.store.partners:finish_attempts", 2, False),
        "after the attempt of a flow is closed": ("hub.store.partners:finish_attempts", 2, True),
        **_COMMITTING,
    },
    "hold": {
        "after it is judged": ("federation.valve.valve:Valve.doubt", 1, True),
        "after what came is kept": ("hub.store.lake:Lake.put_waiting", 1, True),
        "before it is held": ("hub.store.review:hold", 1, False),
        "after it is held": ("hub.store.review:hold", 1, True),
    },
    "accept": {
        "before it is compared": ("federation.valve.review:_prepared", 1, True),
        "after all files are written": ("hub.publish.write:write_changes", 1, True),
        **_COMMITTING,
        "before the acceptance is written": ("hub.store.review:_accept", 1, False),
        "after its attempt is written": ("hub.store.partners:repeat_attempt", 1, True),
        "after the acceptance is written": ("hub.store.review:_accept", 1, True),
    },
    "derive": {
        "before the first flow is handed in": ("federation.derivation.run:_hand_in", 1, False),
        "after the first flow is handed in": ("federation.derivation.run:_hand_in", 1, True),
        "before the second flow is handed in": ("federation.derivation.run:_hand_in", 2, False),
        **_WRITING,
        **_COMMITTING,
    },
    "rollback": {
        "before what was there is read": ("hub.publish.rollback:_prepared", 1, False),
        "after what was there is read": ("hub.publish.rollback:_prepared", 1, True),
        **_WRITING,
        **_COMMITTING,
    },
    "approve": {
        "before it is released": ("hub.publish.waiting:_released", 1, False),
        "after validation": ("hub.publish.validate:validate", 1, True),
        **_WRITING,
        **_COMMITTING,
        "after it is released": ("hub.publish.waiting:_released", 1, True),
    },
    "sweep": {
        "before the history is shortened": ("hub.store.retention:forget", 1, False),
        "after the history is shortened": ("hub.store.retention:forget", 1, True),
        "before a file is set aside": ("hub.store.sweep_files:set_aside", 1, False),
        "after a file is set aside": ("hub.store.sweep_files:set_aside", 1, True),
        "after facts are cleared": ("hub.store.retention:clear_facts", 1, True),
        "before a file is removed": ("hub.store.sweep_files:remove", 1, False),
        "after a file is removed": ("hub.store.sweep_files:remove", 1, True),
        "before it is told": ("hub.store.sweep:_record", 1, False),
    },
    "backup": {
        "after the catalogue is written": ("hub.store.backup.rows:write_rows", 1, True),
        "before a file is copied": ("hub.store.backup.make:_copied", 1, False),
        "after a file is copied": ("hub.store.backup.make:_copied", 1, True),
        "before the manifest is written": ("hub.store.backup.manifest:write_manifest", 1, False),
        "after the manifest is written": ("hub.store.backup.manifest:write_manifest", 1, True),
        "after old files are removed": ("hub.store.backup.make:_remove_others", 1, True),
    },
    "restore": {
        "after the backup is looked through": (
            "hub.store.backup.restore:_refuse_damaged",
            1,
            True,
        ),
        "before rows are inserted": ("hub.store.backup.rows:read_rows", 1, False),
        "after rows are inserted": ("hub.store.backup.rows:read_rows", 1, True),
        "before the home gets its name": ("hub.store.backup.restore:_move_aside", 1, False),
        "after the old home moved aside": ("hub.store.backup.restore:_move_aside", 1, True),
    },
    "purge": {
        "after a file is written": ("hub.store.lake:Lake.put_table", 1, True),
        "after all files are written": ("hub.store.purges:write_purge", 1, False),
        "before it is committed": ("hub.store.purges:write_purge", 1, True),
        "before files are removed": ("hub.store.purges:finish_purges", 1, False),
        "before the stub is written": ("hub.store.purges:write_stubs", 1, False),
        "after the stub is written": ("hub.store.purges:write_stubs", 1, True),
    },
    "upgrade": {
        "before the first step": ("alembic.command:upgrade", 1, False),
        "after a column is added": ("alembic.op:add_column", 1, True),
        "before a table is made": ("alembic.op:create_table", 1, False),
        "after a table is made": ("alembic.op:create_table", 2, True),
        "before it is committed": ("alembic.command:upgrade", 1, True),
    },
}


def places() -> Iterator[tuple[str, str, Place]]:
    """Each scene with the name of a place in it, and the place."""
    for scene, named in _PLACES.items():
        for name, place in named.items():
            yield scene, name, Place(*place)
