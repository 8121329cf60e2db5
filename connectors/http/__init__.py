"""HTTP to the outside: the only place of the program that opens a socket to another machine."""

from connectors.http.address import AddressPolicy, Resolver, is_same_service, parse_url
from connectors.http.client import Client, Keep
from connectors.http.exchange import Fetched, FetchLimits, FetchRequest
from connectors.http.patience import RequestBudget, retry_after
from connectors.http.post import post_json
from connectors.http.transfer import trusted
from connectors.http.unpack import as_well, excerpt, named, refuse_open_end, unpack

__all__ = [
    "AddressPolicy",
    "Client",
    "FetchLimits",
    "FetchRequest",
    "Fetched",
    "Keep",
    "RequestBudget",
    "Resolver",
    "as_well",
    "excerpt",
    "is_same_service",
    "named",
    "parse_url",
    "post_json",
    "refuse_open_end",
    "retry_after",
    "trusted",
    "unpack",
]
