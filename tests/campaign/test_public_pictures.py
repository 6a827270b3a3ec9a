"""Pictures that a network fetches: what a signed address gives, and to nobody else."""

import io
from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from PIL import Image
from pytest_django import Settings

from campaign.models import Visual
from campaign.services.public_pictures import LARGEST_SIDE, LIFE, SALT, address, public_address_problem, public_url_of
from networks.registry import all_networks
from scheduler.models import Segment
from scheduler.services.freeze import freeze, part_of
from scheduler.services.gate_facts import Facts
from tests import factories

GRAPH = "https://graph.facebook.com"
PUBLIC = "https://chorus.example.org"


@pytest.fixture
def visual(db: None, settings: Settings) -> Visual:
    settings.PUBLIC_URL = "http://testserver"
    return factories.picture(factories.make_world().post)


def path_to(visual: Visual, width: int = 60, height: int = 40) -> str:
    return address(str(visual.file.name), width, height).removeprefix("http://testserver")


def test_anybody_with_the_address_gets_that_picture_as_a_jpeg_in_its_frame(visual: Visual, anonymous: Client):
    response = anonymous.get(path_to(visual))
    image = Image.open(io.BytesIO(response.content))
    assert (response.status_code, response["Content-Type"]) == (200, "image/jpeg")
    assert (image.format, image.size) == ("JPEG", (60, 40))


def test_nobody_keeps_a_copy_and_no_session_begins(visual: Visual, anonymous: Client):
    response = anonymous.get(path_to(visual))
    assert (response["Cache-Control"], response["X-Robots-Tag"]) == ("private, no-store", "noindex")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert not response.cookies


def test_fetching_a_picture_asks_the_database_nothing(visual: Visual, anonymous: Client, django_assert_num_queries):
    with django_assert_num_queries(0):
        anonymous.get(path_to(visual))


@pytest.mark.parametrize(
    "change", [lambda path: path[:-1] + ("A" if path[-1] != "A" else "B"), lambda path: path + "x"]
)
def test_a_changed_address_gives_nothing(visual: Visual, anonymous: Client, change):
    assert anonymous.get(change(path_to(visual))).status_code == 404


def test_a_signature_for_something_else_gives_nothing(visual: Visual, anonymous: Client):
    foreign = signing.dumps([str(visual.file.name), 60, 40], salt="something else", compress=True)
    assert anonymous.get(reverse("public_picture", args=[foreign])).status_code == 404


def test_an_address_lapses(visual: Visual, anonymous: Client, monkeypatch: pytest.MonkeyPatch):
    path, now = path_to(visual), signing.time.time()
    monkeypatch.setattr(signing.time, "time", lambda: now + (LIFE - timedelta(seconds=5)).total_seconds())
    assert anonymous.get(path).status_code == 200
    monkeypatch.setattr(signing.time, "time", lambda: now + (LIFE + timedelta(seconds=5)).total_seconds())
    assert anonymous.get(path).status_code == 404


def test_a_picture_that_is_gone_gives_nothing(visual: Visual, anonymous: Client):
    path = path_to(visual)
    visual.file.storage.delete(visual.file.name)
    assert anonymous.get(path).status_code == 404


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "pictures"])
def test_a_name_outside_the_pictures_gives_nothing(anonymous: Client, db: None, name: str):
    signature = signing.dumps([name, 60, 40], salt=SALT, compress=True)
    assert anonymous.get(reverse("public_picture", args=[signature])).status_code == 404


@pytest.mark.parametrize("size", [(0, 0), (LARGEST_SIDE + 1, 40)])
def test_a_frame_without_measure_gives_nothing(visual: Visual, anonymous: Client, size: tuple[int, int]):
    assert anonymous.get(path_to(visual, *size)).status_code == 404


def test_only_reading_is_answered(visual: Visual, anonymous: Client):
    assert anonymous.head(path_to(visual)).status_code == 200
    assert anonymous.post(path_to(visual)).status_code == 405


@pytest.mark.parametrize(
    "ours", ["http://127.0.0.1:8000", "https://localhost", "https://10.0.0.7", "http://chorus.example.org"]
)
def test_a_network_outside_reaches_no_inner_and_no_plain_address(settings: Settings, ours: str):
    settings.PUBLIC_URL = ours
    assert ours in public_address_problem(GRAPH)
    assert public_url_of("a.jpg", GRAPH) is None


def test_a_channel_that_is_not_connected_yet_is_told_the_same(settings: Settings):
    settings.PUBLIC_URL = "http://127.0.0.1:8000"
    assert public_address_problem("") == public_address_problem(GRAPH) != ""


def test_instagram_is_the_network_that_fetches():
    assert [network.slug for network in all_networks() if network.fetches_pictures] == ["instagram"]


def test_a_public_address_has_no_problem(settings: Settings):
    settings.PUBLIC_URL = PUBLIC
    given = public_url_of("pictures/a.jpg", GRAPH)
    assert public_address_problem(GRAPH) == ""
    assert given is not None
    assert given(60, 40).startswith(f"{PUBLIC}/media/p/")


def test_a_server_on_this_machine_reaches_us_anywhere(settings: Settings):
    settings.PUBLIC_URL = "http://127.0.0.1:8000"
    assert public_address_problem("http://127.0.0.1:9009") == ""


def test_what_is_frozen_for_a_channel_carries_its_pictures_addresses(db: None, settings: Settings, anonymous: Client):
    settings.PUBLIC_URL = PUBLIC
    world = factories.make_world("instagram", base_url=GRAPH)
    factories.picture(world.post)
    item = factories.item(world.post, world.channel)
    freeze(item, Facts.of(item.pk))
    (picture,) = part_of(Segment.objects.get(item=item), 1).pictures
    assert picture.public_url is not None
    assert anonymous.get(picture.public_url(40, 30).removeprefix(PUBLIC)).status_code == 200
