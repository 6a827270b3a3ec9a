"""How pictures are made over for Instagram, and which are not.

Instagram takes JPEG between 4:5 and 1.91:1 and crops every picture of a carousel to the shape of the first one. Nothing
of a picture is ever cut by us: one of another shape gets white bars, as long as it still fills half of the whole; what
one could see through becomes white. Both are told before. What would be more bars than picture is refused.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

from networks.checks import refuses, spoils
from networks.content import Finding, Picture

NARROWEST, WIDEST = Fraction(4, 5), Fraction(191, 100)
MOST_WIDTH = 1440
"""Pixels; Instagram makes wider ones smaller itself (reference of IG User/media, read 2026-11-23)."""
LEAST_FILLED = Fraction(1, 2)
TYPES = ("image/jpeg", "image/png")


class Frame(NamedTuple):
    """Pixels."""

    width: int
    height: int


def frames(pictures: Sequence[Picture]) -> list[Frame]:
    """The frame of each picture of one post: all of one shape."""
    return [_frame(picture, _shape_of(pictures)) for picture in pictures]


def shape_findings(pictures: Sequence[Picture]) -> list[Finding]:
    """What is refused about the pictures' types and shapes, and what will look different."""
    return [finding for number, one in enumerate(pictures, start=1) for finding in _findings(number, one, pictures)]


def _findings(number: int, picture: Picture, pictures: Sequence[Picture]) -> list[Finding]:
    found = []
    if picture.content_type not in TYPES:
        kind = picture.content_type.rpartition("/")[2].upper()
        found.append(refuses("picture-type", f"Picture {number} is {kind}; Instagram takes a still JPEG or PNG."))
    elif picture.content_type == "image/png":
        found.append(
            spoils("picture-type", f"Where picture {number} can be seen through it will be white on Instagram.")
        )
    if not _alike(_ratio(picture), _shape_of(pictures)):
        found.append(_bars(number, picture, _shape_of(pictures)))
    return found


def _bars(number: int, picture: Picture, shape: Fraction) -> Finding:
    own = _ratio(picture)
    told = f"Picture {number} is {float(own):.2f} times as wide as high; on Instagram this post has {float(shape):.2f}"
    filled = min(own, shape) / max(own, shape)
    if filled < LEAST_FILLED:
        return refuses("picture-ratio", f"{told}, and it would be more white bars than picture.")
    return spoils("picture-ratio", f"{told}, so it gets white bars; nothing of it is cut.")


def _shape_of(pictures: Sequence[Picture]) -> Fraction:
    """The first picture's, or the nearest that Instagram takes."""
    own = _ratio(pictures[0])
    nearest = min(max(own, NARROWEST), WIDEST)
    return own if _alike(own, nearest) else nearest


def _frame(picture: Picture, shape: Fraction) -> Frame:
    """The smallest frame of that shape around the whole picture, no wider than MOST_WIDTH; rounded towards the square,
    so that no frame is wider or narrower than Instagram takes."""
    own = _ratio(picture)
    if _alike(own, shape):
        width = min(picture.width, MOST_WIDTH)
        return Frame(width, max(1, round(width / own)))
    width = min(picture.width if own > shape else ceil(picture.height * shape), MOST_WIDTH)
    return Frame(width, ceil(width / shape) if shape > 1 else max(1, floor(width / shape)))


def _ratio(picture: Picture) -> Fraction:
    return Fraction(max(1, picture.width), max(1, picture.height))


def _alike(one: Fraction, other: Fraction) -> bool:
    """Rounded as the limits are written: 1200 × 628 is called 1.91 everywhere and is 1.9108."""
    return round(float(one), 2) == round(float(other), 2)
