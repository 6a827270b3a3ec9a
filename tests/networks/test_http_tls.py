"""The HTTP seam over TLS: certificates, and the end of an exchange under a layer of encryption."""

import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from networks.errors import LaterError, UnclearError
from networks.http import Http
from tests.networks.fakes.base import FakeServer


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 with its key, signed by itself, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    path = tmp_path_factory.mktemp("tls") / "certificate.pem"
    path.write_bytes(made.public_bytes(pem) + key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    return path


@pytest.fixture
def server(certificate: Path) -> Iterator[FakeServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with FakeServer(context) as server:
        yield server


@pytest.fixture
def http(server: FakeServer, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Http:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    return Http(server.url)


def test_a_certificate_that_nobody_vouches_for_is_not_sent(server: FakeServer) -> None:
    with pytest.raises(LaterError) as caught:
        Http(server.url).request("POST", "/post", irreversible=True)
    assert (caught.value.code, server.requests) == ("not-sent", [])


def test_a_good_answer_is_read_and_the_connection_kept(server: FakeServer, http: Http) -> None:
    assert [http.request("POST", "/post", irreversible=True).status for _ in range(2)] == [200, 200]
    assert server.connections == 1


def test_an_old_connection_is_opened_anew(server: FakeServer, http: Http, monkeypatch: pytest.MonkeyPatch) -> None:
    http.request("GET", "/")
    monkeypatch.setattr("networks.transport.IDLE_LIMIT", 0.0)
    assert http.request("POST", "/post", irreversible=True).ok
    assert server.connections == 2


@pytest.mark.parametrize("scenario", ["drip_after_accept", "hang_after_accept", "drop_after_accept", "half_answer"])
def test_what_began_is_unclear_and_ends_in_time(server: FakeServer, http: Http, scenario: str) -> None:
    server.next_answer(scenario)
    began = time.monotonic()
    with pytest.raises(UnclearError):
        http.request("POST", "/post", irreversible=True, timeout=0.6)
    assert time.monotonic() - began < 1.2


def test_nothing_stays_behind_after_the_time_is_over(server: FakeServer, http: Http) -> None:
    server.next_answer("drip_after_accept")
    with pytest.raises(UnclearError):
        http.request("POST", "/post", irreversible=True, timeout=0.6)
    left = [thread for thread in threading.enumerate() if thread.name == "http-exchange"]
    for thread in left:
        thread.join(2)
    assert [thread for thread in left if thread.is_alive()] == []
