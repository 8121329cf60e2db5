"""The seed of a run, the same in all of its workers, and how many requests it makes.

`GENERATED_SEED` is the seed; without it CI has one of its own and every other run draws one.
`GENERATED_URLS` is how many requests are made, by default 2,000, or 10,000 with `CONFORMANCE=all`.
`GENERATED_ONLY` is the number of the one request that is to be made alone.
"""

from __future__ import annotations

import os
import random

#: Workers of a run inherit this environment, and so the seed.
SEED = os.environ.setdefault(
    "GENERATED_SEED", "1" if os.environ.get("CI") else str(random.SystemRandom().randrange(10**9))
)
URLS = int(
    os.environ.get("GENERATED_URLS", "10000" if os.environ.get("CONFORMANCE") == "all" else "2000")
)
ONLY = os.environ.get("GENERATED_ONLY", "")
