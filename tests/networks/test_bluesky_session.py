"""Signing in on a PDS, and keeping the tokens alive."""

import time
from collections.abc import Iterator, Mapping

import pytest

from networks.bluesky import BlueskyAdapter, connect
from networks.content import Segment
from networks.errors import LaterError, NetworkError, ReconnectError, RefusedError
from tests.networks.contract import Keeper
from tests.networks.fakes.base import FakeServer, Reply, Request
from tests.networks.fakes.bluesky import ACCOUNT_PASSWORD, APP_PASSWORD, DID, HANDLE, FakePds

SEGMENT = Segment("Hello", "en")


@pytest.fixture
def pds() -> Iterator[FakePds]:
    with FakePds() as pds:
        yield pds


def signed_in(pds: FakePds) -> dict[str, str]:
    return connect(pds.url, HANDLE, APP_PASSWORD)[0]


def refusal(pds: FakePds, identifier: str = HANDLE, password: str = APP_PASSWORD) -> NetworkError:
    with pytest.raises(RefusedError) as caught:
        connect(pds.url, identifier, password)
    return caught.value


def calls(pds: FakePds) -> list[str]:
    return [request.path.rpartition(".")[2] for request in pds.requests]


def test_connecting_gives_tokens_and_the_account(pds: FakePds) -> None:
    credentials, account = connect(f"{pds.url}/", f" @{HANDLE} ", f" {APP_PASSWORD} ")
    assert set(credentials) == {"did", "handle", "pds", "access_jwt", "refresh_jwt"}
    assert (account.remote_id, account.name, account.url) == (DID, HANDLE, f"https://bsky.app/profile/{HANDLE}")


def test_the_app_password_is_not_among_what_is_stored(pds: FakePds) -> None:
    assert APP_PASSWORD not in "".join(signed_in(pds).values())


def test_the_address_is_the_server_that_the_account_lives_on(pds: FakePds) -> None:
    pds.home = "https://morel.example"
    assert signed_in(pds)["pds"] == "https://morel.example"


@pytest.mark.parametrize("home", ["http://10.0.0.1", "ftp://x", "", "https://user@evil.example", "https://[x"])
def test_an_address_that_we_do_not_take_is_not_followed(pds: FakePds, home: str) -> None:
    pds.home = home
    assert signed_in(pds)["pds"] == pds.url


@pytest.mark.parametrize(
    "address",
    [
        "http://bsky.social",
        "bsky.social",
        "https://",
        "https://a@b.example",
        "file:///x",
        "https://[x",
        "https://x:port",
    ],
)
def test_only_https_is_an_address(address: str) -> None:
    with pytest.raises(RefusedError) as caught:
        connect(address, HANDLE, APP_PASSWORD)
    assert caught.value.code == "address"


def test_a_wrong_password_is_refused_without_showing_it(pds: FakePds) -> None:
    error = refusal(pds, password="wrong-word-here")
    assert error.code == "wrong-password"
    assert "wrong-word-here" not in error.message


def test_the_password_of_the_account_is_refused_and_its_session_ended(pds: FakePds) -> None:
    assert refusal(pds, password=ACCOUNT_PASSWORD).code == "not-an-app-password"
    assert calls(pds) == ["createSession", "deleteSession"]


@pytest.mark.parametrize("status", ["takendown", "suspended", "deactivated"])
def test_an_account_that_is_not_active_is_refused(pds: FakePds, status: str) -> None:
    pds.status = status
    assert refusal(pds).code == "account-not-active"


def test_a_server_of_another_kind_is_refused() -> None:
    class Website(FakeServer):
        def answer(self, request: Request) -> Reply:
            return Reply(404, b"<h1>Not found</h1>")

    with Website() as website, pytest.raises(RefusedError) as caught:
        connect(website.url, HANDLE, APP_PASSWORD)
    assert caught.value.code == "address"


def test_a_token_that_lives_long_is_left_alone(pds: FakePds) -> None:
    assert BlueskyAdapter(pds.url, signed_in(pds)).refresh() is None


