"""The wall's pages: a feed, one conversation, and what a person reads when something is wrong."""

import html
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from string import Template
from urllib.parse import urlencode

from networks import registry
from networks.wall.api import Wall
from networks.wall.card import ICON_TWICE, badge, card, name_of
from networks.wall.exchange import ProblemError, Reply, Request, as_html
from networks.wall.store import AccountCount, Post
from networks.wall.trouble import panel

ASSETS = Path(__file__).with_name("assets")
TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
ALL = "All posts"
PAGE = 200
"""Conversations on one page."""

Choice = Mapping[str, str]
"""What the reader asked to see: `network`, `account`, `show` (`repeated`); empty where all of it."""


def feed(wall: Wall, request: Request, _: str) -> Reply:
    """The posts, newest first, of one network or account where the address says so."""
    choice = {name: request.query.get(name, "") for name in ("network", "account", "show")}
    before = request.query.get("before", "")
    threads = wall.store.conversations(
        network=choice["network"],
        account=choice["account"],
        repeated=choice["show"] == "repeated",
        before=int(before) if before.isdecimal() and len(before) < 19 else None,
        limit=PAGE + 1,
    )
    return as_html(_layout(wall, choice, _heading(choice), _feed(wall, choice, threads, older=bool(before))))


def single(wall: Wall, request: Request, number: str) -> Reply:
    """One post with the conversation around it."""
    thread = wall.store.conversation(int(number))
    if not thread:
        raise ProblemError(404, "There is no such post on the wall.")
    chosen = next(post for post in thread if post.id == int(number))
    title = f"{chosen.author} on {name_of(chosen.network)}"
    main = f'<div class="head"><h1>{html.escape(title)}</h1><p class="muted"><a href="/">All posts</a></p></div>'
    return as_html(_layout(wall, {}, title, main + card(thread, chosen=chosen.id)))


def asset(wall: Wall, request: Request, name: str) -> Reply:
    """Our own style, script and icon."""
    headers = {"Cache-Control": "no-cache"}
    return Reply(200, TYPES[Path(name).suffix], (ASSETS / name).read_bytes(), headers)


def problem(error: ProblemError) -> Reply:
    """What a person reads when something is wrong."""
    sentence = html.escape(error.sentence)
    main = f'<div class="empty"><h1>{sentence}</h1><p class="muted"><a href="/">All posts</a></p></div>'
    return as_html(
        template("layout.html").substitute(
            title=f"{sentence} · The wall", networks="", trouble="", main=main, accounts=""
        ),
        error.status,
    )


@cache
def template(name: str) -> Template:
    """One of the files in assets/."""
    return Template((ASSETS / name).read_text(encoding="utf-8"))


def _layout(wall: Wall, choice: Choice, title: str, main: str) -> str:
    return template("layout.html").substitute(
        title=html.escape("The wall" if title == ALL else f"{title} · The wall"),
        networks=_networks(choice, wall.store.networks()),
        main=main,
        trouble=panel(wall),
        accounts=_accounts(choice, wall.store.accounts(choice.get("network", ""))),
    )


def _heading(choice: Choice) -> str:
    place = name_of(choice["network"]) if choice["network"] else ""
    whose = " on ".join(part for part in (choice["account"], place) if part)
    if choice["show"] == "repeated":
        return f"{whose}: posted more than once" if whose else "Posted more than once"
    return whose or ALL


def _feed(wall: Wall, choice: Choice, threads: Sequence[Sequence[Post]], *, older: bool) -> str:
    shown = threads[:PAGE]
    return template("feed.html").substitute(
        heading=html.escape(_heading(choice)),
        summary=_summary(sum(len(thread) for thread in shown), older=older),
        posts=wall.store.count(),
        repeated="" if choice["show"] else _repeated(wall.store.repeated()),
        cards="\n".join(card(thread) for thread in shown) or _empty(choice),
        older=_older(choice, shown[-1]) if len(threads) > PAGE else "",
    )


def _summary(posts: int, *, older: bool) -> str:
    if not posts:
        return ""
    counted = "1 post" if posts == 1 else f"{posts} posts"
    return f"{counted} on this page, newest first" + (' · <a href="/">Back to the newest</a>' if older else "")


def _repeated(texts: int) -> str:
    if not texts:
        return ""
    what = "One text stands" if texts == 1 else f"{texts} texts stand"
    link = '<a href="/?show=repeated">Show where</a>'
    return f'<p class="warn">{ICON_TWICE}<span>{what} here more than once from the same account. {link}</span></p>'


def _empty(choice: Choice) -> str:
    if any(choice.values()):
        return '<div class="empty"><h2>No post fits</h2><p class="muted"><a href="/">Show all posts</a></p></div>'
    told = "What is sent to the wall appears here the moment it goes out."
    return f'<div class="empty"><h2>Nothing has been posted yet</h2><p class="muted">{told}</p></div>'


def _older(choice: Choice, last: Sequence[Post]) -> str:
    return f'<a class="older" href="{_link(choice, before=str(max(post.id for post in last)))}">Older posts</a>'


def _networks(choice: Choice, counts: Mapping[str, int]) -> str:
    if not counts:
        return ""
    rows = [_choice("/", ALL, sum(counts.values()), current=not any(choice.values()) and bool(choice))]
    for slug, posts in sorted(counts.items(), key=lambda entry: _place(entry[0])):
        current = choice.get("network") == slug
        rows.append(_choice(_link({"network": slug}), badge(slug, small=True) + name_of(slug), posts, current=current))
    return f'<nav aria-label="Networks"><ul class="choices">{"".join(rows)}</ul></nav>'


def _place(slug: str) -> int:
    """Where a network stands among all of them; the ones that we no longer know come last."""
    order = list(registry.NETWORKS)
    return order.index(slug) if slug in order else len(order)


def _accounts(choice: Choice, accounts: Sequence[AccountCount]) -> str:
    if not accounts:
        return ""
    here = {"network": choice.get("network", "")}
    rows = []
    for entry in accounts:
        author, handle = html.escape(entry.author), html.escape(entry.account)
        shown = f'<span class="who-is">{author}<small>{handle}</small></span>'
        current = choice.get("account") == entry.account
        rows.append(_choice(_link({**here, "account": entry.account}), shown, entry.posts, current=current))
    heading = f"Accounts on {name_of(here['network'])}" if here["network"] else "Accounts"
    lists = f'<h2 id="accounts">{heading}</h2><ul class="choices">{"".join(rows)}</ul>'
    return f'<nav class="accounts" aria-labelledby="accounts">{lists}</nav>'


def _choice(link: str, shown: str, posts: int, *, current: bool) -> str:
    here = ' aria-current="page"' if current else ""
    told = "post" if posts == 1 else "posts"
    count = f'<span class="count" aria-label="{posts} {told}" role="img">{posts}</span>'
    return f'<li><a href="{link}"{here}>{shown}{count}</a></li>'


def _link(choice: Choice, **more: str) -> str:
    return html.escape("/?" + urlencode({name: value for name, value in {**choice, **more}.items() if value}))
