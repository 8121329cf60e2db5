"""Where releases live: the catalogue says what exists, the lake holds it."""

from hub.store.catalogue import Catalogue, Clock, system_clock
from hub.store.facts import ReleaseFacts, facts_of_table
from hub.store.history_reading import Changes, Part
from hub.store.home import init_home, open_store
from hub.store.lake import Lake
from hub.store.lock import file_lock
from hub.store.releases import NewSlice, flow_name
from hub.store.retention import Forgotten
from hub.store.store import Store
from hub.store.sweep import GRACE, Sweeping, Swept, sweep
from hub.store.upgrade import upgrade

__all__ = [
    "GRACE",
    "Catalogue",
    "Changes",
    "Clock",
    "Forgotten",
    "Lake",
    "NewSlice",
    "Part",
    "ReleaseFacts",
    "Store",
    "Sweeping",
    "Swept",
    "facts_of_table",
    "file_lock",
    "flow_name",
    "init_home",
    "open_store",
    "sweep",
    "system_clock",
    "upgrade",
]
