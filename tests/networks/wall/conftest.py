"""A wall for each test, and the calls that tests make to it."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.wall_process import Wall, start_wall

POST: dict[str, Any] = {
    "network": "mastodon",
    "account": "apav",
    "author": "APAV",
    "text": "116 006",
    "language": "pt",
    "pictures": [],
    "reply_to": None,
}

TOKEN = "one"

Send = Callable[..., requests.Response]


@pytest.fixture
def wall(tmp_path: Path) -> Iterator[Wall]:
    running = start_wall(tmp_path / "wall")
    yield running
    running.stop()


@pytest.fixture
def send(wall: Wall) -> Send:
    """Posts, with these fields changed; a field that is `...` is left out."""

    def send_post(token: str = TOKEN, **fields: object) -> requests.Response:
        body = {name: value for name, value in {**POST, **fields}.items() if value is not ...}
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return requests.post(f"{wall.url}/api/posts", json=body, headers=headers, timeout=10)

    return send_post


@pytest.fixture
def upload(wall: Wall) -> Callable[[bytes], str]:
    """Uploads bytes as a picture and gives their digest."""

    def upload_picture(data: bytes) -> str:
        digest = hashlib.sha256(data).hexdigest()
        put(wall, digest, data).raise_for_status()
        return digest

    return upload_picture


def put(wall: Wall, digest: str, data: bytes, content_type: str = "image/png") -> requests.Response:
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": content_type}
    return requests.put(f"{wall.url}/api/pictures/{digest}", data=data, headers=headers, timeout=10)
