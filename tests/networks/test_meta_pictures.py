"""Bad pictures: made over where nothing is lost by it, else refused in words."""

import io
import random
from dataclasses import replace

import pytest
from PIL import Image, PngImagePlugin

from networks.content import Picture
from networks.errors import RefusedError
from networks.instagram.shapes import MOST_WIDTH, frames
from networks.meta.pictures import LONGEST_SIDE, bare, framed
from tests.networks.samples import picture

ORIENTATION, GPS = 0x0112, 0x8825
MB4 = 4_000_000
PLAIN = picture()


def drawn(written: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **options: object) -> bytes:
    out = io.BytesIO()
    colour = (200, 30, 30, 255)[: len(Image.new(mode, (1, 1)).getbands())]
    Image.new(mode, size, colour if len(colour) > 1 else 99).save(out, written, **options)
    return out.getvalue()


def camera(orientation: int = 1) -> Image.Exif:
    """What a telephone writes: how it was held, and where."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif.get_ifd(GPS)[1] = "N"
    return exif


def noise(size: tuple[int, int]) -> bytes:
    """A picture that hardly gets smaller."""
    pixels = random.Random(1).randbytes(size[0] * size[1] * 3)
    out = io.BytesIO()
    Image.frombytes("RGB", size, pixels).save(out, "PNG")
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def moving() -> bytes:
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    return out.getvalue()


@pytest.mark.parametrize("written", ["JPEG", "PNG"])
def test_a_good_picture_goes_out_byte_for_byte(written: str) -> None:
    data = drawn(written)
    assert bare(data, MB4) == (data, f"image/{written.lower()}")


@pytest.mark.parametrize("written", ["JPEG", "PNG"])
def test_the_place_is_taken_off_and_the_picture_stays(written: str) -> None:
    data = drawn(written, exif=camera())
    assert opened(data).getexif()
    stripped = opened(bare(data, MB4)[0])
    assert not stripped.getexif()
    assert stripped.size == (60, 40)


def test_a_comment_is_taken_off() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "somebody")
    assert b"somebody" not in bare(drawn("PNG", pnginfo=info), MB4)[0]


def test_a_picture_held_on_its_side_is_turned_upright() -> None:
    assert opened(bare(drawn(exif=camera(6)), MB4)[0]).size == (40, 60)
    assert opened(framed(drawn(exif=camera(6)), 40, 60)).size == (40, 60)


def test_a_picture_too_large_is_made_smaller() -> None:
    data = noise((1500, 1200))
    assert len(data) > MB4
    smaller, kind = bare(data, MB4)
    assert (kind, len(smaller) <= MB4, opened(smaller).format) == ("image/jpeg", True, "JPEG")


def test_no_side_of_what_was_too_large_is_longer_than_facebook_shows() -> None:
    data = drawn("PNG", size=(6000, 2000))
    assert max(opened(bare(data, len(data) - 1)[0]).size) == LONGEST_SIDE


def test_what_stays_too_large_is_refused_in_words() -> None:
    with pytest.raises(RefusedError, match="bytes even as a small JPEG"):
        bare(noise((400, 400)), 10_000)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (moving(), "GIF"),
        (drawn("GIF"), "GIF"),
        (drawn("BMP"), "BMP"),
        (drawn("WEBP"), "WEBP"),
        (b"<svg/>", "cannot be read"),
        (b"", "cannot be read"),
        (drawn(size=(300, 300))[:400], "cannot be read|broken"),
    ],
)
def test_what_is_no_still_jpeg_or_png_is_refused_in_words(data: bytes, why: str) -> None:
    with pytest.raises(RefusedError, match=why):
        framed(data, 40, 40)


def test_an_animated_png_is_refused() -> None:
    out = io.BytesIO()
    still = [Image.new("RGB", (40, 40), colour) for colour in ("red", "blue")]
    still[0].save(out, "PNG", save_all=True, append_images=still[1:])
    with pytest.raises(RefusedError, match="moves"):
        bare(out.getvalue(), MB4)


def test_a_picture_of_a_hundred_megapixels_is_refused_before_it_is_unpacked() -> None:
    out = io.BytesIO()
    Image.new("1", (10_000, 10_000)).save(out, "PNG")
    with pytest.raises(RefusedError, match="40 megapixels"):
        bare(out.getvalue(), MB4)


def test_a_jpeg_in_its_frame_is_served_byte_for_byte() -> None:
    data = drawn()
    assert framed(data, 60, 40) is data


def test_a_picture_of_another_shape_is_whole_in_the_middle_of_white() -> None:
    image = opened(framed(drawn(size=(60, 20)), 60, 40))
    assert (image.format, image.size) == ("JPEG", (60, 40))
    corner, middle = image.getpixel((2, 2)), image.getpixel((30, 20))
    assert min(corner) > 240  # type: ignore[type-var,arg-type]
    assert middle[0] > 150 > middle[1]  # type: ignore[index]


def test_where_one_could_see_through_it_becomes_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(out, "PNG")
    assert opened(framed(out.getvalue(), 40, 40)).getpixel((20, 20)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK"])
def test_every_kind_of_colour_becomes_a_jpeg_that_browsers_show(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (40, 40)).save(out, "JPEG" if mode == "CMYK" else "PNG")
    assert opened(framed(out.getvalue(), 50, 50)).mode == "RGB"


def sized(width: int, height: int) -> Picture:
    """A picture whose size alone counts."""
    return replace(PLAIN, width=width, height=height)


@pytest.mark.parametrize(
    ("size", "frame"),
    [
        ((1080, 1080), (1080, 1080)),
        ((1080, 1350), (1080, 1350)),
        ((1200, 628), (1200, 628)),
        ((2880, 1920), (1440, 960)),
        ((1000, 2000), (1440, 1800)),
        ((1200, 400), (1200, 629)),
        ((100, 40), (100, 53)),
        ((33, 60), (48, 60)),
    ],
)
def test_the_frame_of_one_picture(size: tuple[int, int], frame: tuple[int, int]) -> None:
    assert frames([sized(*size)]) == [frame]
    assert frame[0] <= MOST_WIDTH


def test_no_frame_is_outside_of_what_instagram_takes() -> None:
    found = [frames([sized(width, high)])[0] for width in range(40, 3000, 7) for high in (width * 2, width // 3)]
    assert [frame for frame in found if not 0.8 <= round(frame.width / frame.height, 2) <= 1.91] == []


def test_all_pictures_of_a_carousel_get_the_shape_of_the_first_and_none_is_cut() -> None:
    pictures = [sized(1000, 1000), sized(800, 400), sized(300, 600)]
    assert frames(pictures) == [(1000, 1000), (800, 800), (600, 600)]
