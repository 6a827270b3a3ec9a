"""The HTTP seam: what each failure is called, by whether the request may have been carried out."""

import logging
import socket
import ssl
import threading
import time
import traceback
from collections.abc import Iterator

import pytest
import requests

from networks.errors import LaterError, NetworkError, UnclearError
from networks.http import Answer, Http, retry_after
from networks.transport import classify, new_session
from tests.networks.fakes.base import AFTER, FakeServer, Reply, Request

SECRET = "app-pass/word-1234"
TOKEN = "query-token-5678"


class Scripted(FakeServer):
    """Answers what it was given."""

    reply = Reply.of(200, {"said": "yes"})

    def answer(self, request: Request) -> Reply:
        return self.reply


@pytest.fixture
def server() -> Iterator[Scripted]:
    with Scripted() as server:
        yield server


@pytest.fixture
def http(server: Scripted) -> Http:
    return Http(server.url, secrets=[SECRET])


def fails(http: Http, *, irreversible: bool, timeout: float = 1.0, path: str = "/post") -> NetworkError:
    with pytest.raises(NetworkError) as caught:
        http.request("POST", path, json={"text": "x"}, irreversible=irreversible, timeout=timeout).json()
    return caught.value


def listening() -> socket.socket:
    return socket.create_server(("127.0.0.1", 0))


def test_a_good_answer_is_read(http: Http) -> None:
    answer = http.request("POST", "/post", json={"text": "x"}, irreversible=True)
    assert (answer.status, answer.ok, answer.json()) == (200, True, {"said": "yes"})


def test_names_of_headers_have_no_case(server: Scripted, http: Http) -> None:
    server.reply = Reply.of(200, {}, {"X-Thing": "1"})
    assert http.request("GET", "/").headers["x-thing"] == "1"


def test_a_refusal_is_the_adapters_to_read(server: Scripted, http: Http) -> None:
    server.reply = Reply.of(400, {"error": "InvalidRequest"})
    assert http.request("POST", "/post", irreversible=True).json() == {"error": "InvalidRequest"}


def test_a_refusal_that_is_no_json_has_no_details(server: Scripted, http: Http) -> None:
    server.reply = Reply(403, b"<h1>Forbidden</h1>")
    assert http.request("POST", "/post", irreversible=True).details() == {}


def test_a_list_is_no_object(server: Scripted, http: Http) -> None:
    server.reply = Reply(200, b"[1]")
    assert type(fails(http, irreversible=True)) is UnclearError
    assert type(fails(http, irreversible=False)) is LaterError


@pytest.mark.parametrize("scenario", [*AFTER, "server_error_before", "html", "redirect"])
def test_a_begun_request_without_a_good_answer_is_unclear(server: Scripted, http: Http, scenario: str) -> None:
    server.next_answer(scenario)
    assert type(fails(http, irreversible=True)) is UnclearError
    assert len(server.requests) == 1


@pytest.mark.parametrize("scenario", [*AFTER, "server_error_before", "html", "redirect"])
def test_where_repeating_does_no_harm_it_is_only_later(server: Scripted, http: Http, scenario: str) -> None:
    server.next_answer(scenario)
    assert type(fails(http, irreversible=False)) is LaterError


def test_a_closed_port_is_not_sent() -> None:
    with listening() as held:
        url = f"http://127.0.0.1:{held.getsockname()[1]}"
    assert fails(Http(url), irreversible=True).code == "not-sent"


def test_an_unknown_host_is_not_sent() -> None:
    assert fails(Http("http://nowhere.invalid"), irreversible=True).code == "not-sent"


@pytest.mark.parametrize("address", ["http://", "https://[x", "ftp://127.0.0.1", "bsky.social"])
def test_an_address_that_is_none_is_not_sent(address: str) -> None:
    assert fails(Http(address), irreversible=True).code == "not-sent"


def test_a_server_without_tls_is_not_sent(server: Scripted) -> None:
    http = Http(server.url.replace("http:", "https:"))
    assert fails(http, irreversible=True).code == "not-sent"


