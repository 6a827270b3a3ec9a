"""Pictures that people hand in."""

from io import BytesIO

import pytest
from PIL import Image, PngImagePlugin

from campaign.models import Post
from campaign.services.errors import PictureError
from campaign.services.pictures import LARGEST_FILE, add_visual, clean_picture
from campaign.services.render import read_picture
from tests import factories

ORIENTATION, GPS = 0x0112, 0x8825


def drawn(written: str, size: tuple[int, int] = (40, 30), mode: str = "RGB", **options: object) -> bytes:
    """The bytes of a plain picture."""
    out = BytesIO()
    Image.new(mode, size).save(out, written, **options)
    return out.getvalue()


def camera() -> Image.Exif:
    """What a telephone writes: held upright, and where."""
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif.get_ifd(GPS)[1] = "N"
    return exif


def test_a_picture_comes_back_with_its_facts():
    cleaned = clean_picture(drawn("JPEG"))
    assert (cleaned.content_type, cleaned.extension, cleaned.width, cleaned.height) == ("image/jpeg", "jpg", 40, 30)
    assert len(cleaned.digest) == 64


@pytest.mark.parametrize("written", ["JPEG", "PNG"])
def test_place_and_camera_are_taken_off(written: str):
    data = drawn(written, exif=camera())
    assert Image.open(BytesIO(data)).getexif()
    assert not Image.open(BytesIO(clean_picture(data).content)).getexif()


def test_a_picture_on_its_side_is_turned_upright():
    cleaned = clean_picture(drawn("JPEG", exif=camera()))
    assert (cleaned.width, cleaned.height) == (30, 40)


def test_comments_are_taken_off():
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "somebody")
    assert b"somebody" not in clean_picture(drawn("PNG", pnginfo=info)).content


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB"])
def test_a_png_without_transparency_becomes_a_jpeg_that_every_network_takes(mode: str):
    cleaned = clean_picture(drawn("PNG", mode=mode))
    assert (cleaned.content_type, cleaned.extension) == ("image/jpeg", "jpg")
    assert Image.open(BytesIO(cleaned.content)).format == "JPEG"


def test_a_png_whose_transparency_is_not_used_becomes_a_jpeg_too():
    out = BytesIO()
    Image.new("RGBA", (40, 30), (200, 10, 10, 255)).save(out, "PNG")
    assert clean_picture(out.getvalue()).content_type == "image/jpeg"


def test_a_png_that_something_shows_through_stays_a_png():
    assert clean_picture(drawn("PNG", mode="RGBA")).content_type == "image/png"


def test_a_transparent_palette_stays_transparent():
    cleaned = clean_picture(drawn("PNG", mode="P", transparency=0))
    assert Image.open(BytesIO(cleaned.content)).convert("RGBA").getpixel((0, 0))[3] == 0


@pytest.mark.parametrize("mode", ["CMYK", "L"])
def test_other_colour_spaces_of_jpeg_are_taken(mode: str):
    assert clean_picture(drawn("JPEG", mode=mode)).width == 40


@pytest.mark.parametrize("data", [b"", b"no picture", b"<svg xmlns='http://www.w3.org/2000/svg'/>"])
def test_what_is_no_picture_is_refused(data: bytes):
    with pytest.raises(PictureError, match="not a picture"):
        clean_picture(data)


@pytest.mark.parametrize("written", ["JPEG", "PNG"])
def test_half_a_picture_is_refused(written: str):
    data = drawn(written, size=(400, 300))
    with pytest.raises(PictureError, match="broken"):
        clean_picture(data[: len(data) // 2])


def test_a_file_over_8_mb_is_refused():
    with pytest.raises(PictureError, match="8 MB"):
        clean_picture(b"x" * (LARGEST_FILE + 1))


@pytest.mark.parametrize("size", [(8000, 5001), (12000, 12000)])
def test_a_picture_over_40_megapixels_is_refused_before_it_is_unpacked(size: tuple[int, int]):
    with pytest.raises(PictureError, match="40 megapixels"):
        clean_picture(drawn("PNG", size=size, mode="1"))


def test_a_moving_picture_is_refused():
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "blue")]
    out = BytesIO()
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:])
    with pytest.raises(PictureError, match="moves"):
        clean_picture(out.getvalue())


def test_another_kind_of_file_is_refused_by_name():
    with pytest.raises(PictureError, match="GIF"):
        clean_picture(drawn("GIF"))


@pytest.fixture
def post(db: None) -> Post:
    """A post without a picture."""
    return factories.post(factories.campaign(factories.organisation(is_coordinator=True)))


def test_a_stored_picture_has_the_bytes_of_its_digest(post: Post):
    data = drawn("PNG")
    visual = add_visual(post, "", data, {"en": "A field"})
    assert read_picture(visual.file.name) == clean_picture(data).content
    assert (visual.digest in visual.file.name, visual.alt_in("en"), visual.size > 0) == (True, "A field", True)


def test_the_same_bytes_are_stored_once(post: Post):
    first, second = (add_visual(post, "", drawn("PNG"), {}) for _ in range(2))
    assert first.file.name == second.file.name


def test_a_replaced_pictures_file_stays(post: Post):
    first = add_visual(post, "", drawn("PNG"), {})
    second = add_visual(post, "", drawn("PNG", size=(50, 50)), {}, instead_of=first)
    assert list(post.visuals.all()) == [second]
    assert read_picture(first.file.name)
