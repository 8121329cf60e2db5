"""How many examples property tests draw: few in every run, many in `make fuzz`."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

#: By how much a campaign multiplies the examples.
EFFORT = int(os.environ.get("FUZZ", "1"))


def examples(count: int) -> settings:
    """So many examples, times the effort."""
    slow = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
    return settings(max_examples=count * EFFORT, deadline=None, suppress_health_check=slow)
