"""Python's collector of garbage, set for programs that import much and make many objects at once.

Looking through everything imported takes a tenth of a second, again and again, and finds nothing.
"""

from __future__ import annotations

import gc

#: So many more objects than before make the collector look at the youngest.
_YOUNG = 10_000


def spare_collections() -> None:
    """What there is now stays, and is not looked through any more; the rest is, less often.

    Once in a process: what is garbage by then stays, too.
    """
    if not gc.get_freeze_count():
        gc.freeze()
        gc.set_threshold(_YOUNG, *gc.get_threshold()[1:])