def test_a_handshake_that_never_ends_is_not_sent_and_ends_in_time() -> None:
    with listening() as mute:
        began = time.monotonic()
        error = fails(Http(f"https://127.0.0.1:{mute.getsockname()[1]}"), irreversible=True, timeout=0.4)
    assert error.code == "not-sent"
    assert time.monotonic() - began < 1.5


def test_a_name_that_is_looked_up_for_ever_is_never_sent_later(
    server: Scripted, http: Http, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, looked = threading.Event(), threading.Event()
    real = socket.getaddrinfo

    def slow(*args: object, **kwargs: object) -> object:
        found.wait(5)
        looked.set()
        return real(*args, **kwargs)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    error = fails(http, irreversible=True, timeout=0.2)
    left = [thread for thread in threading.enumerate() if thread.name == "http-exchange"]
    found.set()
    for thread in left:
        thread.join(5)
    assert (error.code, looked.is_set(), server.requests) == ("not-sent", True, [])


@pytest.mark.parametrize("scenario", ["drip_after_accept", "hang_after_accept", "huge_answer"])
def test_the_time_out_is_for_the_whole_exchange(server: Scripted, http: Http, scenario: str) -> None:
    server.next_answer(scenario)
    began = time.monotonic()
    fails(http, irreversible=True, timeout=0.5)
    assert time.monotonic() - began < 1.0


def test_nothing_stays_behind_after_the_time_is_over(server: Scripted, http: Http) -> None:
    server.next_answer("hang_after_accept")
    fails(http, irreversible=True, timeout=0.2)
    left = [thread for thread in threading.enumerate() if thread.name == "http-exchange"]
    for thread in left:
        thread.join(2)
    assert [thread for thread in left if thread.is_alive()] == []


def test_a_body_larger_than_asked_for_is_not_read(server: Scripted, http: Http) -> None:
    server.reply = Reply.of(200, {"a": "x" * 2000})
    assert http.request("GET", "/", max_bytes=1000).body == b""


def test_too_many_requests_says_how_long_to_wait(server: Scripted, http: Http) -> None:
    server.reply = Reply.of(429, {}, {"Retry-After": "60"})
    error = fails(http, irreversible=True)
    assert isinstance(error, LaterError)
    assert (error.wait, error.of, error.code) == (60.0, "channel", "rate-limited")


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": "Fri, 01 Jan 2027 00:01:00 GMT"}, 60.0),
        ({"ratelimit-reset": "1798761690"}, 90.0),
        ({"ratelimit-reset": "30"}, 30.0),
        ({"ratelimit-reset": "1"}, 1.0),
        ({"Retry-After": "999999999"}, 86400.0),
        ({"Retry-After": "soon"}, None),
        ({}, None),
    ],
)
def test_the_wait_is_read_from_the_headers(headers: dict[str, str], wait: float | None) -> None:
    assert retry_after(headers, 1798761600.0) == wait


def test_an_adapter_may_read_the_wait_its_own_way(server: Scripted) -> None:
    server.reply = Reply.of(429, {}, {"X-Reset": "5"})
    http = Http(server.url, wait=lambda headers, now: float(headers["x-reset"]))
    error = fails(http, irreversible=True)
    assert isinstance(error, LaterError)
    assert error.wait == 5.0


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(server: Scripted, http: Http, status: int) -> None:
    server.reply = Reply(status, headers={"Location": server.url})
    assert type(fails(http, irreversible=True)) is UnclearError
    assert len(server.requests) == 1


def test_no_secret_stands_in_an_error(server: Scripted) -> None:
    header = {"Authorization": "Bearer tokentokentoken"}
    echo = f"bad {SECRET} tokentokentoken app-pass%2Fword-1234 eyJhbGciOi.eyJzdWIiOi.c2ln access_token=abc123".encode()
    server.reply = Reply(500, echo)
    error = fails(Http(server.url, headers=header, secrets=[SECRET]), irreversible=True)
    told = "".join([error.message, *traceback.format_exception(error)])
    assert [part for part in (SECRET, "tokentoken", "word-1234", "eyJ", "abc123") if part in told] == []


