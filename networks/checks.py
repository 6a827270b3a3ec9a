"""What every network's check has in common: findings in whole sentences that name the number and the limit."""

from collections.abc import Callable, Iterator

from networks.base import Limits, Network
from networks.content import Finding, Picture, Segment
from networks.spans import find_hashtags, find_mentions
from networks.text import utf8_bytes


def common_findings(network: Network, segment: Segment) -> list[Finding]:
    """All that follows from `network.limits`, errors and warnings, in the order of the text, then the pictures."""
    checks = (_emptiness, _length, _byte_length, _signs, _picture_count, _pictures)
    return [finding for check in checks for finding in check(network, segment)]


def refuses(code: str, message: str) -> Finding:
    """A finding that blocks scheduling."""
    return Finding("error", code, message)


def spoils(code: str, message: str) -> Finding:
    """A finding that a person may accept with a reason."""
    return Finding("warning", code, message)


def _emptiness(network: Network, segment: Segment) -> Iterator[Finding]:
    if segment.text.strip():
        return
    if segment.pictures:
        yield spoils("text-empty", f"This post on {network.name} has a picture and no text.")
    else:
        yield refuses("text-empty", f"This text is 0 long; {network.name} takes no post without a text or a picture.")


def _length(network: Network, segment: Segment) -> Iterator[Finding]:
    length = network.measure(segment.text) + network.warning_length(segment.warning)
    limit = network.limits.text
    if length > limit:
        subject = "This text with its content warning" if segment.warning else "This text"
        yield refuses(
            "text-too-long", f"{subject} is {length:,} long as {network.name} counts; the limit is {limit:,}."
        )


def _byte_length(network: Network, segment: Segment) -> Iterator[Finding]:
    size, limit = utf8_bytes(segment.text), network.limits.text_bytes
    if limit is not None and size > limit:
        yield refuses(
            "text-too-long", f"This text is {size:,} bytes long; the limit of {network.name} is {limit:,} bytes."
        )


def _signs(network: Network, segment: Segment) -> Iterator[Finding]:
    """Hashtags and mentions."""
    kinds: tuple[tuple[str, int, int | None], ...] = (
        ("hashtags", len(find_hashtags(segment.text)), network.limits.hashtags),
        ("mentions", len(find_mentions(segment.text)), network.limits.mentions),
    )
    for kind, count, limit in kinds:
        if limit is not None and count > limit:
            yield refuses(f"too-many-{kind}", f"This text has {count} {kind}; {network.name} takes {limit} at most.")


def _picture_count(network: Network, segment: Segment) -> Iterator[Finding]:
    count, limit = len(segment.pictures), network.limits.pictures
    if network.limits.picture_required and not count:
        yield refuses("picture-required", f"This post has 0 pictures; {network.name} takes no post without 1 at least.")
    if count > limit:
        yield refuses("too-many-pictures", f"This post has {count} pictures; {network.name} takes {limit} at most.")


def _pictures(network: Network, segment: Segment) -> Iterator[Finding]:
    for number, picture in enumerate(segment.pictures, start=1):
        for check in PICTURE_CHECKS:
            finding = check(picture, network.limits, network.name)
            if finding:
                yield Finding(finding.severity, finding.code, f"Picture {number} {finding.message}")


def _size(picture: Picture, limits: Limits, name: str) -> Finding | None:
    if picture.size <= limits.picture_bytes:
        return None
    return refuses("picture-too-large", f"has {picture.size:,} bytes; {name} takes {limits.picture_bytes:,} at most.")


def _type(picture: Picture, limits: Limits, name: str) -> Finding | None:
    if picture.content_type in limits.picture_types:
        return None
    known = ", ".join(_kind(content_type) for content_type in limits.picture_types)
    return refuses("picture-type", f"is {_kind(picture.content_type)}; {name} takes {known}.")


def _ratio(picture: Picture, limits: Limits, name: str) -> Finding | None:
    if limits.picture_ratio is None or not picture.height:
        return None
    least, most = limits.picture_ratio
    # Rounded as the limits are written: 1200 × 628 is called 1.91 everywhere and is 1.9108.
    ratio = round(picture.width / picture.height, 2)
    if least <= ratio <= most:
        return None
    return refuses("picture-ratio", f"is {ratio:.2f} times as wide as high; {name} takes {least:.2f} to {most:.2f}.")


def _alt_missing(picture: Picture, limits: Limits, name: str) -> Finding | None:
    if picture.alt.strip():
        return None
    return spoils("alt-missing", "has no alt text: who cannot see it learns nothing of it.")


def _alt_length(picture: Picture, limits: Limits, name: str) -> Finding | None:
    length = len(picture.alt)
    if length <= limits.alt:
        return None
    return refuses("alt-too-long", f"has an alt text that is {length:,} long; {name} takes {limits.alt:,} at most.")


PICTURE_CHECKS: tuple[Callable[[Picture, Limits, str], Finding | None], ...] = (
    _size,
    _type,
    _ratio,
    _alt_missing,
    _alt_length,
)


def _kind(content_type: str) -> str:
    """`JPEG` of `image/jpeg`."""
    return content_type.rpartition("/")[2].upper()
