"""SDMX-ML data messages, read into columns: 2.1 generic and structure-specific, 3.0 and 3.1.

A document is walked through as it streams by (`walk`), by rules for the header (`header`), for
structure-specific (`specific`) and generic (`generic`) data sets and for what services say
(`statuses`). Elements of each level become columns (`columns`), and these the rows of the message
(`collected`).
"""

from hub.formats.ml.reader import read_ml

__all__ = ["read_ml"]