def test_a_token_within_ten_minutes_of_its_end_is_renewed(pds: FakePds) -> None:
    pds.access_life = 590
    old = signed_in(pds)
    told: list[Mapping[str, str]] = []
    renewed = BlueskyAdapter(pds.url, old, told.append).refresh()
    assert told == [renewed]
    assert renewed is not None
    assert renewed["refresh_jwt"] != old["refresh_jwt"]
    assert set(renewed) == set(old)


def test_prepare_renews_in_time_so_that_publish_need_not(pds: FakePds) -> None:
    pds.access_life = 60
    adapter = BlueskyAdapter(pds.url, signed_in(pds))
    pds.access_life = 7200
    adapter.publish(SEGMENT, adapter.prepare(SEGMENT, {}, Keeper(), None), None)
    assert calls(pds)[1:] == ["refreshSession", "putRecord"]


def test_a_token_that_ended_early_is_renewed_and_the_query_repeated(pds: FakePds) -> None:
    adapter = BlueskyAdapter(pds.url, signed_in(pds))
    pds.end_tokens("access")
    assert adapter.whoami().remote_id == DID
    assert calls(pds)[1:] == ["getSession", "refreshSession", "getSession"]
    assert adapter.refresh() is not None


def test_a_clock_that_differs_ends_tokens_by_the_servers_time(pds: FakePds) -> None:
    adapter = BlueskyAdapter(pds.url, signed_in(pds))
    pds.later = 7300
    assert adapter.whoami().remote_id == DID


def test_publish_with_an_ended_token_makes_one_call_and_comes_again(pds: FakePds) -> None:
    adapter = BlueskyAdapter(pds.url, signed_in(pds))
    prepared = adapter.prepare(SEGMENT, {}, Keeper(), None)
    pds.end_tokens("access")
    with pytest.raises(LaterError) as caught:
        adapter.publish(SEGMENT, prepared, None)
    assert (caught.value.wait, caught.value.code, len(pds.posts())) == (0.0, "token-renewed", 0)
    adapter.publish(SEGMENT, prepared, None)
    assert len(pds.posts()) == 1


@pytest.mark.parametrize("use", ["whoami", "publish"])
def test_a_refresh_that_is_refused_asks_to_reconnect(pds: FakePds, use: str) -> None:
    adapter = BlueskyAdapter(pds.url, signed_in(pds))
    prepared = adapter.prepare(SEGMENT, {}, Keeper(), None)
    pds.end_tokens("access")
    pds.end_tokens("refresh")
    with pytest.raises(ReconnectError):
        adapter.whoami() if use == "whoami" else adapter.publish(SEGMENT, prepared, None)
    assert list(pds.posts()) == []


def test_the_old_refresh_token_is_of_no_use_after_a_renewal(pds: FakePds) -> None:
    old = signed_in(pds)
    pds.access_life = 60
    BlueskyAdapter(pds.url, {**old, "access_jwt": signed_in(pds)["access_jwt"]}).refresh()
    with pytest.raises(ReconnectError):
        BlueskyAdapter(pds.url, {**old, "access_jwt": signed_in(pds)["access_jwt"]}).refresh()


def test_a_token_that_says_nothing_of_its_end_is_left_alone(pds: FakePds) -> None:
    opaque = {**signed_in(pds), "access_jwt": "opaque"}
    assert BlueskyAdapter(pds.url, opaque).refresh() is None


def test_a_stranger_on_the_way_is_only_later(pds: FakePds) -> None:
    class Wall(FakeServer):
        def answer(self, request: Request) -> Reply:
            return Reply(403, b"<h1>Blocked</h1>")

    with Wall() as wall, pytest.raises(LaterError) as caught:
        BlueskyAdapter(wall.url, signed_in(pds)).whoami()
    assert caught.value.code == "http-403"


def test_too_many_sign_ins_say_how_long_to_wait() -> None:
    class Limited(FakeServer):
        def answer(self, request: Request) -> Reply:
            return Reply.of(429, {"error": "RateLimitExceeded"}, {"ratelimit-reset": str(int(time.time()) + 300)})

    with Limited() as limited, pytest.raises(LaterError) as caught:
        connect(limited.url, HANDLE, APP_PASSWORD)
    assert 290 < (caught.value.wait or 0) <= 300
