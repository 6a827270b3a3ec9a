"""No way into the inner network: by an address, by a name, by a redirect, by a name that changes its mind."""

import socket
from collections.abc import Iterator

import pytest

from networks import public_hosts
from networks.errors import LaterError, RefusedError
from networks.http import Http
from networks.public_hosts import guarded_session, is_public, require_public, server_of
from tests.networks.fakes.base import FakeServer, Reply, Request


@pytest.fixture
def inner() -> Iterator[FakeServer]:
    """A server of the inner network that nobody has allowed."""
    before = public_hosts._allowed
    public_hosts.allow([])
    with FakeServer() as server:
        yield server
    public_hosts.allow(before)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:10.0.0.1",
        "64:ff9b::a00:1", "2002:a00:1::1", "not an address",
    ],
)  # fmt: skip
def test_an_inner_address_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"])
def test_a_public_address_is(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "127.1", "[::1]", "[::ffff:127.0.0.1]"])
def test_no_spelling_of_this_machine_is_taken(inner: FakeServer, host: str) -> None:
    with pytest.raises(RefusedError):
        require_public(f"https://{host}")
    with pytest.raises(LaterError):
        Http(f"http://{host}:{inner.url.rpartition(':')[2]}", session=guarded_session()).request("GET", "/")
    assert inner.connections == 0


def test_what_the_operator_allows_is_taken_by_that_name_alone(inner: FakeServer) -> None:
    port = inner.url.rpartition(":")[2]
    public_hosts.allow([f"127.0.0.1:{port}"])
    assert require_public(inner.url) == inner.url
    assert Http(inner.url, session=guarded_session()).request("GET", "/").ok
    with pytest.raises(RefusedError):
        require_public("http://127.0.0.1:1")


def test_a_name_that_changes_its_mind_is_asked_once_for_each_connection(
    inner: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: public when it is looked at, inner when it is connected to."""
    answers = iter(["1.1.1.1"])
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: _entries(next(answers, "127.0.0.1")))
    assert require_public("https://rebinding.example")
    with pytest.raises(LaterError):
        Http("https://rebinding.example", session=guarded_session()).request("GET", "/")
    assert inner.connections == 0


def test_the_connection_goes_to_the_address_that_was_looked_at(
    inner: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    plain = socket.getaddrinfo

    def lookup(host: str, *args: object, **more: object) -> object:
        asked.append(host)
        return plain("127.0.0.1" if host == "name.example" else host, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    monkeypatch.setattr(public_hosts, "is_public", lambda address: address == "127.0.0.1")
    port = inner.url.rpartition(":")[2]
    assert Http(f"http://name.example:{port}", session=guarded_session()).request("GET", "/").ok
    assert asked.count("name.example") == 1
    assert inner.requests[0].headers["Host"] == f"name.example:{port}"


def test_a_name_with_one_inner_address_among_public_ones_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: _entries("1.1.1.1", "10.0.0.1"))
    with pytest.raises(RefusedError):
        require_public("https://mixed.example")


def test_a_redirect_leads_nowhere(inner: FakeServer) -> None:
    class Redirecting(FakeServer):
        def answer(self, request: Request) -> Reply:
            return Reply(302, headers={"Location": inner.url})

    with Redirecting() as door:
        public_hosts.allow([door.url.removeprefix("http://")])
        with pytest.raises(LaterError):
            Http(door.url, session=guarded_session()).request("GET", "/")
    assert inner.connections == 0


def test_a_name_that_nobody_has_is_said_to_be_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_args: object, **_more: object) -> object:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    with pytest.raises(RefusedError, match="no server of this name"):
        require_public("https://nobody.example")


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("mastodon.example", "https://mastodon.example"),
        (" https://mastodon.example/@helpline ", "https://mastodon.example"),
        ("@helpline@mastodon.example", "https://mastodon.example"),
        ("helpline@mastodon.example", "https://mastodon.example"),
    ],
)
def test_people_name_a_server_in_many_ways(typed: str, address: str) -> None:
    assert server_of(typed) == address


@pytest.mark.parametrize("typed", ["", "http://mastodon.example", "https://user@mastodon.example", "https://[x"])
def test_what_is_no_address_of_a_server_is_refused(typed: str) -> None:
    with pytest.raises(RefusedError):
        server_of(typed)


def _entries(*addresses: str) -> list[object]:
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in addresses]
