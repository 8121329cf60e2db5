"""Keys: what a caller presents to be allowed to change something at a node.

A key is spelt `corridor_<id>_<secret>`. The id finds the row, the secret proves that the caller
has the key; of the secret only a digest is kept, so what is in the catalogue, its backups and its
logs opens nothing. A key has the rights it was made with and no others.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import RowMapping, select, update

from hub.errors import BadRequest, Forbidden, NotAuthenticated, NotFound
from hub.store.catalogue import Catalogue
from hub.store.tables import keys

_SPELT = re.compile(r"corridor_([0-9a-f]{12})_([A-Za-z0-9_-]{43})", re.ASCII)
_SECRET_BYTES = 32
_MOST_NAME = 200
#: `last_used` is right to this: a write for each request would cost more than it tells.
_USED_WITHIN = timedelta(minutes=1)


class Right(StrEnum):
    """What a key may allow; the words are those of the command line and of the catalogue.

    A word in the catalogue that is none of these, from a later version of the program, allows
    nothing.
    """

    STRUCTURES = "structures"
    REGISTRATIONS = "registrations"
    PUBLISH = "publish"
    APPROVE = "approve"
    NOTIFY = "notify"
    STATUS = "status"

    @property
    def about(self) -> str:
        """What its holder may do."""
        return _ABOUT[self]


_ABOUT = {
    Right.STRUCTURES: "create, replace and delete structures",
    Right.REGISTRATIONS: "register where data is, and change and remove registrations",
    Right.PUBLISH: "hand in figures under its name, and roll releases back",
    Right.APPROVE: "release what others handed in, or reject it",
    Right.NOTIFY: "announce releases of the partners it is made for, which are then harvested soon",
    Right.STATUS: "see how the exchange with partners stands, and the metrics of the node",
}
#: How the catalogue has a partner for which a key may announce releases; `*` is every partner.
_OF_PARTNER = f"{Right.NOTIFY}:"
EVERY_PARTNER = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What a node knows of a key, its secret apart. Instants are in UTC.

    `partners` are those for which it may announce releases, where it has the right to.
    """

    id: str
    name: str
    rights: tuple[Right, ...]
    partners: tuple[str, ...] = ()
    created: datetime
    expires: datetime | None = None
    revoked: datetime | None = None
    last_used: datetime | None = None

    def may_announce(self, partner: str) -> bool:
        """True where it may announce releases of a partner."""
        named = partner in self.partners or EVERY_PARTNER in self.partners
        return Right.NOTIFY in self.rights and named

    def state(self, now: datetime) -> str:
        """Whether it opens anything: `active`, `revoked` or `expired`."""
        if self.revoked is not None:
            return "revoked"
        return "expired" if self.expires is not None and self.expires <= now else "active"


def create_key(
    catalogue: Catalogue,
    name: str,
    rights: Iterable[Right],
    expires: datetime | None = None,
    partners: Iterable[str] = (),
) -> tuple[Key, str]:
    """Make a key; returns it and its one full spelling, which is not to be had again.

    `partners` are those for which it may announce releases, `*` stands for all; with none, the
    right to allows nothing. Raises BadRequest for a key without name or rights, or one that has
    expired already.
    """
    named, granted = name.strip(), tuple(sorted(set(rights)))
    if not named or len(named) > _MOST_NAME or not named.isprintable():
        raise BadRequest(
            f"a key needs a name of at most {_MOST_NAME} characters that says who holds it, for "
            "example 'Statistics Sweden'"
        )
    if not granted:
        raise BadRequest(f"a key needs a right, one or more of {', '.join(Right)}")
    named_partners = tuple(dict.fromkeys(partners))
    if named_partners and Right.NOTIFY not in granted:
        raise BadRequest(f"partners are named for the right '{Right.NOTIFY}': grant it as well")
    words = [*granted, *(f"{_OF_PARTNER}{partner}" for partner in named_partners)]
    id_, secret = secrets.token_hex(6), secrets.token_urlsafe(_SECRET_BYTES)
    with catalogue.writing() as connection:
        at = catalogue.stamp(connection)
        if expires is not None and expires <= at:
            raise BadRequest(f"the key would have expired at {expires.isoformat()} already")
        row = {"id": id_, "name": named, "rights": words, "digest": _digest(secret)}
        connection.execute(keys.insert().values(**row, created=at, expires=expires))
        catalogue.record(connection, at, "key create", id_, name=named, rights=words)
    key = Key(
        id=id_, name=named, rights=granted, partners=named_partners, created=at, expires=expires
    )
    return key, f"corridor_{id_}_{secret}"


