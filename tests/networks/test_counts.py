"""Characters and bytes, counted as the `regex` package and Python count, on texts in 24 languages."""

import regex
from hypothesis import given
from hypothesis import strategies as st

from networks.text import graphemes, utf8_bytes, utf16_units
from tests.networks.many_languages import SENTENCES, random_texts

TEXTS = random_texts(3000)


def test_the_texts_are_in_24_languages_and_all_different() -> None:
    assert len(SENTENCES) == 24
    assert len(set(TEXTS)) > 2900


def test_characters_are_counted_as_the_regex_package_counts_them() -> None:
    assert [text for text in TEXTS if graphemes(text) != len(regex.findall(r"\X", text))] == []


def test_bytes_are_counted_as_they_are_sent() -> None:
    assert [text for text in TEXTS if utf8_bytes(text) != len(text.encode())] == []


def test_utf_16_units_are_counted_as_javascript_counts_them() -> None:
    assert [text for text in TEXTS if utf16_units(text) != sum(1 + (ord(sign) > 0xFFFF) for sign in text)] == []


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_any_text_has_the_same_count(text: str) -> None:
    assert graphemes(text) == len(regex.findall(r"\X", text))
    assert utf8_bytes(text) == len(text.encode())
