"""A PostgreSQL server of the tests' own, started from installed binaries."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

_INSTALLED = Path("/usr/lib/postgresql")  # where Debian puts it, outside of PATH
_USER = "corridor"


def binaries() -> Path:
    """The folder of `initdb` and `postgres`; skips the test where they are missing."""
    on_path = shutil.which("initdb")
    if on_path is not None:
        return Path(on_path).resolve().parent
    found = sorted(_INSTALLED.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        pytest.skip("PostgreSQL is not installed (no initdb)")
    return found[-1].parent


def _unprivileged() -> dict[str, Any]:
    """How to start a process as somebody else, where the tests run as root: initdb refuses root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    pytest.skip("PostgreSQL does not run as root, and there is no user postgres or nobody")


@contextmanager
def server() -> Iterator[str]:
    """A running server; gives the URL of its first database."""
    pytest.importorskip("pg8000", reason="the driver of PostgreSQL is not installed")
    folder, somebody = binaries(), _unprivileged()
    with tempfile.TemporaryDirectory(prefix="corridor-pg-", ignore_cleanup_errors=True) as parent:
        if somebody:
            os.chown(parent, somebody["user"], somebody["group"])
        data = Path(parent) / "data"
        made = subprocess.run(
            [folder / "initdb", "-D", data, "-U", _USER, "--auth=trust", "-E", "UTF8", "--locale=C",
             "--no-sync"],
            capture_output=True, text=True, check=False, cwd=parent, **somebody,
        )  # fmt: skip
        assert made.returncode == 0, made.stderr
        with socket.socket() as chosen:
            chosen.bind(("127.0.0.1", 0))
            port = chosen.getsockname()[1]
        process = subprocess.Popen(
            [folder / "postgres", "-D", data, "-p", str(port), "-k", parent,
             "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=parent, **somebody,
        )  # fmt: skip
        try:
            _wait(port, process)
            yield f"postgresql+pg8000://{_USER}@127.0.0.1:{port}/postgres"
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    import pg8000.dbapi

    for _ in range(200):
        assert process.poll() is None, "the server ended"
        try:
            pg8000.dbapi.connect(_USER, host="127.0.0.1", port=port, database="postgres").close()
        except pg8000.dbapi.Error:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server does not answer")


def new_database(url: str) -> str:
    """Make an empty database on a server; gives its URL."""
    import sqlalchemy as sa

    name = f"node_{uuid.uuid4().hex[:12]}"
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE template0")
    finally:
        engine.dispose()
    return url.rpartition("/")[0] + "/" + name
