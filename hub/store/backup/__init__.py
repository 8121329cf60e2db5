"""A node as a folder of plain files that can be kept elsewhere, and a node made from it again.

    manifest.json             what the backup is of, and every file with its length and SHA-256;
                              written last, so that what it names is there
    catalogue-….jsonl         the catalogue, a row a line, as one transaction saw it
    lake/data, lake/raw       the files of the lake that the catalogue needs, under their hashes

Nothing of it depends on the database the catalogue was in: a node over SQLite may be restored over
PostgreSQL.
"""

from hub.store.backup.findings import Damage
from hub.store.backup.make import Backup, make_backup
from hub.store.backup.restore import Restored, restore_backup
from hub.store.backup.verify import Verified, verify_backup, verify_store

__all__ = [
    "Backup",
    "Damage",
    "Restored",
    "Verified",
    "make_backup",
    "restore_backup",
    "verify_backup",
    "verify_store",
]