def all_keys(catalogue: Catalogue) -> list[Key]:
    """Every key there was, oldest first."""
    with catalogue.reading() as connection:
        rows = connection.execute(select(keys).order_by(keys.c.created)).mappings()
        return [_key(row) for row in rows]


def revoke_key(catalogue: Catalogue, id_: str) -> Key:
    """End a key for ever, named by its id or whole; a revoked one stays as it is.

    Raises NotFound.
    """
    spelt = _SPELT.fullmatch(id_)
    named = spelt[1] if spelt else id_
    query = select(keys).where(keys.c.id == named)
    with catalogue.writing() as connection:
        at = catalogue.stamp(connection)
        row = connection.execute(query).mappings().first()
        if row is None:
            # not the whole of what was given: it may be a key, miscopied
            raise NotFound(f"there is no key with the id {named[:12]}: see 'corridor key list'")
        if row["revoked"] is None:
            connection.execute(update(keys).where(keys.c.id == named).values(revoked=at))
            catalogue.record(connection, at, "key revoke", named, name=row["name"])
            row = connection.execute(query).mappings().one()
    return _key(row)


def authenticate(catalogue: Catalogue, token: str, right: Right) -> Key:
    """The key a token is, where it has a right.

    Raises NotAuthenticated for what is no valid key, Forbidden where it lacks the right; neither
    repeats the token.
    """
    spelt = _SPELT.fullmatch(token)
    row = _row(catalogue, spelt[1]) if spelt else None
    # One comparison in constant time; where no row is found there is nothing to compare with, and
    # an id is no secret.
    if spelt is None or row is None or not hmac.compare_digest(row["digest"], _digest(spelt[2])):
        raise NotAuthenticated("this key is not known here: check that it was copied whole")
    key, now = _key(row), catalogue.now()
    state = key.state(now)
    if state != "active":
        raise NotAuthenticated(f"key {key.id} is {state}: ask the operator for another one")
    if right not in key.rights:
        raise Forbidden(
            f"key {key.id} does not allow to {right.about}: ask the operator for a key with the "
            f"right '{right}'"
        )
    _note_use(catalogue, key, now)
    return key


def _row(catalogue: Catalogue, id_: str) -> RowMapping | None:
    with catalogue.reading() as connection:
        return connection.execute(select(keys).where(keys.c.id == id_)).mappings().first()


def _note_use(catalogue: Catalogue, key: Key, now: datetime) -> None:
    """Remember when a key was used last; readers see nothing of it, so no instant is stamped."""
    if key.last_used is not None and now - key.last_used < _USED_WITHIN:
        return
    with catalogue.writing() as connection:
        connection.execute(update(keys).where(keys.c.id == key.id).values(last_used=now))


def _digest(secret: str) -> str:
    # A slow hash with a salt protects what people choose, by making guesses dear. Nobody guesses
    # one of 2^256 secrets drawn at random, however cheap a guess is: plain SHA-256 gives as much
    # protection, and an attacker cannot keep the node busy with hashing.
    return hashlib.sha256(secret.encode()).hexdigest()


def _key(row: RowMapping) -> Key:
    known = {right.value: right for right in Right}
    return Key(
        id=row["id"],
        name=row["name"],
        rights=tuple(known[word] for word in row["rights"] if word in known),
        partners=tuple(
            word.removeprefix(_OF_PARTNER) for word in row["rights"] if word.startswith(_OF_PARTNER)
        ),
        created=row["created"],
        expires=row["expires"],
        revoked=row["revoked"],
        last_used=row["last_used"],
    )
