"""Pictures made over for Meta: without what a camera adds, small enough, and in the frame that Instagram wants."""

from io import BytesIO

from PIL import Image, ImageOps

from networks.errors import RefusedError

QUALITY = 90
"""Of the JPEG that is written, on Pillow's scale to 95."""
LESS = (90, 80, 70)
"""The qualities that are tried in turn for a picture that was too heavy."""
LONGEST_SIDE = 2048
"""Pixels of the longest side of a picture that was too heavy; Facebook shows none larger."""
MOST_PIXELS = 40_000_000
_READ = ("JPEG", "MPO", "PNG")
_WHITE = (255, 255, 255)


def bare(data: bytes, most_bytes: int) -> tuple[bytes, str]:
    """The picture and its type, as it is where nothing hangs on to it and it is small enough, else as a new JPEG.

    Raises RefusedError for what is no still JPEG or PNG, and for what stays too heavy.
    """
    image = _opened(data)
    if len(data) <= most_bytes and not _tells_more(image):
        return data, f"image/{'png' if image.format == 'PNG' else 'jpeg'}"
    flat = _flat(image)
    if len(data) > most_bytes:
        flat.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    for quality in LESS:
        written = _jpeg(flat, image, quality)
        if len(written) <= most_bytes:
            return written, "image/jpeg"
    raise RefusedError(
        f"A picture has {len(written):,} bytes even as a small JPEG; {most_bytes:,} is the most. Use a simpler one.",
        code="picture-too-large",
    )


def framed(data: bytes, width: int, height: int) -> bytes:
    """A JPEG of exactly that many pixels: the whole picture in the middle, white around it and where one could see
    through. Bytes that are such a JPEG already come back as they are. Raises RefusedError as `bare` does."""
    image = _opened(data)
    if (image.format, image.size) == ("JPEG", (width, height)) and not _tells_more(image):
        return data
    return _jpeg(ImageOps.pad(_flat(image), (width, height), Image.Resampling.LANCZOS, color=_WHITE), image)


def _opened(data: bytes) -> Image.Image:
    """The picture, not decoded yet: its size is looked at before anything is unpacked."""
    try:
        image = Image.open(BytesIO(data))
        moves = getattr(image, "n_frames", 1) > 1
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, OSError, SyntaxError, ValueError):
        raise _unusable("cannot be read") from None
    if image.format not in _READ:
        raise _unusable(f"is a {image.format} file")
    if moves and image.format != "MPO":  # a telephone's JPEG with a second picture inside; the first one is meant
        raise _unusable("moves")
    if image.width * image.height > MOST_PIXELS:
        raise _unusable(f"is {image.width} × {image.height} large")
    return image


def _unusable(why: str) -> RefusedError:
    return RefusedError(f"A picture {why}; use a still JPEG or PNG of at most 40 megapixels.", code="picture-type")


def _tells_more(image: Image.Image) -> bool:
    """Whether a camera's facts (place, time, the way it was held) or comments hang on to the picture."""
    return bool(image.getexif()) or bool(_MORE & set(image.info)) or image.format == "MPO"


_MORE = {"exif", "xmp", "XML:com.adobe.xmp", "comment", "photoshop", "Author", "Comment", "Description"}


def _flat(image: Image.Image) -> Image.Image:
    """Upright, in colours that a JPEG holds, on white."""
    try:
        upright = ImageOps.exif_transpose(image)
        if not upright.has_transparency_data:
            return upright.convert("RGB")
        see_through = upright.convert("RGBA")
    except (OSError, SyntaxError, ValueError):
        raise _unusable("is broken") from None
    flat = Image.new("RGB", see_through.size, _WHITE)
    flat.paste(see_through, mask=see_through)
    return flat


def _jpeg(image: Image.Image, original: Image.Image, quality: int = QUALITY) -> bytes:
    """The bytes; the colour profile stays where it still fits, or the colours would change."""
    profile = original.info.get("icc_profile") if original.mode in ("RGB", "RGBA", "P") else None
    image.info = {}
    out = BytesIO()
    image.save(out, "JPEG", quality=quality, icc_profile=profile)
    return out.getvalue()
