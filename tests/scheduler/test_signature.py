"""Texts that say almost the same share a key; others seldom do."""

import random

import pytest

from scheduler.services.signature import ALIKE, BANDS, band_keys, likeness, plain_words, shingles

POST = (
    "Every victim of crime in Europe has the right to be heard, and 116 006 answers in thirteen countries, free of "
    "charge and in confidence. Call, write, or come by. {hashtags}"
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Call 116 006 — now!", "call 116 006 now"),
        ("Hilfe: https://victim-support.eu/de @EU_Commission #Opfer", "hilfe opfer"),
        ("ΔΙΚΑΙΏΜΑΤΑ θυμάτων 👩‍👩‍👧", "δικαιώματα θυμάτων"),
        ("victim-support.eu", ""),
    ],
)
def test_only_the_words_of_a_text_are_compared(text: str, words: str) -> None:
    assert plain_words(text) == words


def changed(words: str, many: int) -> str:
    """The words with that many of them replaced."""
    parts = words.split()
    for number in range(many):
        parts[3 + number * 7] = f"elsewhere{number}"[:7]
    return " ".join(parts)


def test_two_words_of_another_choice_make_no_other_text_and_four_do() -> None:
    words = plain_words(POST)
    assert likeness(words, changed(words, 2)) >= ALIKE > likeness(words, changed(words, 4))


def test_one_word_of_another_choice_makes_no_other_text_of_a_short_one() -> None:
    words = "116 006 answers in thirteen european countries free of charge 116006helpline"
    assert likeness(words, words.replace("answers", "replies")) >= ALIKE


def test_alike_texts_share_a_key() -> None:
    random.seed(5)
    letters = "abcdefghijklmnopqrstuvwxyz"
    missed = 0
    for _ in range(200):
        words = " ".join("".join(random.choices(letters, k=random.randint(2, 9))) for _ in range(40))
        other = changed(words, 2)
        alike = likeness(words, other) >= ALIKE
        missed += alike and not set(band_keys(words, "en")) & set(band_keys(other, "en"))
    assert missed == 0


def test_languages_never_share_a_key_and_their_variants_do() -> None:
    words = plain_words(POST)
    assert not set(band_keys(words, "pt")) & set(band_keys(words, "fr"))
    assert set(band_keys(words, "pt")) == set(band_keys(words, "pt-BR"))


def test_nothing_has_no_key() -> None:
    assert (band_keys("", "en"), shingles(""), likeness("", "")) == ([], frozenset(), 0.0)
    assert len(band_keys("a", "en")) == BANDS


def test_a_key_fits_into_a_column_of_64_bits() -> None:
    assert all(-(2**63) <= key < 2**63 for key in band_keys(plain_words(POST), "en"))
