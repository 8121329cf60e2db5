from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from federation.harvest import harvest_lock
from hub.errors import Conflict

HOLD = """
import sys, time
from pathlib import Path
from federation.harvest import harvest_lock
with harvest_lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_one_process_at_a_time_and_a_killed_one_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "harvest.lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE, text=True
    ) as other:
        try:
            assert other.stdout is not None
            assert other.stdout.readline() == "held\n"
            with (
                pytest.raises(Conflict, match="another harvest of this node is running"),
                harvest_lock(path),
            ):
                pass
        finally:
            other.kill()
    with harvest_lock(path):
        pass
    with harvest_lock(path):
        pass
