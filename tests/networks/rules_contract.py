"""What the rules of every network must keep to."""

from dataclasses import replace
from typing import ClassVar
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from networks.base import Network
from networks.content import Finding, Segment
from networks.text import find_hashtags, find_links, find_mentions
from tests.networks import samples

# Every subclass runs the same property: its own instance is what Hypothesis calls another executor.
inherited = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.differing_executors, HealthCheck.too_slow]
)


def long_texts() -> st.SearchStrategy[str]:
    """Texts of real words with links, hashtags, mentions, numbers, emoji, set off by spaces, lines or paragraphs."""
    words = st.tuples(st.sampled_from(samples.WORDS), st.sampled_from([" ", " ", " ", " ", "\n", "\n\n", "  "]))
    return st.lists(words, min_size=1, max_size=150).map(
        lambda pairs: "".join(word + gap for word, gap in pairs).strip()
    )


class NetworkContract:
    """The subclass says which network it is, and whether its composer takes a text in the address."""

    network: ClassVar[Network]
    makes_smaller: ClassVar[bool] = False
    """Whether the adapter makes a picture that is too heavy smaller by itself."""
    composer_takes_text: ClassVar[bool] = True

    def segment(self, text: str, **changes: object) -> Segment:
        """A segment that the network takes, unless `text` or `changes` are wrong."""
        pictures = (samples.picture(),) if self.network.limits.picture_required else ()
        return Segment(**{"text": text, "language": "en", "pictures": pictures, **changes})  # type: ignore[arg-type]

    def too_long(self) -> str:
        """A text of short words over the limit."""
        return "help " * (self.network.limits.text // 5 + 1)

    def findings(self, segment: Segment, code: str) -> list[Finding]:
        return [finding for finding in self.network.check(segment) if finding.code == code]

    def test_it_says_who_it_is(self) -> None:
        assert self.network.slug.isidentifier()
        assert self.network.name
        assert self.network.icon

    def test_its_limits_name_their_document_and_day(self) -> None:
        assert "read 2026-" in self.network.limits.source
        assert self.network.limits.unit

    def test_nothing_is_0_long(self) -> None:
        assert self.network.measure("") == 0
        assert self.network.fits("")

    def test_the_limit_itself_fits_and_one_more_does_not(self) -> None:
        limit = self.network.limits.text
        assert self.network.fits("a" * limit)
        assert not self.network.fits("a" * (limit + 1))

    @inherited
    @given(text=st.text(max_size=400))
    def test_what_fits_is_never_over_the_limit(self, text: str) -> None:
        assert not self.network.fits(text) or self.network.measure(text) <= self.network.limits.text

    @inherited
    @given(text=st.text(max_size=400))
    def test_the_check_refuses_a_length_exactly_where_it_does_not_fit(self, text: str) -> None:
        assert bool(self.findings(self.segment(text), "text-too-long")) is not self.network.fits(text)

    def test_one_over_the_limit_is_refused_with_the_number_and_the_limit(self) -> None:
        limit = self.network.limits.text
        (finding,) = self.findings(self.segment("a" * (limit + 1)), "text-too-long")
        assert finding.severity == "error"
        assert f"{limit + 1:,}" in finding.message
        assert f"{limit:,}" in finding.message

    def test_a_good_post_has_no_finding(self) -> None:
        assert self.network.check(self.segment("Victims of crime have rights. #VictimsRights")) == []

    def test_nothing_at_all_is_refused(self) -> None:
        (finding,) = self.findings(self.segment(" \n", pictures=()), "text-empty")
        assert finding.severity == "error"

    def test_a_picture_too_many_is_refused(self) -> None:
        limit = self.network.limits.pictures
        pictures = (samples.picture(),) * (limit + 1)
        (finding,) = self.findings(self.segment("Help.", pictures=pictures), "too-many-pictures")
        assert f"{limit + 1} pictures" in finding.message

    def test_a_moving_picture_is_refused_in_words_unless_the_network_takes_it_as_it_is(self) -> None:
        moving = samples.picture(content_type="image/gif")
        found = self.network.check(self.segment("Help.", pictures=(moving,)))
        told = [at.message for at in found if at.severity == "error"]
        assert bool(told) is ("image/gif" not in self.network.limits.picture_types)
        assert all("GIF" in message for message in told)

    def test_a_picture_too_heavy_is_refused_in_words_unless_it_is_made_smaller(self) -> None:
        heavy = replace(samples.picture(), size=self.network.limits.picture_bytes + 1)
        found = self.network.check(self.segment("Help.", pictures=(heavy,)))
        told = [at.message for at in found if at.severity == "error"]
        assert bool(told) is not self.makes_smaller
        assert all(f"{self.network.limits.picture_bytes:,}" in message for message in told)

    def test_a_picture_without_alt_text_is_warned_of(self) -> None:
        (finding,) = self.findings(self.segment("Help.", pictures=(samples.picture(" "),)), "alt-missing")
        assert finding.severity == "warning"

    def test_an_alt_text_too_long_is_refused(self) -> None:
        alt = "a" * (self.network.limits.alt + 1)
        (finding,) = self.findings(self.segment("Help.", pictures=(samples.picture(alt),)), "alt-too-long")
        assert f"{self.network.limits.alt:,}" in finding.message

    def test_every_finding_is_a_sentence(self) -> None:
        pictures = (samples.picture("", width=400, height=20, content_type="image/bmp"),) * 30
        found = self.network.check(self.segment(self.too_long() + " a.eu", pictures=pictures))
        assert len(found) >= 4
        assert [at for at in found if not (at.message[0].isupper() and at.message.endswith("."))] == []

    def test_a_text_that_fits_is_one_part_and_the_same(self) -> None:
        text = "  Help is there.\n\nCall 116 006. "
        assert self.network.split(text) == [text]

    def test_a_text_too_long_is_never_cut(self) -> None:
        if self.network.limits.thread:
            assert " ".join(self.network.split(self.too_long())).split() == self.too_long().split()
        else:
            with pytest.raises(ValueError, match="threads"):
                self.network.split(self.too_long())

    def test_one_word_too_long_is_never_cut(self) -> None:
        with pytest.raises(ValueError, match="long"):
            self.network.split("a" * (self.network.limits.text + 1))

    @inherited
    @given(text=long_texts())
    def test_the_parts_fit_and_hold_every_word_link_hashtag_and_mention(self, text: str) -> None:
        if not self.network.limits.thread and not self.network.fits(text):
            return
        parts = self.network.split(text)
        assert all(self.network.fits(part) for part in parts)
        assert " ".join(parts).split() == text.split()
        for find in (find_links, find_hashtags, find_mentions):
            assert [at.text for part in parts for at in find(part)] == [at.text for at in find(text)]

    def test_the_composer_is_a_page_over_https(self) -> None:
        address = urlsplit(self.network.composer_url("Call 116 006 & ask: https://victim-support.eu/?a=1#b “help”"))
        assert address.scheme == "https"
        assert address.netloc

    def test_the_composer_carries_the_text_where_it_can(self) -> None:
        text = "Call 116 006 & ask: https://victim-support.eu/?a=1#b\n“help” 100 % + more"
        address = self.network.composer_url(text)
        assert (text in unquote(address)) is self.composer_takes_text

    def test_the_composer_address_is_never_too_long_to_travel(self) -> None:
        assert len(self.network.composer_url("Ελλάδα " * 2000)) <= 8000

    def test_a_handle_is_written_with_its_sign_once(self) -> None:
        assert self.network.handle_text("EU_Commission") == self.network.handle_text("@EU_Commission")
