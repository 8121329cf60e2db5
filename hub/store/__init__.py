"""Where releases live: the catalogue says what exists, the lake holds it."""

from hub.store.catalogue import Catalogue, Clock, system_clock
from hub.store.facts import ReleaseFacts, facts_of_table
from hub.store.home import init_home, open_store
from hub.store.lake import Lake
from hub.store.releases import NewSlice, flow_name
from hub.store.store import Store
from hub.store.upgrade import upgrade

__all__ = [
    "Catalogue",
    "Clock",
    "Lake",
    "NewSlice",
    "ReleaseFacts",
    "Store",
    "facts_of_table",
    "flow_name",
    "init_home",
    "open_store",
    "system_clock",
    "upgrade",
]
