"""Emigrants from partners' immigrant stocks (METHODS B.1, docs/methods.md)."""

from federation.mirror.columns import MIRROR_SCHEMA
from federation.mirror.emigrants import derive_emigrants
from federation.mirror.options import METHOD_VERSION, Interpolation, MirrorOptions
from federation.mirror.reports import target_years
from federation.mirror.result import EmigrantsResult
from federation.mirror.vocabulary import define_vocabulary, regions_of

__all__ = [
    "METHOD_VERSION",
    "MIRROR_SCHEMA",
    "EmigrantsResult",
    "Interpolation",
    "MirrorOptions",
    "define_vocabulary",
    "derive_emigrants",
    "regions_of",
    "target_years",
]
