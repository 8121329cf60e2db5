"""The worker: it harvests partners at their times, derives what follows, and sweeps."""

from federation.worker.announcing import Listener, read_listeners
from federation.worker.events import Event, Tell
from federation.worker.run import Abandoned, Worker
from federation.worker.timing import Leave, Rhythm, Times, first_due, next_times

__all__ = [
    "Abandoned",
    "Event",
    "Leave",
    "Listener",
    "Rhythm",
    "Tell",
    "Times",
    "Worker",
    "first_due",
    "next_times",
    "read_listeners",
]
