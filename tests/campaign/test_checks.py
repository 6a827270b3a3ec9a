"""The checks over a translation beside its source."""

import pytest

from campaign.checks import Pair, check_pair, check_texts


def codes(source: str, text: str, **more: bool) -> list[str]:
    """What is found, by code."""
    return [finding.code for finding in check_pair(Pair(source, text, **more))]


def test_a_good_translation_has_no_findings():
    assert codes("Call 116 006. {targets} #EU", "Soita 116\u00a0006. {targets} #eu") == []


def test_a_lost_merge_field_is_an_error_that_names_it():
    (finding,) = check_pair(Pair("Read {link:paper}. {hashtags}", "Lue. {hashtags}"))
    assert (finding.severity, finding.code) == ("error", "field-lost")
    assert "{link:paper}" in finding.message


@pytest.mark.parametrize("text", ["41 630 appels", "41.630 chamadas", "41\u202f630 appels", "41’630", "41630"])
def test_separators_of_numbers_do_not_matter(text: str):
    assert codes("41,630 calls", text) == []


def test_another_number_is_a_warning_with_both_sides():
    (finding,) = check_pair(Pair("Call 116 006 in 2022", "Soita 116 000 vuonna 2022"))
    assert (finding.severity, finding.code) == ("warning", "numbers-differ")
    assert "116 006 only in the source" in finding.message
    assert "116 000 only here" in finding.message


def test_a_year_beside_a_large_number_stays_a_year():
    assert codes("In 2022 41,630 calls", "41 630 puhelua vuonna 2022") == []


def test_numbers_in_fields_addresses_and_hashtags_do_not_count():
    assert codes("{link:a-1} https://a.example/2 #3a", "{link:a-1} #3a teksti") == []


def test_the_source_word_for_word_is_a_warning():
    assert codes("No victim alone.", "No  victim alone.") == ["same-as-source"]


def test_the_source_word_for_word_is_right_in_the_same_language():
    assert codes("No victim alone.", "No victim alone.", same_language=True) == []


def test_no_text_is_one_error():
    assert codes("Call 116 006 {targets}", " \n") == ["empty"]


def test_a_lost_hashtag_is_a_warning():
    assert codes("Help #116006Helpline", "Apua") == ["hashtags-lost"]


def test_a_short_text_is_checked_where_both_have_one():
    findings = check_texts(("One", "Call 116 006"), ("Yksi", "Soita"))
    assert [finding.code for finding in findings] == ["short-numbers-differ"]


def test_a_missing_short_text_is_no_fault():
    assert check_texts(("One", "Call 116 006"), ("Yksi", "")) == []
