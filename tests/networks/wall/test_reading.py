"""What the wall does not take, and what it says then."""

import hashlib
import socket

import pytest
import requests

from tests.networks.wall.conftest import Send, put
from tests.wall_process import Wall

REFUSED = {
    "an unknown field": ({"colour": "red"}, "There is no field «colour»."),
    "no text and no picture": ({"text": " \n"}, "The post has neither a text nor a picture."),
    "a number for a text": ({"text": 116006}, "«text» is not text."),
    "no account": ({"account": ...}, "«account» is missing."),
    "an account that is too long": ({"account": "a" * 201}, "«account» has 201 characters; the wall takes 200."),
    "an unknown network": ({"network": "pigeons"}, "The wall knows no network «pigeons»."),
    "no language tag": ({"language": "Finnish language"}, "«language» is not a language tag like «fi» or «pt-BR»."),
    "a text over the limit": ({"text": "a" * 501}, "501"),
    "a character nobody can see": ({"text": "a\0b"}, "«text» has a character that cannot be shown."),
    "half a character": ({"text": "a\ud800"}, "«text» has a character that cannot be shown."),
    "pictures that are no list": ({"pictures": {}}, "«pictures» is not a list."),
    "a picture without its alt": ({"pictures": [{"digest": "a" * 64}]}, "A picture has «digest» and «alt»"),
    "a picture never uploaded": ({"pictures": [{"digest": "a" * 64, "alt": ""}]}, "was never uploaded."),
    "an answer to nothing": ({"reply_to": "7"}, "There is no post «7» on Mastodon that could be answered."),
    "an answer to a number": ({"reply_to": 7}, "«reply_to» is neither the id of a post nor null."),
    "Instagram without a picture": ({"network": "instagram"}, "Instagram takes no post without a picture."),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_bad_post_is_refused_with_a_sentence(wall: Wall, send: Send, case: str):
    fields, sentence = REFUSED[case]
    answer = send(**fields)
    assert (answer.status_code, wall.posts()) == (422, [])
    assert sentence in answer.json()["error"]


def test_too_many_pictures_are_refused(send: Send, upload):
    picture = {"digest": upload(b"picture"), "alt": ""}
    assert send(pictures=[picture] * 5).json()["error"] == "The post has 5 pictures; Mastodon takes 4."


def test_an_answer_to_a_post_of_another_network_is_refused(send: Send):
    there = send(network="facebook").json()["id"]
    assert send(reply_to=there).status_code == 422


def test_a_text_of_spaces_with_a_picture_is_taken_as_it_is(wall: Wall, send: Send, upload):
    assert send(text="", pictures=[{"digest": upload(b"picture"), "alt": "A"}]).status_code == 201


def test_a_picture_must_be_what_its_address_says(wall: Wall):
    assert put(wall, "a" * 64, b"picture").status_code == 422
    assert put(wall, "short", b"picture").status_code == 422


def test_a_picture_may_be_uploaded_again(wall: Wall):
    digest = hashlib.sha256(b"picture").hexdigest()
    assert [put(wall, digest, b"picture").status_code for _ in range(2)] == [201, 200]


@pytest.mark.parametrize("content_type", ["text/html", "image/svg+xml", ""])
def test_what_could_hold_a_script_is_no_picture(wall: Wall, content_type: str):
    assert put(wall, hashlib.sha256(b"<svg/>").hexdigest(), b"<svg/>", content_type).status_code == 415


def test_a_picture_over_eight_megabytes_is_turned_away_with_an_answer(wall: Wall):
    data = b"0" * 8_000_001
    assert put(wall, hashlib.sha256(data).hexdigest(), data).status_code == 413
    data = data[:-1]
    assert put(wall, hashlib.sha256(data).hexdigest(), data).status_code == 201


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000])
def test_a_body_that_is_no_json_is_said_to_be_none(wall: Wall, body: bytes):
    headers = {"Authorization": "Bearer one"}
    assert requests.post(f"{wall.url}/api/posts", data=body, headers=headers, timeout=10).status_code == 400


def test_a_time_without_a_zone_is_refused(wall: Wall):
    asked = {"network": "x", "account": "a", "since": "2023-04-12T09:00:00"}
    answer = requests.get(f"{wall.url}/api/posts", params=asked, headers={"Authorization": "Bearer one"}, timeout=10)
    assert (answer.status_code, answer.json()) == (422, {"error": "«since» has no time zone."})


def test_a_call_cut_in_the_middle_posts_nothing(wall: Wall):
    with socket.create_connection(("127.0.0.1", wall.port), timeout=10) as connection:
        connection.sendall(b'POST /api/posts HTTP/1.1\r\nHost: wall\r\nContent-Length: 500\r\n\r\n{"network"')
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(100).startswith(b"HTTP/1.1 400 ")
    assert wall.posts() == []


def test_wrong_addresses_and_methods_are_answered(wall: Wall):
    assert requests.get(f"{wall.url}/nothing", timeout=10).status_code == 404
    answer = requests.delete(f"{wall.url}/api/posts", timeout=10)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST, GET")


def test_one_connection_carries_many_calls(wall: Wall):
    with requests.Session() as session:
        statuses = [session.get(f"{wall.url}/healthz", timeout=10).status_code for _ in range(3)]
        statuses.append(session.post(f"{wall.url}/api/posts", json={}, timeout=10).status_code)
        statuses.append(session.head(f"{wall.url}/", timeout=10).status_code)
        assert [*statuses, session.get(f"{wall.url}/healthz", timeout=10).status_code] == [200, 200, 200, 401, 200, 200]
