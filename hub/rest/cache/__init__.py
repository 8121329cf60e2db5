"""Rendered answers, kept: small ones in memory, on disk what is large or asked for twice.

A key is a digest of everything an answer is made of, so what is kept never becomes wrong; it is
only ever dropped to make room. A cache that cannot be read or written costs time, never an answer.
"""

from hub.rest.cache.disk import Filling, Stored
from hub.rest.cache.memory import Body
from hub.rest.cache.rendered import RenderedCache
from hub.rest.cache.sweeping import sweep

__all__ = ["Body", "Filling", "RenderedCache", "Stored", "sweep"]
