"""The session that libraries get: their calls end as ours do, whatever they make of the failure."""

from collections.abc import Iterator

import facebook
import mastodon
import pytest
import requests
import tweepy

from networks.errors import LaterError, UnclearError
from networks.http import Http
from networks.library import LibrarySession, our_error, reading_error
from tests.networks.fakes.base import FakeServer, Reply, Request

TOKEN = "bearer-token-987"
X = "https://api.twitter.com"


class Scripted(FakeServer):
    reply = Reply.of(200, {"data": {"id": "1", "text": "x"}})

    def answer(self, request: Request) -> Reply:
        return self.reply


@pytest.fixture
def server() -> Iterator[Scripted]:
    with Scripted() as server:
        yield server


@pytest.fixture
def session(server: Scripted) -> LibrarySession:
    return LibrarySession(Http(server.url, secrets=[TOKEN]), instead_of=X)


@pytest.fixture
def client(session: LibrarySession) -> tweepy.Client:
    client = tweepy.Client(bearer_token=TOKEN)
    client.session = session
    return client


def test_a_call_goes_to_our_address_with_the_librarys_own_words(server: Scripted, client: tweepy.Client) -> None:
    client.create_tweet(text="Hello", user_auth=False)
    sent = server.requests[0]
    assert (sent.method, sent.path, sent.json()) == ("POST", "/2/tweets", {"text": "Hello"})
    assert sent.headers["Authorization"] == f"Bearer {TOKEN}"


def test_an_answer_that_does_not_come_is_unclear_within_our_time(
    server: Scripted, session: LibrarySession, client: tweepy.Client
) -> None:
    server.next_answer("hang_after_accept")
    with session.once(0.5), pytest.raises(UnclearError):
        client.create_tweet(text="Hello", user_auth=False)
    assert len(server.requests) == 1


def test_outside_the_one_call_the_same_failure_means_later(server: Scripted, client: tweepy.Client) -> None:
    server.next_answer("server_error_after_accept")
    with pytest.raises(LaterError):
        client.create_tweet(text="Hello", user_auth=False)


def test_our_error_is_found_inside_the_librarys(server: Scripted) -> None:
    session = LibrarySession(Http(server.url), instead_of="https://a.example")
    client = mastodon.Mastodon(
        access_token=TOKEN, api_base_url="https://a.example", session=session, ratelimit_method="throw"
    )
    server.next_answer("server_error_after_accept")
    with session.once(), pytest.raises(mastodon.MastodonNetworkError) as caught:
        client.status_post("Hello")
    assert isinstance(our_error(caught.value), UnclearError)
    assert our_error(ValueError("the library's own")) is None


def test_a_body_that_is_no_json_is_told_apart(server: Scripted) -> None:
    server.reply = Reply(200, b"<html>", {"Content-Type": "application/json"})
    session = LibrarySession(Http(server.url), instead_of=facebook.FACEBOOK_GRAPH_URL)
    with pytest.raises(requests.JSONDecodeError) as caught:
        facebook.GraphAPI("t", session=session).get_object("me")
    assert reading_error(caught.value)
