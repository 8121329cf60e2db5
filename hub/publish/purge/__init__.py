"""Removing what must not exist: a leaked cell, a release that should never have been.

Published figures never change, save here. A purge rewrites every slice version that held what
goes, in the whole history, so that nobody finds it at any instant; tells replicas of it, as a
deletion of the keys; removes the files, the bytes from partners it may have come in, indexes and
rendered answers; and leaves a stub, which is applied again to a node restored from an older backup.
"""

from hub.publish.purge.cells import parse_cell, purge_cells
from hub.publish.purge.release import purge_release
from hub.publish.purge.stubs import apply_again

__all__ = ["apply_again", "parse_cell", "purge_cells", "purge_release"]
