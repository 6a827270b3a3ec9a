"""What a person sees on the wall, as HTML."""

import re
import sqlite3

import pytest
import requests

from tests.networks.wall.conftest import Send
from tests.wall_process import Wall


def page(wall: Wall, path: str = "/") -> str:
    answer = requests.get(wall.url + path, headers={"Accept": "text/html"}, timeout=10)
    return answer.text


def shown(html: str) -> list[str]:
    """The texts of the posts on a page, from top to bottom."""
    return re.findall(r'<p class="txt"[^>]*>(.*?)</p>', html, re.DOTALL)


def test_an_empty_wall_says_so(wall: Wall):
    assert "Nothing has been posted yet" in page(wall)


def test_a_post_is_shown_with_author_network_language_and_count(wall: Wall, send: Send):
    send()
    html = page(wall)
    assert shown(html) == ["116 006"]
    for part in (">APAV</h2>", ">@apav</span>", "Mastodon · ", ' lang="pt" dir="auto"', "7 of 500", "Portuguese"):
        assert part in html


def test_everything_a_client_sends_is_escaped(wall: Wall, send: Send, upload):
    bad = "<script>\"'&"
    picture = {"digest": upload(b"picture"), "alt": bad}
    send(account=bad, author=bad, text=bad, pictures=[picture])
    html = page(wall) + page(wall, "/posts/1") + page(wall, "/?account=%3Cscript%3E%22&network=%3Cscript%3E%22")
    assert "&lt;script&gt;" in html
    assert re.findall(r"<script(?! src=\"/wall\.js\")", html) == []
    assert "\"'&" not in html


def test_the_newest_post_is_on_top(wall: Wall, send: Send):
    for text in ("One", "Two"):
        send(text=text)
    assert shown(page(wall)) == ["Two", "One"]


def test_a_thread_stays_together_in_its_own_order(wall: Wall, send: Send):
    first = send(text="One").json()["id"]
    send(text="Another")
    second = send(text="Two", reply_to=first).json()["id"]
    send(text="Three", reply_to=second)
    html = page(wall)
    assert shown(html) == ["One", "Two", "Three", "Another"]
    assert re.findall(r"Part (\d of \d)", html) == ["1 of 3", "2 of 3", "3 of 3"]


def test_a_branch_says_what_it_answers(wall: Wall, send: Send):
    first = send(text="One").json()["id"]
    for text in ("Two", "Three"):
        send(text=text, reply_to=first)
    assert page(wall).count(f'answers <a href="/posts/{first}">post {first}</a>') == 1


def test_a_text_that_was_posted_twice_is_marked_on_both(wall: Wall, send: Send):
    for text in ("Same", "Same", "Once"):
        send(text=text)
    send(account="other", text="Once", token="other")
    html = page(wall)
    assert html.count("Posted twice by this account") == 2
    assert "One text stands here more than once" in html
    assert shown(page(wall, "/?show=repeated")) == ["Same", "Same"]


def test_a_third_copy_is_counted(wall: Wall, send: Send):
    for _ in range(4):
        send()
    assert page(wall).count("Posted 4 times by this account") == 4


@pytest.mark.parametrize(
    ("path", "texts"),
    [
        ("/?network=facebook", ["On Facebook"]),
        ("/?account=other", ["By another"]),
        ("/?network=facebook&account=other", []),
    ],
)
def test_the_feed_is_filtered_by_network_and_account(wall: Wall, send: Send, path: str, texts: list[str]):
    send(network="facebook", text="On Facebook")
    send(account="other", text="By another")
    html = page(wall, path)
    assert shown(html) == texts
    assert ("No post fits" in html) == (not texts)


def test_two_hundred_conversations_a_page_and_then_older(wall: Wall, send: Send):
    for number in range(201):
        send(text=str(number))
    first = page(wall)
    older = re.findall(r'class="older" href="([^"]+)"', first)
    assert len(shown(first)) == 200
    assert shown(page(wall, older[0])) == ["0"]


def test_instagram_shows_the_picture_first_and_links_nothing(wall: Wall, send: Send, upload):
    picture = {"digest": upload(b"picture"), "alt": "Uma mão"}
    send(network="instagram", text="https://apav.pt", pictures=[picture])
    html = page(wall)
    assert html.index('<img src="/pictures/') < html.index('<p class="txt"')
    assert shown(html) == ['<span class="link">https://apav.pt</span>']


def test_a_picture_has_its_alt_text_in_sight_or_its_lack(wall: Wall, send: Send, upload):
    digest = upload(b"picture")
    send(pictures=[{"digest": digest, "alt": "Uma mão"}, {"digest": digest, "alt": ""}])
    html = page(wall)
    assert 'alt="Uma mão" lang="pt"' in html
    assert '<summary>ALT</summary><p lang="pt" dir="auto">Uma mão</p>' in html
    assert "No alternative text" in html


def test_a_post_has_an_address_of_its_own(wall: Wall, send: Send):
    url = send().json()["url"]
    assert url == f"{wall.url}/posts/1"
    assert shown(page(wall, "/posts/1")) == ["116 006"]


def test_an_unknown_post_is_a_page_with_404(wall: Wall):
    answer = requests.get(f"{wall.url}/posts/7", headers={"Accept": "text/html"}, timeout=10)
    assert (answer.status_code, "There is no such post on the wall." in answer.text) == (404, True)


def test_every_page_forbids_other_hosts_and_inline_scripts(wall: Wall, send: Send):
    send()
    policy = requests.get(f"{wall.url}/", timeout=10).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert " style=" not in page(wall)


@pytest.mark.parametrize("path", ["/wall.css", "/wall.js", "/icon.svg", "/healthz", "/count.json"])
def test_what_a_page_needs_is_there(wall: Wall, path: str):
    assert requests.get(wall.url + path, timeout=10).status_code == 200


def test_the_network_of_each_post_stays_readable_when_it_is_no_longer_known(wall: Wall, send: Send):
    send()
    with sqlite3.connect(wall.data / "wall.sqlite3") as database:
        database.execute("UPDATE post SET network = 'pigeons'")
    assert "pigeons · " in page(wall)
