"""SDMX-JSON data messages, read into columns: versions 1.0, 2.0 and 2.1.

The document is checked in one pass that leaves series and observations undecoded (`document`);
what their indices mean is read first (`frame`, `values`), then they are decoded some thousands at
a time (`pieces`) and become columns (`rows`); `reader` puts it together.
"""

from hub.formats.json.reader import read_json

__all__ = ["read_json"]
