"""Where links, hashtags and mentions stand."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from networks.text import find_hashtags, find_links, find_mentions


def test_a_span_says_where_it_stands() -> None:
    text = "“Ναι” 👩‍👧: https://victim-support.eu/ναι?a=1, yes"
    (link,) = find_links(text)
    assert link.text == text[link.start : link.end] == "https://victim-support.eu/ναι?a=1"


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("See victim-support.eu/help.", ["victim-support.eu/help"]),
        ("a.eu.Weiter", ["a.eu"]),
        ("https://a.eu/x_(y) (https://b.eu)", ["https://a.eu/x_(y)", "https://b.eu"]),
        ("https://a.eu/x,https://b.eu/y", ["https://a.eu/x,https://b.eu/y"]),
        ("jane@a.eu", []),
        ("no dots at all", []),
        ("https://έγκλημα.ελ/", ["https://έγκλημα.ελ/"]),
    ],
)
def test_links(text: str, links: list[str]) -> None:
    assert [link.text for link in find_links(text)] == links


@pytest.mark.parametrize(
    ("text", "hashtags"),
    [
        ("#VictimsRights, #ΔικαιώματαΘυμάτων!", ["#VictimsRights", "#ΔικαιώματαΘυμάτων"]),
        ("#116006 #116006Helpline", ["#116006Helpline"]),
        ("a#b &#x27; https://a.eu/#part #️⃣", []),
        ("(#a_1)", ["#a_1"]),
        ("＃被害者", ["＃被害者"]),
    ],
)
def test_hashtags(text: str, hashtags: list[str]) -> None:
    assert [tag.text for tag in find_hashtags(text)] == hashtags


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        ("@EU_Commission, (@Europarl_EN).", ["@EU_Commission", "@Europarl_EN"]),
        ("Ask @ec.europa.eu.", ["@ec.europa.eu"]),
        ("@user@mastodon.example!", ["@user@mastodon.example"]),
        ("info@victim-support.eu https://a.eu/@user @ alone", []),
        ("@eu-justice.bsky.social", ["@eu-justice.bsky.social"]),
    ],
)
def test_mentions(text: str, mentions: list[str]) -> None:
    assert [at.text for at in find_mentions(text)] == mentions


@given(st.text(alphabet="a.@#/:eu ht(p)s-_é👍\u0301", max_size=60))
def test_spans_are_in_order_apart_and_hold_their_text(text: str) -> None:
    for find in (find_links, find_hashtags, find_mentions):
        spans = find(text)
        assert all(text[span.start : span.end] == span.text for span in spans)
        assert all(one.end <= two.start for one, two in pairwise(spans))
