"""An account belongs to the first token that was used for it."""

import pytest
import requests

from tests.networks.wall.conftest import Send
from tests.wall_process import Wall


def test_another_token_cannot_post_on_an_account(wall: Wall, send: Send):
    send()
    answer = send(token="another")
    assert (answer.status_code, len(wall.posts())) == (401, 1)
    assert "another" not in answer.text.replace("another token", "")


def test_two_accounts_have_two_tokens(wall: Wall, send: Send):
    assert send(token="one").status_code == 201
    assert send(token="two", account="other").status_code == 201
    assert send(token="one", account="other").status_code == 401


def test_the_same_name_on_another_network_is_another_account(send: Send):
    assert send(token="one").status_code == 201
    assert send(token="two", network="facebook").status_code == 201


def test_a_call_without_a_token_is_turned_away(wall: Wall, send: Send):
    assert (send(token="").status_code, wall.posts()) == (401, [])


@pytest.mark.parametrize(("token", "status"), [("one", 200), ("two", 401)])
def test_connecting_an_account_fixes_its_token(wall: Wall, token: str, status: int):
    def connect(token: str) -> int:
        fields = {"network": "x", "account": "apav", "author": "APAV"}
        headers = {"Authorization": f"Bearer {token}"}
        return requests.post(f"{wall.url}/api/accounts", json=fields, headers=headers, timeout=10).status_code

    assert (connect("one"), connect(token)) == (200, status)


def test_another_token_cannot_read_an_account_back(wall: Wall, send: Send):
    send(token="one")
    asked = {"network": "mastodon", "account": "apav"}
    answer = requests.get(f"{wall.url}/api/posts", params=asked, headers={"Authorization": "Bearer two"}, timeout=10)
    assert answer.status_code == 401


def test_tokens_are_not_kept_as_they_are(wall: Wall, send: Send):
    send(token="a-token-that-can-be-searched-for")
    wall.stop()
    kept = b"".join(path.read_bytes() for path in wall.data.iterdir())
    assert b"a-token-that-can-be-searched-for" not in kept
