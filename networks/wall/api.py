"""The wall's programming interface: posts, pictures, accounts, faults."""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from networks.wall.exchange import ProblemError, Reply, Request, as_json
from networks.wall.faults import Fault, Faults, read_fault
from networks.wall.reading import DIGEST, read_moment, read_network, read_object, read_post, read_text, refuse
from networks.wall.store import NewPost, Post, Store, digest_of, stamp

PICTURE_BYTES = 8_000_000
PICTURE_TYPES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
"""What a page may show without harm: an SVG can hold a script."""


@dataclass(frozen=True)
class Wall:
    """What every answer is made from. `faults` is None where the wall was not started with them."""

    store: Store
    faults: Faults | None
    url: str


Answer = Callable[[Wall, Request, str], Reply]
"""Makes the answer to a request; the last word is what the route caught from its path."""


def post_url(wall: Wall, number: int) -> str:
    """The public address of a post."""
    return f"{wall.url}/posts/{number}"


def told(wall: Wall, post: Post) -> dict[str, Any]:
    """A post in JSON."""
    return {
        "id": str(post.id),
        "url": post_url(wall, post.id),
        "network": post.network,
        "account": post.account,
        "author": post.author,
        "text": post.text,
        "language": post.language,
        "pictures": [{"digest": picture.digest, "alt": picture.alt} for picture in post.pictures],
        "reply_to": None if post.reply_to is None else str(post.reply_to),
        "key": post.key,
        "at": stamp(post.at),
    }


def create_post(wall: Wall, request: Request, _: str) -> Reply:
    """Accepts a post: 201 with its id and address, once it is on disk."""
    token = _token(request)
    post = read_post(request.body, wall.store)
    if not wall.store.know(post.network, post.account, post.author, token):
        raise _strange(post.network, post.account)
    fault = wall.faults.take(post.network, post.account) if wall.faults else None
    return _accepted(wall, wall.store.add(post)) if fault is None else _accept_badly(wall, request, post, fault)


def list_posts(wall: Wall, request: Request, _: str) -> Reply:
    """An account's posts since a moment, oldest first: for read-back."""
    network, account = _owner(wall, request, request.query)
    posts = wall.store.posts_of(network, account, read_moment(request.query.get("since", "")))
    hidden = wall.faults.hidden if wall.faults else frozenset()
    return as_json({"posts": [told(wall, post) for post in posts if post.id not in hidden]})


def create_account(wall: Wall, request: Request, _: str) -> Reply:
    """Remembers the token of an account, or says that it is the right one; harmless to repeat."""
    fields = read_object(request.body, frozenset({"network", "account", "author"}))
    token = _token(request)
    network = read_network(read_text(fields, "network"))
    account, author = read_text(fields, "account"), read_text(fields, "author")
    if not wall.store.know(network.slug, account, author, token):
        raise _strange(network.slug, account)
    return as_json({"id": f"{network.slug}/{account}", "network": network.slug, "account": account, "author": author})


def keep_picture(wall: Wall, request: Request, digest: str) -> Reply:
    """Stores a picture under its SHA-256: 201 the first time, 200 when it stood here already."""
    _token(request)
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type not in PICTURE_TYPES:
        raise ProblemError(415, f"A picture is one of {', '.join(sorted(PICTURE_TYPES))}.")
    if len(request.body) > PICTURE_BYTES:
        raise ProblemError(413, f"A picture has at most {PICTURE_BYTES} bytes.")
    if not DIGEST.fullmatch(digest) or digest_of(request.body) != digest:
        raise refuse("The bytes do not have the SHA-256 in the address.")
    new = wall.store.keep_picture(digest, content_type, request.body)
    return as_json({"digest": digest}, 201 if new else 200)


def all_posts(wall: Wall, request: Request, _: str) -> Reply:
    """Every post, oldest first."""
    return as_json([told(wall, post) for post in wall.store.posts()])


def count(wall: Wall, request: Request, _: str) -> Reply:
    """How many posts stand here: what the page asks now and then."""
    return as_json({"posts": wall.store.count()})


def healthz(wall: Wall, request: Request, _: str) -> Reply:
    """Says that the process and its store answer."""
    return as_json({"ok": True, "posts": wall.store.count()})


def picture(wall: Wall, request: Request, digest: str) -> Reply:
    """The bytes of a picture; they never change under their address."""
    found = wall.store.picture(digest)
    if found is None:
        raise ProblemError(404, "There is no such picture.")
    return Reply(200, *found, {"Cache-Control": "public, max-age=31536000, immutable"})


def add_fault(wall: Wall, request: Request, _: str) -> Reply:
    """Puts a fault in the line."""
    faults = faults_of(wall)
    faults.add(read_fault(request.body))
    return as_json({"faults": faults.as_list()}, 201)


def list_faults(wall: Wall, request: Request, _: str) -> Reply:
    """The faults that still wait."""
    return as_json({"faults": faults_of(wall).as_list()})


def clear_faults(wall: Wall, request: Request, _: str) -> Reply:
    """Forgets all faults."""
    faults_of(wall).clear()
    return as_json({"faults": []})


def _accepted(wall: Wall, number: int) -> Reply:
    return as_json({"id": str(number), "url": post_url(wall, number)}, 201, {"Location": f"/posts/{number}"})


def _accept_badly(wall: Wall, request: Request, post: NewPost, fault: Fault) -> Reply:
    instead = fault.instead(request.path, request.token)
    if instead is not None:
        return instead
    time.sleep(fault.seconds)
    number = wall.store.add(post)
    if wall.faults and fault.hides:
        wall.faults.hide(number)
    return fault.after(_accepted(wall, number))


def _token(request: Request) -> str:
    if not re.fullmatch(r"[\x21-\x7e]{1,500}", request.token):
        raise ProblemError(401, "The call has no bearer token.", {"WWW-Authenticate": "Bearer"})
    return request.token


def _owner(wall: Wall, request: Request, fields: Mapping[str, str]) -> tuple[str, str]:
    network, account = read_network(read_text(fields, "network")).slug, read_text(fields, "account")
    if wall.store.is_strange(network, account, _token(request)):
        raise _strange(network, account)
    return network, account


def _strange(network: str, account: str) -> ProblemError:
    return ProblemError(401, f"The account «{account}» on {network} belongs to another token.")


def faults_of(wall: Wall) -> Faults:
    """The wall's line of faults. Raises ProblemError where it has none."""
    if wall.faults is None:
        raise ProblemError(404, "This wall was started without --faults.")
    return wall.faults
