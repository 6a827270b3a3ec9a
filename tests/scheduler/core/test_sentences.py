"""The sentence of a gate is stored in English and read in the language of whoever looks."""

import pytest
from django.utils.translation import override

from scheduler.services.gates import EMBARGO, LINK_EMPTY
from scheduler.services.sentences import PATTERNS, retold

pytestmark = pytest.mark.usefixtures("compiled_catalogues")


def test_a_sentence_without_names_is_read_in_the_readers_language():
    with override("fi"):
        assert retold("The text is not approved yet.") == "Tekstiä ei ole vielä hyväksytty."


def test_a_sentence_keeps_its_names_and_numbers():
    with override("pt"):
        said = retold(EMBARGO % {"link": "Joint statement 100%", "until": "2026-11-27 08:00"})
    assert said == "«Joint statement 100%» está sob embargo até 27 de Novembro de 2026, 08:00 UTC."


def test_in_english_it_is_read_as_it_was_written():
    written = LINK_EMPTY % {"link": "Joint\nstatement"}
    with override("en"):
        assert retold(written) == written


@pytest.mark.parametrize("sentence", ["", "Bluesky says: InvalidRequest"])
def test_what_no_gate_has_said_stays_as_it_is(sentence: str):
    with override("fr"):
        assert retold(sentence) == sentence


@pytest.mark.parametrize("language", ["fi", "fr", "pt"])
@pytest.mark.parametrize("pattern", PATTERNS)
def test_each_pattern_is_known_again(pattern: str, language: str):
    values = dict.fromkeys(("network", "link", "until", "spent", "monthly", "currency", "account"), "7 (x)")
    with override(language):
        assert retold(pattern % values) != pattern % values
