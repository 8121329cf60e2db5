"""TLS to a pinned address: the certificate is that of the name, not of the address."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from connectors.http import Client, FetchRequest
from hub.errors import PartnerUnavailable
from tests.connectors.http.server import Answer, PartnerServer

NAME = "stat.example"


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl command to make a certificate with")
    path = tmp_path / "certificate.pem"
    subprocess.run(
        [
            *(openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-nodes", "-keyout", str(path), "-out", str(tmp_path / "public.pem")),
            *("-days", "2", "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"),
        ],
        check=True,
        capture_output=True,
    )
    path.write_bytes(path.read_bytes() + (tmp_path / "public.pem").read_bytes())
    return path


@pytest.fixture
def secured(certificate: Path) -> Iterator[tuple[PartnerServer, list[str | None]]]:
    """A partner behind TLS, and the server names clients asked it for."""
    names: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda _socket, name, _context: names.append(name)
    with PartnerServer() as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.on("/x", Answer(200, b"data"))
        yield server, names


@pytest.fixture
def tls_client(make_client: Callable[..., Client], certificate: Path) -> Client:
    return make_client(
        resolver=lambda _host, _port: ("127.0.0.1",),
        trust=lambda: ssl.create_default_context(cafile=str(certificate)),
    )


def test_the_name_is_asked_for_and_checked_while_the_address_is_pinned(
    secured: tuple[PartnerServer, list[str | None]], tls_client: Client
) -> None:
    server, names = secured
    fetched = tls_client.fetch(FetchRequest(url=f"https://{NAME}:{server.port}/x"))
    assert fetched.path.read_bytes() == b"data"
    assert fetched.address == "127.0.0.1"
    assert names == [NAME]


def test_a_certificate_of_another_name_is_refused_without_trying_again(
    secured: tuple[PartnerServer, list[str | None]], tls_client: Client
) -> None:
    server, names = secured
    with pytest.raises(PartnerUnavailable, match="certificate verify failed"):
        tls_client.fetch(FetchRequest(url=f"https://other.example:{server.port}/x"))
    assert names == ["other.example"]


def test_a_certificate_nobody_vouches_for_is_refused(
    secured: tuple[PartnerServer, list[str | None]], make_client: Callable[..., Client]
) -> None:
    server, _ = secured
    client = make_client(resolver=lambda _host, _port: ("127.0.0.1",))
    with pytest.raises(PartnerUnavailable, match="certificate verify failed"):
        client.fetch(FetchRequest(url=f"https://{NAME}:{server.port}/x"))
