"""The sample campaign: complete, readable, and right in its figures, lengths and typography."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.numbers import format_decimal
from PIL import Image

from campaign.services.merge import MergeValues, fields_in, merge
from campaign.services.sample_files import (
    HELPLINE_WEEK,
    Sample,
    SampleError,
    SamplePost,
    SampleText,
    SampleTranslation,
    read_sample,
)
from networks.registry import NETWORKS
from networks.text import graphemes, x_weight

TOOLKIT_LENGTHS = {1: 1308, 2: 682, 3: 1511, 4: 920, 5: 1380, 6: 1267, 7: 1253, 8: 1670, 9: 1204}
"""Characters of the nine posts in VSE's communications toolkit of April 2023."""
CALLS = (63330, 41630, 20882)
"""Calls to 116 006 in 2022 in the Netherlands, France and Germany, from the same toolkit."""
SUPPORTED = (17000, 41630)
"""Victims supported in France in 2017 and 2022, from the same toolkit."""
LOCALES = {"en": "en", "fr": "fr", "pt": "pt_PT", "fi": "fi"}
SAMPLE = read_sample(HELPLINE_WEEK)


def texts(sample: Sample = SAMPLE) -> Iterator[tuple[str, SamplePost, SampleText]]:
    """Every text with its post and a name such as «8.en.r1»; earlier revisions included."""
    for post in sample.posts:
        yield f"{post.number}.en", post, post.source
        yield from ((f"{post.number}.en.r{old.revision}", post, old) for old in post.earlier)
        yield from ((f"{post.number}.{code}", post, text) for code, text in post.translations.items())


def merged(text: str) -> str:
    """The text with links (an empty one as its stand-in) and hashtags, and without handles, as on Bluesky."""
    links = {link.slug: link.url for link in SAMPLE.links}
    return merge(text, MergeValues(links=links, targets=(), hashtags=SAMPLE.campaign.hashtags))


def translated(state: str) -> list[tuple[SamplePost, SampleTranslation]]:
    return [(post, text) for post in SAMPLE.posts for text in post.translations.values() if text.state == state]


every_text = pytest.mark.parametrize(("post", "text"), [pytest.param(p, t, id=name) for name, p, t in texts()])
every_post = pytest.mark.parametrize("post", [pytest.param(p, id=str(p.number)) for p in SAMPLE.posts])


def test_there_are_nine_posts():
    assert [post.number for post in SAMPLE.posts] == list(range(1, 10))


@every_post
def test_a_source_is_about_as_long_as_the_toolkits(post):
    wanted = TOOLKIT_LENGTHS[post.number]
    for length in (len(post.source.full), len(merged(post.source.full))):
        assert 680 <= length <= 1670
        assert abs(length - wanted) <= wanted / 5


@every_text
def test_a_full_text_is_too_long_for_x_and_bluesky(post, text):
    assert x_weight(merged(text.full)) > 280
    assert graphemes(merged(text.full)) > 300


@every_text
def test_a_short_text_fits_280_on_x(post, text):
    assert x_weight(merged(text.short)) <= 280


@every_text
def test_a_short_text_fits_300_on_bluesky(post, text):
    assert graphemes(merged(text.short)) <= 300


@every_text
def test_a_full_text_with_its_handles_fits_a_caption_on_instagram(post, text):
    handles = tuple(target.handles["instagram"] for target in SAMPLE.targets if "instagram" in target.handles)
    links = {link.slug: link.url for link in SAMPLE.links}
    assert graphemes(merge(text.full, MergeValues(links, handles, SAMPLE.campaign.hashtags))) <= 2200


@pytest.mark.parametrize(("number", "figures"), [(2, CALLS), (5, SUPPORTED)])
def test_figures_are_written_as_each_language_writes_them(number, figures):
    post = SAMPLE.posts[number - 1]
    for text in (post.source, *post.translations.values()):
        written = [format_decimal(figure, locale=LOCALES[text.language]) for figure in figures]
        for part in (text.full, text.short, text.alt):
            assert [figure for figure in written if figure not in part] == []


@pytest.mark.parametrize(("post", "text"), translated("approved"))
def test_an_approved_translation_has_the_merge_fields_of_its_source(post, text):
    for part in ("full", "short"):
        assert sorted(fields_in(getattr(text, part))) == sorted(fields_in(getattr(post.source, part)))


@every_post
def test_hashtags_stand_in_every_post_and_handles_in_four_full_texts(post):
    assert "{hashtags}" in post.source.full
    assert "{hashtags}" in post.source.short
    assert ("{targets}" in post.source.full) == (post.number in {1, 5, 7, 9})
    assert "{targets}" not in post.source.short


def test_french_is_complete():
    assert [post.translations["fr"].state for post in SAMPLE.posts] == ["approved"] * 9


def test_portuguese_is_half_done():
    states = [post.translations["pt"].state if "pt" in post.translations else "missing" for post in SAMPLE.posts]
    assert states == ["approved"] * 4 + ["draft"] + ["missing"] * 4


def test_finnish_lacks_post_7():
    assert [post.number for post in SAMPLE.posts if "fi" not in post.translations] == [7]


def test_only_the_finnish_post_8_is_stale():
    stale = [(p.number, code) for p in SAMPLE.posts for code in p.translations if p.is_stale(code)]
    assert stale == [(8, "fi")]


def test_one_sentence_of_post_8_changed():
    post = SAMPLE.posts[7]
    before, after = post.earlier[0].full.splitlines(), post.source.full.splitlines()
    assert sum(old != new for old, new in zip(before, after, strict=True)) == 1
    assert post.earlier[0].short == post.source.short


