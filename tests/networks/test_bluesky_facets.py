"""Facets: what of a text is live on Bluesky, by bytes."""

import pytest

from networks.bluesky.facets import facets, handles, known
from networks.bluesky.tid import TID, new_tid, tid
from networks.content import Mention


def live(text: str, dids: dict[str, str] | None = None) -> list[tuple[str, str]]:
    """Each live stretch, cut from the bytes as a client cuts it, and what it leads to."""
    data = text.encode()
    found = []
    for facet in facets(text, dids or {}):
        (feature,) = facet["features"]
        index = facet["index"]
        target = feature.get("uri") or feature.get("tag") or feature.get("did")
        found.append((data[index["byteStart"] : index["byteEnd"]].decode(), target))
    return found


def test_a_link_is_live_after_letters_of_several_bytes() -> None:
    assert live("Ευρώπη — 👩‍👩‍👧 https://victim-support.eu/help.") == [
        ("https://victim-support.eu/help", "https://victim-support.eu/help")
    ]


def test_a_bare_domain_leads_to_https() -> None:
    assert live("see victim-support.eu/help") == [("victim-support.eu/help", "https://victim-support.eu/help")]


def test_a_hashtag_leads_to_its_word() -> None:
    assert live("#Helpline116006 und #Ευρώπη") == [("#Helpline116006", "Helpline116006"), ("#Ευρώπη", "Ευρώπη")]


def test_a_number_alone_is_no_hashtag() -> None:
    assert live("call #116006") == []


def test_a_hashtag_longer_than_the_lexicon_allows_stays_text() -> None:
    assert live("#" + "a" * 65) == []


def test_a_mention_leads_to_its_did() -> None:
    assert live("with @EC.test today", {"ec.test": "did:plc:ec"}) == [("@EC.test", "did:plc:ec")]


def test_a_mention_without_a_did_stays_text() -> None:
    assert live("with @ec.test", {"ec.test": ""}) == []


def test_a_handle_of_another_network_is_not_asked_for() -> None:
    assert handles("@EU_Commission @user@mastodon.example @ec.test @ec.test") == ["ec.test"]


def test_facets_stand_in_the_order_of_the_text() -> None:
    text = "#a @ec.test https://victim-support.eu #b"
    assert [part for part, _ in live(text, {"ec.test": "did:plc:ec"})] == text.split()


def test_a_known_did_needs_no_look_up_and_an_urn_is_none() -> None:
    assert known([Mention("@EC.test", "did:plc:ec"), Mention("x.test", "urn:li:1")]) == {"ec.test": "did:plc:ec"}


def test_a_key_has_the_form_of_a_tid() -> None:
    assert TID.fullmatch(new_tid())


def test_keys_sort_by_time() -> None:
    moments = range(1_700_000_000_000_000, 3_000_000_000_000_000, 100_000_000_000_000)
    keys = [tid(moment, 1023 - number) for number, moment in enumerate(moments)]
    assert keys == sorted(keys)


@pytest.mark.parametrize(
    ("microseconds", "clock", "key"),
    [(0, 0, "2222222222222"), (1, 1, "2222222222323"), (2**53 - 1, 1023, "bzzzzzzzzzzzz")],
)
def test_a_key_is_the_moment_and_the_clock(microseconds: int, clock: int, key: str) -> None:
    assert tid(microseconds, clock) == key
