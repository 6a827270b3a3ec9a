"""The wall does wrong when it is told to, and only then."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from tests.networks.wall.conftest import Send
from tests.wall_process import Wall, start_wall

ANSWERED = {
    "refuse": (422, 0),
    "limit": (429, 0),
    "token": (401, 0),
    "error_before": (500, 0),
    "html": (200, 0),
    "error_after": (500, 1),
    "accept_slowly": (201, 1),
}
"""Kinds that answer: the status, and how many posts stand there then."""


@pytest.mark.parametrize("kind", ANSWERED)
def test_a_fault_answers_as_it_says_and_once(wall: Wall, send: Send, kind: str):
    wall.fault(kind)
    status, posts = ANSWERED[kind]
    assert (send().status_code, len(wall.posts())) == (status, posts)
    assert (send().status_code, len(wall.posts())) == (201, posts + 1)


@pytest.mark.parametrize("kind", ["drop_after", "half", "hide_after"])
def test_an_answer_that_is_cut_leaves_the_post(wall: Wall, send: Send, kind: str):
    wall.fault(kind)
    with pytest.raises(requests.RequestException):
        send()
    assert len(wall.posts()) == 1


def test_a_limit_says_how_long_to_wait(wall: Wall, send: Send):
    wall.fault("limit")
    assert send().headers["Retry-After"] == "60"


def test_a_page_in_html_comes_as_such(wall: Wall, send: Send):
    wall.fault("html")
    assert send().headers["Content-Type"].startswith("text/html")


def test_whoever_follows_the_redirect_posts(wall: Wall, send: Send):
    wall.fault("redirect")
    assert (send().status_code, len(wall.posts())) == (201, 1)


def test_a_hanging_answer_stands_in_nobodys_way(wall: Wall, send: Send):
    wall.fault("hang_after")
    with ThreadPoolExecutor(1) as pool:
        hanging = pool.submit(send)
        wall.wait_for_posts(1)
        assert send(text="Meanwhile").status_code == 201
        wall.kill()
        assert isinstance(hanging.exception(timeout=10), requests.RequestException)


def test_a_hanging_call_ends_when_its_client_leaves(wall: Wall, send: Send):
    wall.fault("hang_after")
    with socket.create_connection(("127.0.0.1", wall.port), timeout=10) as connection:
        connection.sendall(_raw_post())
        wall.wait_for_posts(1)
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(100) == b""


def test_a_slow_wall_accepts_after_its_client_has_left(wall: Wall):
    wall.fault("accept_slowly", seconds=0.3)
    with socket.create_connection(("127.0.0.1", wall.port), timeout=10) as connection:
        connection.sendall(_raw_post())
        while wall.faults():
            time.sleep(0.01)
        assert wall.posts() == []
    assert len(wall.wait_for_posts(1)) == 1


def _raw_post() -> bytes:
    body = b'{"network": "x", "account": "a", "author": "A", "text": "Hello", "language": "en"}'
    head = f"POST /api/posts HTTP/1.1\r\nHost: wall\r\nAuthorization: Bearer a\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def test_a_fault_of_one_account_leaves_the_others_alone(wall: Wall, send: Send):
    wall.fault("refuse", account="other")
    assert send().status_code == 201
    assert send(account="other").status_code == 422


def test_faults_come_in_order_and_as_often_as_told(wall: Wall, send: Send):
    wall.fault("refuse", times=2)
    wall.fault("limit")
    assert [send().status_code for _ in range(4)] == [422, 422, 429, 201]


def test_a_post_that_is_refused_anyway_uses_up_no_fault(wall: Wall, send: Send):
    wall.fault("limit")
    assert [send(text="").status_code, send().status_code] == [422, 429]


def test_faults_are_forgotten_when_told(wall: Wall, send: Send):
    wall.fault("refuse", times=5)
    wall.clear_faults()
    assert (wall.faults(), send().status_code) == ([], 201)


@pytest.mark.parametrize(
    "body", [{"kind": "earthquake"}, {"kind": "limit", "times": 0}, {"kind": "limit", "times": True}]
)
def test_an_unknown_fault_is_refused(wall: Wall, body: dict[str, object]):
    assert requests.post(f"{wall.url}/api/faults", json=body, timeout=10).status_code == 422


def test_a_wall_without_faults_takes_none(tmp_path: Path):
    wall = start_wall(tmp_path / "calm", faults=False)
    statuses = [
        requests.request(method, f"{wall.url}/api/faults", json={"kind": "refuse"}, timeout=10).status_code
        for method in ("POST", "GET", "DELETE")
    ]
    wall.stop()
    assert statuses == [404, 404, 404]
