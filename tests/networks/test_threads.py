"""How a long text becomes a thread."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from networks.text import split_text, x_weight
from tests.networks.samples import WORDS


def up_to(limit: int) -> Callable[[str], bool]:
    return lambda text: len(text) <= limit


def fits_x(text: str) -> bool:
    return x_weight(text) <= 280


def test_a_text_that_fits_comes_back_as_it_is() -> None:
    assert split_text(" as it\n\nis ", up_to(100)) == [" as it\n\nis "]


def test_it_is_cut_at_a_paragraph_first() -> None:
    assert split_text("One two. Three four.\n\nFive six.", up_to(28)) == ["One two. Three four.", "Five six."]


def test_it_is_cut_at_a_sentence_rather_than_at_a_word() -> None:
    assert split_text("One two three. Four five six.", up_to(20)) == ["One two three.", "Four five six."]


def test_it_is_cut_at_a_clause_rather_than_at_a_word() -> None:
    assert split_text("one two three, four five six", up_to(21)) == ["one two three,", "four five six"]


def test_an_abbreviation_does_not_end_a_sentence() -> None:
    parts = split_text("Call us, e.g. at night. Somebody listens.", up_to(25))
    assert parts == ["Call us, e.g. at night.", "Somebody listens."]


def test_paragraphs_and_lines_inside_a_part_stay_as_they_were() -> None:
    assert split_text("One\ntwo.\n\nThree.\n\nFour five six seven.", up_to(22))[0] == "One\ntwo.\n\nThree."


@pytest.mark.parametrize("number", ["116 006", "116\u00a0006", "+32 2 123 45 67", "(116 006).", "116\u202f006"])
def test_a_number_in_groups_stays_together(number: str) -> None:
    for limit in range(20, 60):
        parts = split_text(f"Anybody may call the helpline on {number} at any hour of the day", up_to(limit))
        assert any(number in part for part in parts)


@pytest.mark.parametrize("mark", ["?", "!", ":", "»", "%", "€"])
def test_a_mark_that_is_set_off_by_a_space_never_begins_a_part(mark: str) -> None:
    for limit in range(12, 40):
        parts = split_text(f"Vous avez besoin {mark} Nous sommes là pour vous aider", up_to(limit))
        assert not any(part.startswith(mark) for part in parts)


def test_words_that_belong_together_part_where_they_do_not_fit_together() -> None:
    assert split_text("1 2 3 4 5 6", up_to(5)) == ["1 2 3", "4 5 6"]


def test_the_last_part_is_not_one_word() -> None:
    for length in range(20, 200):
        parts = split_text(" ".join(["word"] * length), up_to(99))
        assert len(parts[-1].split()) > 1


def test_parts_of_a_plain_text_are_of_about_one_size() -> None:
    sizes = [len(part) for part in split_text(" ".join(["word"] * 42), up_to(200))]
    assert len(sizes) == 2
    assert max(sizes) - min(sizes) <= 10


def test_a_link_or_a_hashtag_is_never_cut() -> None:
    link = "https://victim-support.eu/help?lang=el#call"
    parts = split_text(f"Read this before you go on: {link} #VictimsRights @EU_Commission", up_to(50))
    assert [sum(whole in part for part in parts) for whole in (link, "#VictimsRights", "@EU_Commission")] == [1, 1, 1]


def test_one_word_too_long_is_named() -> None:
    with pytest.raises(ValueError, match="aaaaaaaaaa"):
        split_text("help " + "a" * 30, up_to(20))


def test_white_space_alone_is_nothing() -> None:
    assert split_text(" " * 30, up_to(20)) == [""]


@pytest.mark.parametrize("text", ["1 " * 1500, "help " * 1500, "why ? " * 1500])
def test_a_very_long_text_is_measured_a_few_times_only(text: str) -> None:
    measured: list[int] = []

    def fits(part: str) -> bool:
        measured.append(len(part))
        return len(part) <= 280

    split_text(text, fits)
    assert sum(measured) < 1000 * len(text)


@given(st.lists(st.sampled_from((*WORDS, "\n", "\n\n")), max_size=200).map(" ".join))
def test_every_word_is_there_once_in_order_and_every_part_fits(text: str) -> None:
    parts = split_text(text, fits_x)
    assert " ".join(parts).split() == text.split()
    assert all(fits_x(part) for part in parts)


@given(st.text(alphabet="ab 1?«.\n\u00a0", max_size=120), st.integers(min_value=1, max_value=40))
def test_strange_texts_are_whole_too_or_refused(text: str, limit: int) -> None:
    longest = max((len(word) for word in text.replace("\u00a0", "x").split()), default=0)
    if longest > limit:
        return
    parts = split_text(text, up_to(limit))
    assert " ".join(parts).split() == text.split()
    assert all(len(part) <= limit for part in parts)
