"""Who asks for a change: keys in the Authorization header (RFC 6750).

Nobody may change anything without a key that has the right to; there is no other way in.
"""

from __future__ import annotations

from hub.errors import CorridorError, Forbidden, NotAuthenticated
from hub.rest.call import Call
from hub.store import Store
from hub.store.keys import Key, Right, authenticate

_REALM = 'Bearer realm="SDMX"'


def authenticated(store: Store, call: Call, right: Right) -> Key:
    """The key a request is made with.

    Raises NotAuthenticated where it has none that is valid, Forbidden where the right is missing.
    """
    given = call.headers.get("authorization")
    scheme, _, token = (given or "").strip().partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise NotAuthenticated(
            f"this needs a key with the right '{right}': send it as 'Authorization: Bearer KEY'; "
            "the operator of the node makes it with 'corridor key create'"
        )
    return authenticate(store.catalogue, token.strip(), right)


def challenge(error: CorridorError, call: Call, right: Right) -> dict[str, str]:
    """The header that tells a refused caller what is missing; none where it is something else."""
    if isinstance(error, Forbidden):
        told = f'{_REALM}, error="insufficient_scope", scope="{right}"'
    elif isinstance(error, NotAuthenticated):
        told = f'{_REALM}, error="invalid_token"' if "authorization" in call.headers else _REALM
    else:
        return {}
    return {"WWW-Authenticate": told}