def test_a_secret_is_not_cut_before_it_is_hidden(server: Scripted) -> None:
    for before in range(200, 420):
        server.reply = Reply(500, b"x" * before + SECRET.encode())
        assert SECRET[:6] not in fails(Http(server.url, secrets=[SECRET]), irreversible=True).message


def test_words_about_a_password_stay_readable(http: Http) -> None:
    assert http.redact("Invalid identifier or password given") == "Invalid identifier or password given"


def test_no_secret_in_an_address_stands_in_an_error() -> None:
    with listening() as held:
        http = Http(f"http://127.0.0.1:{held.getsockname()[1]}", secrets=[SECRET])
    with pytest.raises(LaterError) as caught:
        http.request("GET", f"/bot{SECRET}/send", params={"access_token": TOKEN})
    told = "".join(traceback.format_exception(caught.value)) + repr(http)
    assert [part for part in (SECRET, TOKEN) if part in told] == []
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


def test_no_address_is_logged(http: Http, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        http.request("GET", "/", params={"access_token": TOKEN})
    assert TOKEN not in caplog.text


def test_an_answer_shows_neither_its_body_nor_its_headers() -> None:
    assert "tok" not in repr(Answer(200, {"a": "tok"}, b"tok"))


def test_connections_are_kept(server: Scripted, http: Http) -> None:
    for _ in range(3):
        http.request("POST", "/post", irreversible=True)
    assert server.connections == 1


def test_an_old_connection_does_not_carry_an_irreversible_request(
    server: Scripted, http: Http, monkeypatch: pytest.MonkeyPatch
) -> None:
    http.request("GET", "/")
    monkeypatch.setattr("networks.transport.IDLE_LIMIT", 0.0)
    http.request("POST", "/post", irreversible=True)
    http.request("GET", "/")
    assert server.connections == 2


def test_cookies_are_not_kept(server: Scripted, http: Http) -> None:
    server.reply = Reply.of(200, {}, {"Set-Cookie": "who=me"})
    http.request("GET", "/")
    http.request("GET", "/")
    assert server.requests[1].headers["Cookie"] is None


def test_a_session_that_reports_nothing_counts_as_begun() -> None:
    with listening() as mute:
        http = Http(f"https://127.0.0.1:{mute.getsockname()[1]}", session=requests.Session())
        assert type(fails(http, irreversible=True, timeout=0.3)) is UnclearError


def test_many_threads_share_one_seam(server: Scripted, http: Http) -> None:
    done: list[int] = []
    talk = [threading.Thread(target=lambda: done.append(http.request("GET", "/").status)) for _ in range(12)]
    for thread in talk:
        thread.start()
    for thread in talk:
        thread.join()
    assert done == [200] * 12


def test_a_library_that_wraps_a_refused_port_is_not_sent() -> None:
    with listening() as held:
        url = f"http://127.0.0.1:{held.getsockname()[1]}"
    with pytest.raises(requests.ConnectionError) as caught:
        new_session().post(url, timeout=1)
    wrapped = RuntimeError("MastodonNetworkError")
    wrapped.__context__ = caught.value
    assert classify(wrapped) == "not_sent"


@pytest.mark.parametrize("scenario", ["drop_after_accept", "half_answer", "hang_after_accept"])
def test_a_library_that_wraps_a_drop_is_unclear(server: Scripted, scenario: str) -> None:
    server.next_answer(scenario)
    with pytest.raises(requests.RequestException) as caught:
        new_session().post(server.url, timeout=0.3)
    assert classify(caught.value) == "unclear"


def test_a_second_try_that_was_dropped_outweighs_a_first_one_that_was_refused() -> None:
    second = ConnectionResetError()
    second.__context__ = ConnectionRefusedError()
    assert classify(second) == "unclear"


def test_only_the_certificate_proves_that_tls_failed_before_the_request() -> None:
    assert classify(requests.exceptions.SSLError(ssl.SSLCertVerificationError())) == "not_sent"
    assert classify(requests.exceptions.SSLError(ssl.SSLEOFError())) == "unclear"
