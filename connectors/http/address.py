"""Where a request may go: which URLs are taken, and which network addresses are connected to.

A name is resolved once, every address it has is checked, and the connection is made to a checked
address; so neither an odd spelling of an address nor a name server that changes its answer leads
inside.
"""

from __future__ import annotations

import functools
import re
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import httpx

from hub.errors import BadRequest, Forbidden, PartnerUnavailable

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

#: Resolves (host, port) to addresses in textual form; raises OSError where there is none.
Resolver = Callable[[str, int], Sequence[str]]

URL_LENGTH = 8_000
_NAME = re.compile(r"(?=.{1,254}\Z)[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_.])?")
_TRANSLATED = IPv6Network("64:ff9b::/96")
_COMPATIBLE = IPv6Network("::/96")
#: Where addresses of the public internet are, at all (IANA: global unicast).
_PUBLIC_6 = IPv6Network("2000::/3")
#: What is not reached from everywhere by the IANA registries of special addresses, or has no use
#: any more; `ipaddress` knows more or fewer of them by the version of Python.
_SPECIAL = (
    IPv4Network("192.0.0.0/24"),  # IETF protocols
    IPv4Network("192.88.99.0/24"),  # relays of 6to4
    IPv6Network("2001::/23"),  # IETF protocols, Teredo among them
    IPv6Network("3fff::/20"),  # documentation
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressPolicy:
    """Which addresses may be connected to; by default those of the public internet only.

    `allow_private` adds loopback and private addresses (a demonstration, a network of an office);
    `allowed_networks` adds networks by name, link-local ones too. Multicast is never allowed. With
    `only_named` nothing but those networks is allowed, for what the internet must not overhear.
    """

    allow_private: bool = False
    allowed_networks: tuple[Network, ...] = ()
    only_named: bool = False

    def refusal(self, address: Address) -> str | None:
        """Say what kind of address it is when it is refused; None when it is allowed."""
        inner = _embedded(address)
        if inner.is_multicast:
            return "multicast"
        if any(inner in network for network in self.allowed_networks):
            return None
        kind = _kind(inner)
        if self.only_named:
            return kind or "public"
        if kind in ("loopback", "private") and self.allow_private:
            return None
        return kind

    def check(self, host: str, addresses: Sequence[str]) -> None:
        """Raise Forbidden when any address of a host is not allowed."""
        for text in addresses:
            kind = self.refusal(ip_address(text))
            if kind is not None:
                spelt = f"{host} ({text})" if host != text else text
                if self.only_named:
                    raise Forbidden(
                        f"{spelt} is a {kind} address outside of the networks that the setting "
                        "partner_networks names: write https:// where what is sent is secret"
                    )
                raise Forbidden(
                    f"{spelt} is a {kind} address: this node connects to public addresses only, "
                    "unless its setting partner_networks names their network"
                )


def _embedded(address: Address) -> Address:
    """The IPv4 address that an IPv6 address stands for (mapped, 6to4, NAT64), else itself."""
    if isinstance(address, IPv4Address):
        return address
    found = address.ipv4_mapped or address.sixtofour
    if found is not None:
        return found
    number = int(address)
    if address in _TRANSLATED or (address in _COMPATIBLE and number > 1):
        return IPv4Address(number & 0xFFFFFFFF)
    return address


def _kind(address: Address) -> str | None:
    if address.is_unspecified:
        return "unspecified"
    if address.is_loopback:
        return "loopback"
    if address.is_link_local:
        return "link-local"
    if address.is_reserved:
        return "reserved"
    if isinstance(address, IPv6Address) and address.is_site_local:
        return "private"
    if isinstance(address, IPv6Address) and address not in _PUBLIC_6:
        return "private" if address.is_private else "reserved"
    if any(address.version == one.version and address in one for one in _SPECIAL):
        return "reserved"
    return None if address.is_global else "private"


@functools.lru_cache(maxsize=1_024)  # each address of a partner is looked at several times
def parse_url(text: str) -> httpx.URL:
    """Parse the URL of a partner: http or https, a host, no user information, no fragment.

    Raises BadRequest; nothing is resolved here.
    """
    shown = text[:200]
    if len(text) > URL_LENGTH:
        raise BadRequest(f"a URL of {len(text)} characters is longer than {URL_LENGTH}: {shown}…")
    try:
        url = httpx.URL(text.strip())
    except httpx.InvalidURL as error:
        raise BadRequest(f"'{shown}' is not a URL: {error}") from error
    if url.scheme not in ("http", "https"):
        raise BadRequest(f"'{shown}' does not begin with http:// or https://")
    if url.userinfo:
        raise BadRequest("a partner's URL may not hold a user name or password")
    if not _is_host(url.raw_host.decode("ascii")) or not _is_readable(url):
        raise BadRequest(f"'{shown}' does not name a host: write https://host.example/path")
    if url.port is not None and not 0 < url.port < 65_536:
        raise BadRequest(f"'{shown}': port {url.port} is not between 1 and 65535")
    return url.copy_with(fragment=None) if "#" in text else url


def _is_host(host: str) -> bool:
    if ":" not in host:
        return _NAME.fullmatch(host) is not None
    try:
        return IPv6Address(host).scope_id is None
    except ValueError:
        return False


def _is_readable(url: httpx.URL) -> bool:
    """False where a label says that it is punycode and is not."""
    try:
        return bool(url.host)
    except UnicodeError:
        return False


def origin(url: httpx.URL) -> tuple[str, str, int]:
    """Scheme, host and port of a URL, the default port filled in."""
    return url.scheme, url.host.lower(), url.port or {"http": 80, "https": 443}[url.scheme]


def is_same_service(url: httpx.URL, other: httpx.URL) -> bool:
    """True where `other` is the same host and port, or `url` moved from http to https."""
    (scheme, host, port), (_, other_host, other_port) = origin(url), origin(other)
    if origin(url) == origin(other):
        return True
    moved = (scheme, port) == ("http", 80) and (other.scheme, other_port) == ("https", 443)
    return moved and host == other_host


def system_resolver(host: str, port: int) -> Sequence[str]:
    """Resolve by the operating system; each address once, in its order of preference."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


def resolve(host: str, port: int, resolver: Resolver, seconds: float) -> tuple[str, ...]:
    """Resolve a host once, within a time the operating system does not bound itself.

    Raises PartnerUnavailable when there is no address or no answer.
    """
    found: list[Sequence[str] | OSError | UnicodeError] = []

    def ask() -> None:
        try:
            found.append(resolver(host, port))
        except (OSError, UnicodeError) as error:
            found.append(error)

    thread = threading.Thread(target=ask, name=f"resolve {host}", daemon=True)
    thread.start()
    thread.join(seconds)
    if not found:
        raise PartnerUnavailable(f"the name {host} was not resolved within {seconds:.0f} s")
    answer = found[0]
    if isinstance(answer, OSError | UnicodeError):
        raise PartnerUnavailable(f"the name {host} cannot be resolved: {answer}") from answer
    if not answer:
        raise PartnerUnavailable(f"the name {host} has no address")
    return tuple(answer)
