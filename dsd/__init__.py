"""The shared structures of migration statistics: written by hand, a readable file for each.

`concepts.toml` holds the concepts, `MIG_STOCK.toml`, `MIG_FLOW.toml` and `MIG_MIRROR.toml` the
data structures, `dataflows.toml` the dataflows, `constraints.toml` what they may hold,
`agencies.toml` the agencies, `MSD_MIG.toml` the structure of reference metadata with its concepts
and flow; the code lists are in the package `codelists`. Messages are generated from these.
`python -m dsd.check` tells whether all of it is sound.
"""

from dsd.agreements import provision_agreements
from dsd.loading import load_structures, shared_structures

__all__ = ["load_structures", "provision_agreements", "shared_structures"]
