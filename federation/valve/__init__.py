"""The valve: what a partner sends replaces what it sent, unless a person should look first."""

from federation.valve.judging import Limits, doubts_of, limits_of
from federation.valve.review import Held, accept, difference_of, held_as, held_here, reject
from federation.valve.valve import Valve

__all__ = [
    "Held",
    "Limits",
    "Valve",
    "accept",
    "difference_of",
    "doubts_of",
    "held_as",
    "held_here",
    "limits_of",
    "reject",
]
