"""The machine and the versions a run was made with."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path

_PACKAGES = ("duckdb", "pyarrow", "uvicorn", "uvloop", "httptools", "starlette", "pysdmx")
_GIGABYTE = 1_000_000_000


def describe() -> dict[str, object]:
    """Processor, cores, memory, system, Python and packages; load says whether others worked."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory, GB": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / _GIGABYTE),
        "system": platform.platform(),
        "python": platform.python_version(),
        "load": os.getloadavg()[0],
        "versions": {name: version(name) for name in _PACKAGES},
    }


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())
