"""What leaves through facebook-sdk, and what becomes of answers that it would take for something else."""

import json
import logging
import traceback
from collections.abc import Callable, Iterator

import pytest

from networks.errors import LaterError, NetworkError, ReconnectError, RefusedError, UnclearError
from networks.meta.client import Graph, proof_of
from networks.meta.version import GRAPH
from tests.networks.fakes.base import FakeServer, Reply, Request

TOKEN = "EAAG-token-1234567890"
PROOF = proof_of(TOKEN, "secret")
JSON = {"Content-Type": "application/json"}
LEAKS = f"{TOKEN} and {PROOF}"


class Scripted(FakeServer):
    reply = Reply.of(200, {"id": "1", "success": True})

    def answer(self, request: Request) -> Reply:
        return self.reply


@pytest.fixture
def server() -> Iterator[Scripted]:
    with Scripted() as server:
        yield server


@pytest.fixture
def graph(server: Scripted) -> Graph:
    return Graph(server.url, TOKEN, proof=PROOF)


CALLS: dict[str, Callable[[Graph], object]] = {
    "get": lambda graph: graph.get("1", fields="id"),
    "post": lambda graph: graph.post("1/feed", message="Hello"),
    "post without fields": lambda graph: graph.post("1/feed"),
    "photo": lambda graph: graph.post_photo("1/photos", b"x", "image/jpeg", published=False),
    "delete": lambda graph: graph.delete("1"),
}


@pytest.mark.parametrize("call", CALLS)
def test_the_token_travels_in_the_header_alone_beside_the_proof(server: Scripted, graph: Graph, call: str) -> None:
    CALLS[call](graph)
    (sent,) = server.requests
    assert sent.headers["Authorization"] == f"Bearer {TOKEN}"
    assert TOKEN not in json.dumps(dict(sent.query)) + sent.path + sent.body.decode()
    assert PROOF in json.dumps(dict(sent.query)) + sent.body.decode()
    assert sent.path.startswith(f"/{GRAPH.version}/1")


def test_lists_and_truth_values_are_written_as_the_graph_api_reads_them(server: Scripted, graph: Graph) -> None:
    graph.post("1/feed", attached_media=[{"media_fbid": "7"}], published=False, message="Ω #116006 & more")
    body = server.requests[0].body.decode()
    assert "attached_media=%5B%7B%22media_fbid%22%3A+%227%22%7D%5D" in body
    assert "published=false" in body
    assert "%23116006+%26+more" in body


ODD = {
    "a page of HTML": Reply(200, b"<!doctype html><h1>Welcome</h1>", {"Content-Type": "text/html"}),
    "HTML called JSON": Reply(200, b"<!doctype html>", JSON),
    "nothing": Reply(200, b"", JSON),
    "half of it": Reply(200, b'{"id": "1', JSON),
    "a list": Reply(200, b"[1]", JSON),
    "a word": Reply(200, b"true", JSON),
    "a picture": Reply(200, b"\x89PNG", {"Content-Type": "image/png"}),
    "a query string": Reply(200, b"access_token=x&expires=5", {"Content-Type": "text/plain"}),
    "500 without error": Reply.of(500, {"id": "1"}),
    "503 in HTML": Reply(503, b"<h1>Unavailable</h1>", {"Content-Type": "text/html"}),
    "400 without error": Reply.of(400, {"id": "1"}),
    "403 of a proxy": Reply(403, b"<h1>Forbidden</h1>", {"Content-Type": "text/html"}),
    "an error without a number": Reply.of(200, {"error": {"message": "?"}}),
    "an error that is a word": Reply.of(200, {"error": "no"}),
    "deep nesting": Reply(200, b"[" * 100_000, JSON),
}


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_answer_is_unclear_on_the_one_call_and_later_elsewhere(server: Scripted, graph: Graph, odd: str) -> None:
    server.reply = ODD[odd]
    with pytest.raises(UnclearError):
        graph.post_once("1/feed", 2.0, message="Hello")
    for call in CALLS.values():
        with pytest.raises(LaterError):
            call(graph)


def test_a_good_answer_without_a_content_type_is_read(server: Scripted, graph: Graph) -> None:
    server.reply = Reply(200, b'{"id": "1"}')
    assert graph.get("1") == {"id": "1"}


@pytest.mark.parametrize("status", [200, 400, 401, 403])
def test_an_error_inside_counts_whatever_the_status(server: Scripted, graph: Graph, status: int) -> None:
    server.reply = Reply.of(status, {"id": "1", "error": {"code": 190, "error_subcode": 463, "message": LEAKS}})
    with pytest.raises(ReconnectError) as caught:
        graph.post_once("1/feed", 2.0, message="Hello")
    assert caught.value.code == "190/463"


def test_the_words_for_people_are_told_where_meta_gives_them(server: Scripted, graph: Graph) -> None:
    server.reply = Reply.of(400, {"error": {"code": 100, "message": "Invalid", "error_user_msg": "Too many links."}})
    with pytest.raises(RefusedError, match="Too many links"):
        graph.post("1/feed", message="Hello")


def test_429_waits_as_the_header_says(server: Scripted, graph: Graph) -> None:
    usage = '{"1": [{"estimated_time_to_regain_access": 3}]}'
    server.reply = Reply(429, b"", {"X-Business-Use-Case-Usage": usage})
    with pytest.raises(LaterError) as caught:
        graph.get("1")
    assert (caught.value.of, caught.value.wait) == ("channel", 180.0)


@pytest.mark.parametrize("reply", [*ODD.values(), Reply.of(400, {"error": {"code": 100, "message": LEAKS}})])
def test_no_token_and_no_proof_stands_in_any_error_or_log(
    server: Scripted, graph: Graph, reply: Reply, caplog: pytest.LogCaptureFixture
) -> None:
    server.reply = Reply(reply.status, reply.body + f" {LEAKS}".encode(), reply.headers)
    caplog.set_level(logging.DEBUG)
    told = ""
    for call in CALLS.values():
        with pytest.raises(NetworkError) as caught:
            call(graph)
        told += "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    assert [secret for secret in (TOKEN, PROOF) if secret in told + caplog.text + repr(graph)] == []


def test_a_closed_port_tells_no_address(graph: Graph, server: Scripted) -> None:
    closed = Graph("http://127.0.0.1:9", TOKEN, proof=PROOF)
    with pytest.raises(LaterError) as caught:
        closed.get("1", fields="id")
    assert PROOF not in "".join(traceback.format_exception(caught.value))


def test_the_time_of_a_bounded_question_ends(server: Scripted, graph: Graph) -> None:
    server.next_answer("hang_after_accept")
    with pytest.raises(LaterError):
        graph.get_within(0.3, "1", fields="permalink_url")
