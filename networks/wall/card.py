"""One conversation as a card: each part the way its network shows a post."""

import html
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from string import Template

from babel import Locale, UnknownLocaleError

from networks import registry
from networks.base import Network
from networks.wall.marks import mark
from networks.wall.store import Post, PostPicture

ASSETS = Path(__file__).with_name("assets")
LETTERS = {"facebook": "f", "linkedin": "in"}
"""What stands in a network's square where it is not the first letter of its name."""
PICTURE_FIRST = frozenset({"instagram", "telegram"})
WITH_HANDLE = frozenset({"x", "bluesky", "mastodon", "instagram"})
"""Networks that show an account's handle beside its name."""
TIMES = {2: "twice", 3: "three times"}
HUES = 6
ICON_TWICE = (
    '<svg viewBox="0 0 16 16" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.5">'
    '<rect x="1.75" y="4.75" width="9" height="9" rx="2"/><path d="M5 2.25h7a2 2 0 0 1 2 2v7"/></svg>'
)


def card(thread: Sequence[Post], *, chosen: int = 0) -> str:
    """A conversation, from its first post to its last; the `chosen` one is marked."""
    parts = [_part(post, thread, place, chosen=post.id == chosen) for place, post in enumerate(thread)]
    kind = "card thread" if len(thread) > 1 else "card"
    return f'<div class="{kind} {html.escape(thread[0].network)}">{"".join(parts)}</div>'


def name_of(slug: str) -> str:
    """A network's name, escaped; its slug where we no longer know it."""
    network = _network(slug)
    return html.escape(network.name if network else slug)


def badge(slug: str, *, small: bool = False) -> str:
    """A letter in a square that stands for a network, beside its name."""
    kind = "badge small" if small else "badge"
    return f'<span class="{kind} {html.escape(slug)}" aria-hidden="true">{_letter(slug)}</span>'


def _part(post: Post, thread: Sequence[Post], place: int, *, chosen: bool) -> str:
    return _template("part.html").substitute(
        id=post.id,
        chosen=" chosen" if chosen else "",
        hue=zlib.crc32(post.author.encode()) % HUES,
        initial=html.escape(post.author.strip()[:1].upper()),
        author=html.escape(post.author),
        handle=_handle(post),
        network=name_of(post.network),
        slug=html.escape(post.network),
        letter=_letter(post.network),
        datetime=post.at.isoformat(timespec="seconds"),
        time=_time(post.at),
        body=_body(post),
        foot="\N{NO-BREAK SPACE}· ".join(_foot(post, thread, place)),
    )


def _body(post: Post) -> str:
    """What was posted, in the order in which the network shows it: Instagram and Telegram put the picture first."""
    text, pictures = _text(post), _pictures(post)
    return _twice(post.copies) + (pictures + text if post.network in PICTURE_FIRST else text + pictures)


def _text(post: Post) -> str:
    if not post.text:
        return ""
    marked = mark(post.text, links=post.network != "instagram")
    return f'<p class="txt" lang="{html.escape(post.language)}" dir="auto">{marked}</p>'


def _pictures(post: Post) -> str:
    number = len(post.pictures)
    if not number:
        return ""
    kind = ("pics some odd" if number % 2 else "pics some") if number > 1 else "pics"
    return f'<div class="{kind}">{"".join(_picture(picture, post.language) for picture in post.pictures)}</div>'


def _picture(picture: PostPicture, language: str) -> str:
    alt, lang = html.escape(picture.alt), html.escape(language)
    told = '<p class="no-alt">No alternative text</p>'
    if alt:
        told = f'<details class="alt"><summary>ALT</summary><p lang="{lang}" dir="auto">{alt}</p></details>'
    shown = alt or "Picture without alternative text"
    return _template("picture.html").substitute(
        digest=picture.digest, alt=shown, lang=f' lang="{lang}"' if alt else "", told=told
    )


def _twice(copies: int) -> str:
    if copies < 2:
        return ""
    times = TIMES.get(copies, f"{copies} times")
    return f'<p class="twice">{ICON_TWICE}<span>Posted {times} by this account</span></p>'


def _foot(post: Post, thread: Sequence[Post], place: int) -> list[str]:
    """Small print: place in the thread, what it answers, the length as the network counts, the language."""
    told = [f"Part {place + 1} of {len(thread)}"] if len(thread) > 1 else []
    if place and post.reply_to != thread[place - 1].id:
        told.append(f'answers <a href="/posts/{post.reply_to}">post {post.reply_to}</a>')
    if network := _network(post.network):
        limits = network.limits
        told.append(f"{network.measure(post.text):,} of {limits.text:,} {html.escape(limits.unit)}")
    return [*told, html.escape(_language(post.language))]


def _handle(post: Post) -> str:
    if post.network not in WITH_HANDLE:
        return ""
    shown = post.account if post.network == "instagram" else f"@{post.account.removeprefix('@')}"
    return f'<span class="handle">{html.escape(shown)}</span>'


def _time(at: datetime) -> str:
    year = "" if at.year == datetime.now(UTC).year else f" {at.year}"
    return f"{at:%a} {at.day} {at:%b}{year}, {at:%H:%M} UTC"


def _letter(slug: str) -> str:
    return html.escape(LETTERS.get(slug) or name_of(slug)[:1].upper())


def _network(slug: str) -> Network | None:
    try:
        return registry.get(slug)
    except LookupError:
        return None


@cache
def _language(tag: str) -> str:
    """A language's name in English, and the tag itself where nobody knows it."""
    try:
        return Locale.parse(tag, sep="-").get_display_name("en") or tag
    except (UnknownLocaleError, ValueError):
        return tag


@cache
def _template(name: str) -> Template:
    return Template((ASSETS / name).read_text(encoding="utf-8"))
