"""A node that takes changes, and a client that has keys to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import httpx
from lxml import etree

from hub.formats.message import Header
from hub.formats.structure import ML_30, StructureForm, write
from hub.model import Maintainable
from hub.rest.serving import build_app
from hub.store import Store
from hub.store.keys import Right, create_key
from tests.formats.registry.judge import statuses, valid
from tests.rest.client import Client

STRUCTURE, REGISTRATION = "/sdmx/v2/structure", "/sdmx/v2/registration"
JSON_20 = "application/vnd.sdmx.structure+json;version=2.0.0"
REGISTRY = "application/vnd.sdmx.registry+xml;version="
HEADER = Header(id="M1", prepared=datetime(2026, 1, 1, tzinfo=UTC), sender="SCB")


def body(*artefacts: Maintainable, form: StructureForm = ML_30) -> bytes:
    """A structure message."""
    return write(HEADER, artefacts, form)


class Keyed:
    """Calls a node with a key that has every right, unless told otherwise."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.client = Client(build_app(store))
        self.key, self.token = create_key(store.catalogue, "tests", list(Right))

    def send(
        self,
        method: str,
        target: str,
        content: bytes | None = None,
        accept: str | None = None,
        **headers: str,
    ) -> httpx.Response:
        """Send what may change something."""
        sent = {"authorization": f"Bearer {self.token}"}
        if content is not None:
            sent["content-type"] = "application/xml"
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.request(method, target, accept, sent, content)

    def post(self, *artefacts: Maintainable, type_: str = "") -> httpx.Response:
        """Hand in structures."""
        return self.send("POST", f"{STRUCTURE}/{type_}".rstrip("/"), body(*artefacts))

    def put(self, artefact: Maintainable) -> httpx.Response:
        """Replace a structure."""
        return self.send("PUT", path_of(artefact), body(artefact))

    def delete(self, artefact: Maintainable, item: str = "") -> httpx.Response:
        """Delete a structure, or an item of it."""
        return self.send("DELETE", f"{path_of(artefact)}/{item}".rstrip("/"))


def path_of(artefact: Maintainable) -> str:
    """Where a structure is."""
    name = artefact.artefact_class.rest_name
    return f"{STRUCTURE}/{name}/{artefact.agency}/{artefact.id}/{artefact.version}"


def results(response: httpx.Response) -> list[tuple[str, str, str]]:
    """Status, code and text of each result of an answer that the official schema takes."""
    return statuses(root_of(response))


def codes(response: httpx.Response) -> Sequence[str]:
    """The code of each result."""
    return [code for _, code, _ in results(response)]


def root_of(response: httpx.Response) -> etree._Element:
    """The root of an answer in SDMX-ML that the official schema takes."""
    assert response.headers["content-type"].startswith(REGISTRY), response.text
    assert response.headers["cache-control"] == "no-store"
    return valid(response.content)


def error_of(response: httpx.Response) -> tuple[str, str]:
    """Code and text of an error message that the official schema takes."""
    assert response.headers["content-type"] == "application/xml", response.text
    message = valid(response.content).find("{*}ErrorMessage")
    return message.get("code"), message.findtext("{*}Text")


def names(client: Client, target: str) -> dict[str, str]:
    """What is served now: the names of artefacts by id."""
    response = client.get(f"{STRUCTURE}/{target}", JSON_20)
    if response.status_code == 204:
        return {}
    assert response.status_code == 200, response.text
    return {a["id"]: a["name"] for found in response.json()["data"].values() for a in found}
