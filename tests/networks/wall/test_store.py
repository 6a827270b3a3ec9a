"""What was accepted stays, whatever happens to the process."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests

from tests.networks.wall.conftest import POST, Send
from tests.wall_process import Wall, start_wall


def test_a_post_survives_a_kill_right_after_the_answer(wall: Wall, send: Send):
    answer = send()
    wall.kill()
    again = start_wall(wall.data)
    assert [post["id"] for post in again.posts()] == [answer.json()["id"]]
    again.stop()


def test_no_accepted_post_is_lost_when_it_is_killed_under_load(wall: Wall):
    accepted: list[str] = []

    def post_until_it_dies(worker: int) -> None:
        with requests.Session() as session:
            headers = {"Authorization": f"Bearer {worker}"}
            for number in range(100_000):
                body = {**POST, "account": f"account-{worker}", "text": f"{worker}/{number}"}
                try:
                    answer = session.post(f"{wall.url}/api/posts", json=body, headers=headers, timeout=10)
                except requests.RequestException:
                    return
                if answer.status_code == 201:
                    accepted.append(body["text"])

    with ThreadPoolExecutor(4) as pool:
        running = [pool.submit(post_until_it_dies, worker) for worker in range(4)]
        wall.wait_for_posts(50)
        wall.kill()
    assert [future.exception() for future in running] == [None] * 4
    again = start_wall(wall.data)
    assert set(accepted) <= set(again.texts())
    again.stop()


def test_pictures_and_tokens_survive_a_kill(wall: Wall, send: Send, upload):
    digest = upload(b"bytes of a picture")
    send()
    wall.kill()
    again = start_wall(wall.data, port=wall.port)
    assert requests.get(f"{again.url}/pictures/{digest}", timeout=10).content == b"bytes of a picture"
    assert send(token="another").status_code == 401
    again.stop()


def test_posts_are_told_oldest_first_with_everything_that_was_sent(wall: Wall, send: Send, upload):
    digest = upload(b"picture")
    first = send(pictures=[{"digest": digest, "alt": "Uma mão"}], key="item-7").json()
    send(text="Second", reply_to=first["id"])
    one, two = wall.posts()
    assert (two["text"], two["reply_to"]) == ("Second", one["id"])
    at = one.pop("at")
    assert at.endswith("Z")
    assert one == {**POST, **first, "pictures": [{"digest": digest, "alt": "Uma mão"}], "key": "item-7"}


def test_the_same_text_twice_is_accepted_twice(wall: Wall, send: Send):
    assert [send().status_code, send().status_code] == [201, 201]
    assert wall.texts() == [POST["text"]] * 2


def test_read_back_gives_an_accounts_posts_since_a_moment(wall: Wall, send: Send):
    for text in ("One", "Two"):
        send(text=text)
    send(account="other", text="Three")
    asked = {"network": "mastodon", "account": "apav", "since": wall.posts()[1]["at"]}
    answer = requests.get(f"{wall.url}/api/posts", params=asked, headers={"Authorization": "Bearer one"}, timeout=10)
    assert [post["text"] for post in answer.json()["posts"]] == ["Two"]


def test_two_walls_have_nothing_in_common(wall: Wall, send: Send, tmp_path: Path):
    send()
    other = start_wall(tmp_path / "other")
    assert other.posts() == []
    other.stop()
