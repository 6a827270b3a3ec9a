"""What the wall accepts: a post is read strictly, and whatever is wrong is said in one sentence."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime

from networks import registry
from networks.base import Network
from networks.content import Json
from networks.wall.exchange import ProblemError
from networks.wall.store import NewPost, PostPicture, Store

FIELDS = frozenset({"network", "account", "author", "text", "language", "pictures", "reply_to", "key"})
NAME_LENGTH = 200
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
DIGEST = re.compile(r"[0-9a-f]{64}")


def refuse(sentence: str) -> ProblemError:
    """A call that was read and will not be had."""
    return ProblemError(422, sentence)


def read_object(body: bytes, known: frozenset[str]) -> Mapping[str, Json]:
    """The JSON object in a body, with none but known fields. Raises ProblemError."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ProblemError(400, "The body is not JSON.") from error
    if not isinstance(value, dict):
        raise refuse("The body is not a JSON object.")
    if unknown := sorted(set(value) - known):
        raise refuse(f"There is no field «{unknown[0][:50]}».")
    return value


def read_text(fields: Mapping[str, Json], name: str, *, longest: int = NAME_LENGTH, empty: bool = False) -> str:
    """A field that is text, unchanged. Raises ProblemError."""
    value = fields.get(name, "")
    if not isinstance(value, str):
        raise refuse(f"«{name}» is not text.")
    if not empty and not value.strip():
        raise refuse(f"«{name}» is missing.")
    if len(value) > longest:
        raise refuse(f"«{name}» has {len(value)} characters; the wall takes {longest}.")
    if CONTROL.search(value):
        raise refuse(f"«{name}» has a character that cannot be shown.")
    return value


def read_network(slug: str) -> Network:
    """The rules of a network. Raises ProblemError where there is none of this name."""
    try:
        return registry.get(slug)
    except LookupError as error:
        raise refuse(f"The wall knows no network «{slug[:50]}».") from error


def read_moment(text: str) -> datetime | None:
    """The moment of `since`, in UTC; None where it is empty. Raises ProblemError."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise refuse("«since» is not a time like 2023-04-12T09:00:00Z.") from error
    if moment.tzinfo is None:
        raise refuse("«since» has no time zone.")
    return moment.astimezone(UTC)


def read_post(body: bytes, store: Store) -> NewPost:
    """A post that its network would take. Raises ProblemError."""
    fields = read_object(body, FIELDS)
    network = read_network(read_text(fields, "network"))
    post = NewPost(
        network=network.slug,
        account=read_text(fields, "account"),
        author=read_text(fields, "author"),
        text=read_text(fields, "text", longest=100_000, empty=True),
        language=_language(fields),
        pictures=tuple(_pictures(fields.get("pictures", []), network)),
        reply_to=_reply_to(fields.get("reply_to"), network, store),
        key=read_text(fields, "key", empty=True),
    )
    for check in (_check_empty, _check_length, _check_pictures):
        check(post, network)
    _check_uploads(post, store)
    return post


def _language(fields: Mapping[str, Json]) -> str:
    language = read_text(fields, "language")
    if not LANGUAGE.fullmatch(language):
        raise refuse("«language» is not a language tag like «fi» or «pt-BR».")
    return language


def _pictures(value: Json, network: Network) -> list[PostPicture]:
    if not isinstance(value, list):
        raise refuse("«pictures» is not a list.")
    return [_picture(entry, network) for entry in value]


def _picture(entry: Json, network: Network) -> PostPicture:
    if not isinstance(entry, dict) or set(entry) != {"digest", "alt"}:
        raise refuse("A picture has «digest» and «alt», and nothing else.")
    alt = read_text(entry, "alt", longest=network.limits.alt, empty=True)
    return PostPicture(read_text(entry, "digest"), alt)


def _reply_to(value: Json, network: Network, store: Store) -> int | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise refuse("«reply_to» is neither the id of a post nor null.")
    parent = store.post(int(value)) if re.fullmatch(r"[0-9]{1,18}", value) else None
    if parent is None or parent.network != network.slug:
        raise refuse(f"There is no post «{value[:50]}» on {network.name} that could be answered.")
    return parent.id


def _check_empty(post: NewPost, network: Network) -> None:
    if not post.text.strip() and not post.pictures:
        raise refuse("The post has neither a text nor a picture.")


def _check_length(post: NewPost, network: Network) -> None:
    if network.fits(post.text):
        return
    limits, measured = network.limits, network.measure(post.text)
    if measured > limits.text:
        raise refuse(f"The text counts {measured} {limits.unit}; {network.name} takes {limits.text}.")
    raise refuse(f"The text has {len(post.text.encode())} bytes; {network.name} takes {limits.text_bytes}.")


def _check_pictures(post: NewPost, network: Network) -> None:
    if len(post.pictures) > network.limits.pictures:
        raise refuse(f"The post has {len(post.pictures)} pictures; {network.name} takes {network.limits.pictures}.")
    if network.limits.picture_required and not post.pictures:
        raise refuse(f"{network.name} takes no post without a picture.")


def _check_uploads(post: NewPost, store: Store) -> None:
    for picture in post.pictures:
        if not store.has_picture(picture.digest):
            raise refuse(f"The picture {picture.digest[:12]} was never uploaded.")
