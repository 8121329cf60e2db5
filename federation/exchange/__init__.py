"""Exchange without a network: what a node publishes as one file, and taking it elsewhere."""

from federation.exchange.contents import Bundle, opened
from federation.exchange.manifest import (
    MANIFEST,
    METADATA,
    NODE,
    STRUCTURES,
    BundledFlow,
    Manifest,
    data_name,
)
from federation.exchange.pack import Packed, pack
from federation.exchange.taking import ImportReport, take

__all__ = [
    "MANIFEST",
    "METADATA",
    "NODE",
    "STRUCTURES",
    "Bundle",
    "BundledFlow",
    "ImportReport",
    "Manifest",
    "Packed",
    "data_name",
    "opened",
    "pack",
    "take",
]
