"""How X, Mastodon, Bluesky and LinkedIn count, and how a text travels to LinkedIn."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from networks.text import graphemes, linkedin_escape, mastodon_length, utf8_bytes, utf16_units, x_weight

WEIGHTS = {
    # Letters and signs
    "": 0,
    "Help": 4,
    "Līdztiesība, naïve, Größe": 25,
    "għajnuna ċġħż": 13,
    "Ελλάδα": 6,
    "Жертвы": 6,
    "حقوق": 4,
    "a\nb\tc": 5,
    "€": 2,
    "…": 2,
    "•": 2,
    "™": 2,
    "→": 2,
    "₂": 2,
    "—": 1,
    "–": 1,
    "“”‘’„‟": 6,
    "a\u2003b": 3,
    "a\u202fb": 4,
    "a\u00a0b": 3,
    "‰": 2,
    "′″": 2,
    "†": 2,
    "ა": 1,
    "ჼ": 1,
    "ᄀ": 2,
    "ỏ": 2,
    "被害者": 6,
    "ﬁ": 2,
    "𝐀": 2,
    # Emoji: one each, however many code points
    "👍": 2,
    "👍🏽": 2,
    "👩‍👩‍👧‍👦": 2,
    "👩🏾‍❤️‍💋‍👨🏻": 2,
    "🧑‍🦽‍➡️": 2,
    "🏳️‍🌈": 2,
    "🇪🇺": 2,
    "🇪🇺🇲🇹": 4,
    "🏴󠁧󠁢󠁳󠁣󠁴󠁿": 2,
    "1️⃣": 2,
    "#️⃣": 2,
    "*⃣": 2,
    "☎️": 2,
    "☎": 2,
    "☎︎": 4,
    "©": 1,
    "©️": 2,
    "®": 1,
    "🏽": 2,
    "Help 👍👍": 9,
    # Links: 23 each
    "https://a.eu": 23,
    "http://a.eu/": 23,
    "HTTPS://A.EU": 23,
    "https://victim-support.eu/a/very/long/path/that/goes/on?and=on&on=1#and-on": 23,
    "victim-support.eu": 23,
    "office.for.victims.of.crime.example.gouv.fr": 23,
    "victim-support.eu/help": 23,
    "See victim-support.eu.": 28,
    "See https://a.eu/b, https://a.eu/c!": 53,
    "(https://a.eu/b)": 25,
    "(https://a.eu/b_(c))": 25,
    "«https://a.eu»": 25,
    "“a.eu/x”": 25,
    "https://a.eu…": 25,
    "https://a.eu/é/ж": 23,
    "https://a.eu/ελ": 25,
    "https://παράδειγμα.ευ": 23,
    "https://a.eu:8000/x": 23,
    "https://a.eu?x=1": 23,
    "a.pt\nb.fi": 47,
    "详见a.eu": 27,
    # No links
    "info@victim-support.eu": 22,
    "first.last@victim-support.eu": 28,
    "a.eu.b@c.org": 12 - len("a.eu") + 23,
    "@ec.europa.eu": 13,
    "#a.eu": 5,
    "/a.eu": 5,
    "-a.eu": 5,
    "e.g. z.B. 2.5": 13,
    "116.006": 7,
    "the end.Then": 12,
    "https://localhost/x": 19,
    "https://server.invalid/x": 24,
    "a..eu": 5,
}


@pytest.mark.parametrize(("text", "weight"), WEIGHTS.items())
def test_x_weighs(text: str, weight: int) -> None:
    assert x_weight(text) == weight


@given(st.text(max_size=200))
def test_x_weighs_composed_and_decomposed_alike(text: str) -> None:
    assert x_weight(unicodedata.normalize("NFD", text)) == x_weight(unicodedata.normalize("NFC", text))


@given(st.text(alphabet=st.characters(exclude_characters=".", max_codepoint=0x10FF), max_size=200))
def test_x_weighs_letters_of_europe_without_dots_as_they_are(text: str) -> None:
    plain = "".join(sign for sign in text if sign not in "©®")
    assert x_weight(plain) == len(unicodedata.normalize("NFC", plain))


def test_a_label_of_letters_stays_quick_to_weigh() -> None:
    assert x_weight("a" * 50_000 + "." * 50_000 + "a." * 20_000) > 0


@pytest.mark.parametrize(
    ("text", "length"),
    {
        "naïve": 5,
        unicodedata.normalize("NFD", "naïve"): 5,
        "👩‍👩‍👧‍👦 🇪🇺": 3,
        "a\r\nb": 3,
        "€…": 2,
    }.items(),
)
def test_graphemes_are_what_a_reader_sees(text: str, length: int) -> None:
    assert graphemes(text) == length


@pytest.mark.parametrize(
    ("text", "length"),
    {
        "https://victim-support.eu/a/very/long/address": 23,
        "http://a.eu": 23,
        "See https://a.eu.": 28,
        "victim-support.eu": 17,
        "@user@mastodon.example": 5,
        "@user@mastodon.example, @other": 13,
        "https://mastodon.social/@user@mastodon.example": 23,
        "info@victim-support.eu": 22,
        "👩‍👩‍👧‍👦": 1,
    }.items(),
)
def test_mastodon_counts(text: str, length: int) -> None:
    assert mastodon_length(text) == length


def test_an_instance_may_count_links_otherwise() -> None:
    assert mastodon_length("https://a.eu and https://b.eu", url_length=30) == 65


def test_bytes_and_units() -> None:
    assert (utf8_bytes("aé€👍"), utf16_units("aé€👍")) == (10, 5)


@pytest.mark.parametrize("sign", "|{}@[]()<>#*_~\\")
def test_linkedin_gets_a_backslash_before_each_reserved_character(sign: str) -> None:
    assert linkedin_escape(f"a {sign} b") == f"a \\{sign} b"


def test_linkedin_gets_our_hashtags_as_they_are() -> None:
    assert linkedin_escape("(#Victims_Rights) a_b #116") == r"\(#Victims_Rights\) a\_b \#116"


@given(st.text(max_size=200))
def test_what_travels_to_linkedin_reads_the_same_without_its_backslashes(text: str) -> None:
    escaped = iter(linkedin_escape(text))
    assert "".join(next(escaped) if sign == "\\" else sign for sign in escaped) == text
