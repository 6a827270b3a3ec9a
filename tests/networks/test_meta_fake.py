"""The local Graph API is as strict as Meta's published descriptions, and stricter where that finds our mistakes."""

from collections.abc import Iterator

import pytest

from networks.errors import LaterError, NetworkError, ReconnectError, RefusedError
from networks.meta.client import Graph
from tests.networks.fakes.facebook import FakeFacebook
from tests.networks.fakes.graph_spec import SpecError, check_call, check_fields, split_fields
from tests.networks.fakes.instagram import ACCOUNT, FakeInstagram


@pytest.fixture
def server() -> Iterator[FakeFacebook]:
    with FakeFacebook() as server:
        yield server


def graph(server: FakeFacebook, **changes: str) -> Graph:
    own = server.credentials()
    given = {"token": own["access_token"], "proof": own["appsecret_proof"], **changes}
    return Graph(server.url, given.pop("token"), **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("field", "value"),
    [("alt_text", "A hand"), ("language", "el"), ("published", "yes"), ("attached_media", "7"), ("message_tags", "[]")],
)
def test_an_unknown_parameter_or_a_wrong_type_is_refused(server: FakeFacebook, field: str, value: str) -> None:
    with pytest.raises(RefusedError, match=field):
        graph(server).post(f"{server.page.remote_id}/feed", **{"message": "Hello", field: value})
    assert server.posts() == []


def test_what_a_call_needs_must_be_there() -> None:
    with pytest.raises(SpecError, match="needs creation_id"):
        check_call("IGUser", "POST", "media_publish", {})
    with pytest.raises(SpecError, match="has no DELETE #delete"):
        check_call("IGUser", "DELETE", "#delete", {})


def test_a_field_that_a_node_does_not_have_is_refused() -> None:
    check_fields("PagePost", "id,attachments{target},reactions.limit(0).summary(total_count)")
    with pytest.raises(SpecError, match="has no field likes_count"):
        check_fields("PagePost", "id,likes_count")
    with pytest.raises(SpecError, match="has no field birthday"):
        check_fields("Account", "instagram_business_account{birthday}")


def test_fields_are_split_outside_their_braces() -> None:
    assert split_fields("a,b{c,d{e}},f.limit(0)") == [("a", ""), ("b", "c,d{e}"), ("f", "")]


def test_another_version_is_refused(server: FakeFacebook) -> None:
    with pytest.raises(RefusedError, match="deprecated version"):
        graph(server, version="v3.1").get(server.page.remote_id, fields="id")


def test_a_token_that_nobody_has_and_a_wrong_proof_are_refused(server: FakeFacebook) -> None:
    with pytest.raises(ReconnectError):
        graph(server, token="EAAnobody").get(server.page.remote_id, fields="id")
    with pytest.raises(RefusedError, match="appsecret_proof"):
        graph(server, proof="0" * 64).get(server.page.remote_id, fields="id")


def test_the_same_words_twice_are_refused_as_facebook_does(server: FakeFacebook) -> None:
    page = f"{server.page.remote_id}/feed"
    graph(server).post(page, message="Hello")
    with pytest.raises(NetworkError) as caught:
        graph(server).post(page, message="Hello")
    assert caught.value.code == "506"


def test_instagram_refuses_an_address_that_it_cannot_fetch() -> None:
    with FakeInstagram() as server:
        own = server.credentials()
        client = Graph(server.url, own["access_token"], proof=own["appsecret_proof"])
        with pytest.raises(LaterError) as caught:
            client.post(f"{ACCOUNT}/media", image_url=f"{server.url}/nothing.jpg")
    assert caught.value.code == "9004/2207052"
