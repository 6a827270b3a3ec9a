"""«Rehearse trouble»: what a person tells the wall to do wrong, on its page."""

from pathlib import Path

import pytest
import requests

from tests.networks.wall.conftest import TOKEN, Send
from tests.wall_process import Wall, start_wall


def order(wall: Wall, *, origin: str = "", **fields: str) -> requests.Response:
    headers = {"Origin": origin} if origin else {}
    return requests.post(f"{wall.url}/trouble", data=fields, headers=headers, timeout=10, allow_redirects=False)


def page(wall: Wall) -> str:
    return requests.get(wall.url, headers={"Accept": "text/html"}, timeout=10).text


def read_back(wall: Wall) -> list[str]:
    asked = {"network": "mastodon", "account": "apav"}
    answer = requests.get(
        f"{wall.url}/api/posts", params=asked, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=10
    )
    return [post["text"] for post in answer.json()["posts"]]


def test_what_is_ordered_meets_the_next_post_and_no_other(wall: Wall, send: Send):
    assert order(wall, kind="refuse").headers["Location"] == "/#trouble"
    assert [send().status_code, send().status_code] == [422, 201]


def test_it_can_wait_for_one_network(wall: Wall, send: Send):
    order(wall, kind="refuse", network="facebook")
    assert [send().status_code, send(network="facebook").status_code] == [201, 422]


def test_the_page_says_what_waits_and_can_forget_it(wall: Wall):
    order(wall, kind="limit", network="x")
    assert "Ask to wait a minute on X" in page(wall)
    order(wall, kind="none")
    assert wall.faults() == []


def test_what_is_hidden_stands_on_the_page_and_is_not_read_back(wall: Wall, send: Send):
    send(text="Before")
    order(wall, kind="hide_after")
    with pytest.raises(requests.RequestException):
        send(text="Hidden")
    assert wall.texts() == ["Before", "Hidden"]
    assert read_back(wall) == ["Before"]


def test_another_site_cannot_send_the_form(wall: Wall):
    assert order(wall, origin="https://elsewhere.example", kind="refuse").status_code == 403
    assert order(wall, origin=wall.url, kind="refuse").status_code == 303
    assert len(wall.faults()) == 1


def test_an_unknown_trouble_is_refused(wall: Wall):
    assert order(wall, kind="fire").status_code == 422


def test_a_wall_without_faults_has_neither_panel_nor_form(tmp_path: Path):
    plain = start_wall(tmp_path / "plain", faults=False)
    try:
        assert "Rehearse trouble" not in page(plain)
        assert order(plain, kind="refuse").status_code == 404
    finally:
        plain.stop()