@every_text
def test_the_number_116_006_does_not_break_across_lines(post, text):
    assert not re.search("116[ \u202f]006", text.full + text.short + text.alt + text.title)


@pytest.mark.parametrize("post", SAMPLE.posts)
def test_french_puts_no_break_spaces_before_its_punctuation(post):
    text = post.translations["fr"]
    words = re.sub(r"\{[^}]*\}|https?://\S+", "", "\n".join((text.title, text.alt, text.full, text.short)))
    assert re.findall("[^\u202f][;?!]|[^\u00a0]:|«[^\u00a0]|[^\u00a0]»|'", words) == []


@every_text
def test_no_text_raises_its_voice(post, text):
    assert "!" not in text.full + text.short + text.title + text.alt


@every_text
def test_an_alt_text_fits_every_network(post, text):
    assert 40 <= len(text.alt) <= 1000


@every_post
def test_a_picture_is_one_that_every_network_takes(post):
    assert post.picture.stat().st_size < 150_000
    with Image.open(post.picture) as picture:
        assert picture.format == "PNG"
        assert 4 / 5 <= picture.width / picture.height <= 1.91


def test_the_joint_statement_is_empty_and_under_embargo():
    statement = SAMPLE.links[0]
    assert (statement.slug, statement.url) == ("statement", "")
    assert statement.embargo is not None
    assert [post.number for post in SAMPLE.posts if "{link:statement}" in post.source.full] == [1]


def test_no_link_carries_a_tracking_parameter():
    assert [link.url for link in SAMPLE.links if "fbclid" in link.url or "utm_" in link.url] == []


def test_handles_are_those_of_the_toolkit():
    counts = {n: sum(n in target.handles for target in SAMPLE.targets) for n in ("x", "facebook", "instagram")}
    assert counts == {"x": 11, "facebook": 8, "instagram": 6}
    assert not any(handle.startswith("#") for target in SAMPLE.targets for handle in target.handles.values())


@pytest.mark.parametrize("organisation", SAMPLE.organisations, ids=lambda o: o.slug)
def test_an_organisation_has_a_channel_on_each_network_of_the_toolkit(organisation):
    toolkit = [slug for slug in NETWORKS if slug != "telegram"]  # which Victim Support Europe's toolkit does not name
    assert [channel.network for channel in organisation.channels] == toolkit
    by_hand = {channel.network for channel in organisation.channels if channel.transport == "by_hand"}
    assert by_hand == {"instagram", "linkedin"} | (set() if organisation.is_coordinator else {"x"})


def test_logins_are_five_roles_at_example_addresses():
    logins = [login for organisation in SAMPLE.organisations for login in organisation.logins]
    assert [login.role for login in logins] == ["editor", "admin", "editor", "editor", "editor"]
    assert all(login.email.endswith(".example") for login in logins)
    assert SAMPLE.campaign.contact.endswith(".example")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(HELPLINE_WEEK, tmp_path / "copy"))


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("links.toml", 'title = "Position', 'titel = "Position', r"^links.toml, line 11: “title” is missing"),
        ("links.toml", 'url = ""', 'url = "', r"^links.toml, line 6: not TOML"),
        ("links.toml", '"Europe/Brussels"', '"Europe/Bruxelles"', r"^links.toml, line 3: “Europe/Bruxelles” is not a"),
        ("organisations.toml", '"by_hand"', '"by hand"', r"^organisations.toml, line 5: “transport” is “by hand”"),
        ("targets.toml", "{ x =", "{ twitter =", r"^targets.toml, line 5: no network is called “twitter”"),
        (
            "assets.toml",
            'link = "statement"',
            'link = "paper"',
            r"^assets.toml, line 3: links.toml has no link “paper”",
        ),
        ("campaign.toml", 'organiser = "vse"', 'organiser = "apav"', r"^campaign.toml, line 1: “organiser” is “apav”"),
        ("posts/1.fr.md", "state: approved", "state: done", r"^1.fr.md, line 1: “state:” is “done”"),
        ("posts/1.fr.md", "source_revision: 1", "source_revision: 2", r"^1.fr.md, line 1: the source has 1 revision"),
        ("posts/2.en.md", "{hashtags}", "{hashtag}", r"^2.en.md, line 16: only {link:slug}"),
        (
            "posts/2.en.md",
            "{link:position-paper}",
            "{link:paper}",
            r"^2.en.md, line 14: links.toml has no link “paper”",
        ),
        ("posts/2.en.md", "--- short ---", "---short---", r"^2.en.md, line 22: exactly one line “--- short ---”"),
        ("posts/2.en.md", "picture: 2.png", "picture: 10.png", r"^2.en.md, line 1: “picture:” must name one file"),
        ("posts/2.en.md", "revision: 1", "revision 1", r"^2.en.md, line 2: a header line reads “name: value”"),
    ],
)
def test_a_mistake_is_named_with_its_file_and_line(copy, file, old, new, message):
    path = copy / file
    assert old in path.read_text(encoding="utf-8")
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SampleError, match=message):
        read_sample(copy)


def test_a_missing_file_is_named(copy):
    (copy / "assets.toml").unlink()
    with pytest.raises(SampleError, match=r"^assets.toml, line 1: there is no such file in copy/"):
        read_sample(copy)


def test_a_gap_in_the_numbers_is_named(copy):
    for path in copy.glob("posts/4.*"):
        path.unlink()
    with pytest.raises(SampleError, match=r"numbered 1, 2, 3"):
        read_sample(copy)


def test_a_file_that_is_not_utf_8_is_named(copy):
    (copy / "posts/3.pt.md").write_bytes("title: Nenhum país\n".encode("latin-1"))
    with pytest.raises(SampleError, match=r"^3.pt.md, line 1: this is not UTF-8"):
        read_sample(copy)
