"""Pictures that people hand in: looked at, cleaned of what a camera adds, and stored by their digest."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from campaign.models import Post, Visual
from campaign.models.visual import path_of
from campaign.services.errors import PictureError
from campaign.signals import tell_campaign_changed

LARGEST_FILE = 8_000_000
"""Bytes."""
MOST_PIXELS = 40_000_000
FORMATS = frozenset({"JPEG", "MPO", "PNG"})
"""What is read. MPO is the JPEG of telephones with a second picture inside; the first one is kept."""
QUALITY = 90
"""Of the JPEG that is written, on Pillow's scale to 95."""
OPAQUE = 255
MODES = {"JPEG": ("L", "RGB"), "PNG": ("L", "RGB", "RGBA")}
SAME_COLOURS = ("RGBA", "P")
"""Modes whose colour profile still fits after they are written as RGB or RGBA."""


@dataclass(frozen=True)
class Cleaned:
    """A picture as it is stored. Sizes in pixels, `digest` is the SHA-256 of `content` in hex."""

    content: bytes
    content_type: str
    width: int
    height: int
    digest: str
    extension: str


def clean_picture(data: bytes) -> Cleaned:
    """The picture without EXIF, place and comments: turned upright, then written anew, as JPEG wherever nothing shows
    through, since Instagram takes nothing else (networks/instagram.py). Raises PictureError."""
    if len(data) > LARGEST_FILE:
        raise PictureError(
            _("This file has %(size)s MB. A picture may have 8 MB.") % {"size": number_format(len(data) / 1e6, 1)}
        )
    image = _opened(data)
    try:
        upright = ImageOps.exif_transpose(image)
    except (OSError, SyntaxError, ValueError) as error:
        raise PictureError(_("This picture is broken. Save it again and upload the new file.")) from error
    written = "PNG" if _shows_through(upright) else "JPEG"
    content = _written(upright, written, image.info.get("icc_profile"))
    return Cleaned(
        content=content,
        content_type=f"image/{written.lower()}",
        width=upright.width,
        height=upright.height,
        digest=hashlib.sha256(content).hexdigest(),
        extension={"JPEG": "jpg", "PNG": "png"}[written],
    )


def _opened(data: bytes) -> Image.Image:
    """The picture, not decoded yet: its size is looked at before anything is unpacked."""
    try:
        image = Image.open(BytesIO(data))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureError(_("This picture is larger than 40 megapixels. Make it smaller first.")) from error
    except (OSError, SyntaxError, ValueError) as error:
        raise PictureError(_("This is not a picture that can be read. Use JPEG or PNG.")) from error
    if image.format not in FORMATS:
        raise PictureError(_("This is a %(kind)s file. Use JPEG or PNG.") % {"kind": image.format})
    if image.width * image.height > MOST_PIXELS:
        raise PictureError(
            _("This picture is %(width)s × %(height)s. It may have 40 megapixels.")
            % {"width": image.width, "height": image.height}
        )
    if image.format != "MPO" and getattr(image, "n_frames", 1) > 1:
        raise PictureError(_("This picture moves. Use a still one."))
    return image


def _shows_through(image: Image.Image) -> bool:
    """Whether any of it is transparent; an alpha channel that is opaque everywhere says nothing."""
    if not image.has_transparency_data:
        return False
    lowest, _highest = image.convert("RGBA").getchannel("A").getextrema()
    return lowest != OPAQUE


def _written(image: Image.Image, written: str, profile: bytes | None) -> bytes:
    """The bytes of the picture alone; its colour profile stays, or its colours would change."""
    if image.mode not in MODES[written]:
        was = image.mode
        image = image.convert("RGBA" if written == "PNG" and image.has_transparency_data else "RGB")
        profile = profile if was in SAME_COLOURS else None
    bare = image.copy()
    bare.info = {}
    out = BytesIO()
    bare.save(out, written, icc_profile=profile, **({"quality": QUALITY} if written == "JPEG" else {"optimize": True}))
    return out.getvalue()


@transaction.atomic
def add_visual(
    post: Post, language: str, data: bytes, alts: Mapping[str, str], *, instead_of: Visual | None = None
) -> Visual:
    """Stores a picture of the post. `language` is empty for one without words; `alts` maps languages to alt texts.

    The file of the picture that it replaces stays: what was frozen for sending still points at it. Raises PictureError.
    """
    cleaned = clean_picture(data)
    visual = Visual(
        post=post,
        language=language,
        position=instead_of.position if instead_of else post.visuals.count(),
        digest=cleaned.digest,
        content_type=cleaned.content_type,
        width=cleaned.width,
        height=cleaned.height,
        size=len(cleaned.content),
        alts=dict(alts),
    )
    store_picture(visual, cleaned)
    if instead_of:
        instead_of.delete()
    tell_campaign_changed(post.campaign_id)
    return visual


def store_picture(visual: Visual, cleaned: Cleaned) -> None:
    """Saves the visual with its file. The same bytes are stored once, whichever post shows them."""
    name = f"picture.{cleaned.extension}"
    path = path_of(visual, name)
    if default_storage.exists(path):
        visual.file.name = path
        visual.save()
    else:
        visual.file.save(name, ContentFile(cleaned.content))
