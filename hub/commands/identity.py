"""Who runs a command that changes figures: the holder of a key, else a user of the system."""

from __future__ import annotations

from typing import Annotated

import typer

from hub.store import Store
from hub.store.actors import Actor, key_holder, system_user
from hub.store.keys import Right

Key = Annotated[
    str,
    typer.Option(
        "--key",
        envvar="CORRIDOR_KEY",
        help="Who does this, by a key. Others on the machine may see options: better the variable.",
        show_default=False,
        show_envvar=True,
    ),
]
Note = Annotated[
    str, typer.Option(help="What changed and why, in words for readers.", show_default=False)
]


def actor_of(store: Store, key: str, right: Right) -> Actor:
    """The holder of a key with a right; without a key, the user this runs as.

    Raises NotAuthenticated or Forbidden for a key that does not do.
    """
    return key_holder(store.catalogue, key, right) if key else system_user()
