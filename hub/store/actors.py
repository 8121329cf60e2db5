"""Who does something at the command line: the holder of a key, else a user of the system."""

from __future__ import annotations

import getpass
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from hub.store.catalogue import Catalogue
from hub.store.keys import Right, authenticate

KEY, USER = "key", "user"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody: `id` is that of a key, or the name of a user of the operating system."""

    kind: str
    id: str
    name: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.id}{f' ({self.name})' if self.name else ''}"

    def row(self) -> dict[str, str]:
        """As the catalogue keeps it."""
        return asdict(self)


def actor_from(row: Mapping[str, str]) -> Actor:
    """An actor as the catalogue kept it."""
    return Actor(row["kind"], row["id"], row["name"])


def key_holder(catalogue: Catalogue, token: str, right: Right) -> Actor:
    """The holder of a key with a right; raises what `authenticate` raises, never with the key."""
    key = authenticate(catalogue, token.strip(), right)
    return Actor(KEY, key.id, key.name)


def system_user() -> Actor:
    """The user this process runs as.

    Asked of the system: variables such as USER, which anybody can set, do not count.
    """
    if os.name == "nt":
        return Actor(USER, getpass.getuser())
    import pwd

    number = os.geteuid()
    try:
        return Actor(USER, pwd.getpwuid(number).pw_name)
    except KeyError:  # as in a container: a number without a name
        return Actor(USER, str(number))
