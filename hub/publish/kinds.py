"""What a change is, as a number; nothing for an observation that stays as it was."""

from __future__ import annotations

import pyarrow as pa

from hub.store.parquet import ADDED, REVISED, WITHDRAWN

#: The words of deltas, by these numbers.
KINDS = pa.array([ADDED, REVISED, WITHDRAWN])
IS_ADDED, IS_REVISED, IS_WITHDRAWN = range(3)
