"""SDMX-JSON data messages, read into columns: versions 1.0, 2.0 and 2.1.

A text (`text`), of which only a window is held, is checked in one pass (`scan`) that leaves series
and observations undecoded and tells where their pieces are (`document`). What their indices mean
is read first (`frame`, `values`), then they are decoded piece by piece (`pieces`) and become
columns (`rows`); `places` finds the pointer of a row again; `reader` puts it together.
"""

from hub.formats.json.reader import read_json

__all__ = ["read_json"]
