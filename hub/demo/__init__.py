"""A demonstration: eight national nodes and an observatory, in one process, on real figures.

The nodes are illustrative: the figures are UN DESA's, the statistical offices have no part in it.
"""

from hub.demo.exchange import COUNTRIES, OBSERVATORY, Exchange

__all__ = ["COUNTRIES", "OBSERVATORY", "Exchange"]
