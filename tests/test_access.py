"""Every address × every persona: who gets in, who is told that there is nothing, and other organisations' objects."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import Organisation, Role, User
from scheduler import clock
from scheduler.models import Segment
from tests import factories
from tests.access_table import IN, LOGIN, MISSING, OPEN, RULES, is_allauth
from tests.personas import BACKEND, client_of, organisation_of

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
FOREIGN = ("campaign", "post", "item", "visual", "digest", "channel")
Arguments = dict[str, str | int]


@dataclass(frozen=True)
class Page:
    """An address as it is written in urls.py, and the name it has there."""

    name: str
    route: str

    @property
    def parameters(self) -> list[str]:
        return PARAMETER.findall(self.route)

    def path(self, arguments: Arguments) -> str:
        return "/" + PARAMETER.sub(lambda match: str(arguments[match[1]]), self.route)


def pages(resolver: URLResolver | None = None, before: str = "") -> Iterator[Page]:
    for entry in (resolver or get_resolver()).url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield Page(entry.name or route, route)
        else:
            yield from pages(entry, route)


OUR_PAGES = [page for page in pages() if not is_allauth(page.name) and page.name not in OPEN]
KNOWN = [page for page in OUR_PAGES if page.name in RULES]
IN_AN_ORGANISATION = [
    (page, parameter)
    for page in KNOWN
    if "organisation" in page.parameters
    for parameter in page.parameters
    if parameter in FOREIGN
]


@dataclass(frozen=True)
class Scene:
    """What stands in the addresses: each organisation's own, and things that are none of theirs."""

    own: dict[str, Arguments]
    foreign: Arguments


@pytest.fixture
def scene(db: None) -> Scene:
    vse, french = organisation_of("vse"), organisation_of("france-victimes")
    organisation_of("apav")
    campaign = factories.campaign(vse, french)
    post = factories.post(campaign)
    factories.translation(post, vse)
    factories.translation(post, french, language="fr")
    visual = factories.picture(post)
    shared = {
        "campaign": campaign.slug, "post": post.pk, "number": post.number, "visual": visual.pk,
        "digest": visual.digest, "link": "statement", "network": "facebook",
    }  # fmt: skip
    item = factories.item(post, factories.channel(french))
    freeze(item, visual)
    own = {"item": item.pk, "channel": item.channel_id, "organisation": "france-victimes", "language": "fr"}
    return Scene(
        own={"france-victimes": shared | own, "vse": shared | {"organisation": "vse", "language": "en"}},
        foreign=things_of_others(),
    )


def things_of_others() -> Arguments:
    world = factories.make_world()
    visual = factories.picture(world.post, "black")
    item = factories.item(world.post, world.channel)
    freeze(item, visual)
    return {
        "campaign": world.campaign.slug, "post": world.post.pk, "item": item.pk, "visual": visual.pk,
        "digest": visual.digest, "channel": world.channel.pk,
    }  # fmt: skip


def freeze(item, visual):
    picture = {"digest": visual.digest, "name": visual.file.name, "content_type": visual.content_type, "alt": ""}
    Segment.objects.create(item=item, position=0, text="116 006", pictures=[picture], frozen_at=clock.now())


def browser_of(persona: str) -> Client:
    if persona != "viewer_fr":
        return client_of(persona)
    client = Client()
    french = Organisation.objects.get(slug="france-victimes")
    viewer = User.objects.filter(email="viewer@chorus.example").first()
    client.force_login(viewer or factories.user(french, Role.VIEWER, "viewer@chorus.example"), backend=BACKEND)
    return client


def answer_of(response: HttpResponse) -> str | int:
    """What the person got, in the words of the table."""
    if response.status_code == 302 and response["Location"].startswith("/account/login/"):
        return LOGIN
    return IN if response.status_code in (200, 204, 302, 409, 422) else response.status_code


def call(client: Client, method: str, path: str) -> str | int:
    return answer_of(getattr(client, method)(path))


def test_every_address_has_its_line_in_the_table():
    assert {page.name for page in OUR_PAGES} == set(RULES)


@pytest.mark.parametrize("page", KNOWN, ids=lambda page: page.name)
def test_each_persona_gets_what_the_table_says(page: Page, scene: Scene):
    rule = RULES[page.name]
    path = page.path(scene.own[rule.of])
    for persona, expected in rule.answers.items():
        client = browser_of(persona)
        for method in rule.methods:
            assert (persona, method, call(client, method, path)) == (persona, method, expected)


@pytest.mark.parametrize(("page", "parameter"), IN_AN_ORGANISATION, ids=lambda value: getattr(value, "name", value))
def test_another_organisation_s_object_is_not_there(page: Page, parameter: str, scene: Scene):
    rule = RULES[page.name]
    persona = "admin" if rule.of == "vse" else "editor_fr"
    arguments = scene.own[rule.of] | {parameter: scene.foreign[parameter]}
    client = browser_of(persona)
    assert {call(client, method, page.path(arguments)) for method in rule.methods} == {MISSING}


@pytest.mark.parametrize("page", [p for p in KNOWN if "item" in p.parameters], ids=lambda page: page.name)
@pytest.mark.parametrize("persona", ["editor_fr", "officer", "admin"])
def test_an_item_of_a_campaign_that_is_none_of_one_s_business_is_not_there(page: Page, persona: str, scene: Scene):
    rule = RULES[page.name]
    organisation = "france-victimes" if persona == "editor_fr" else "vse"
    arguments = scene.own[rule.of] | scene.foreign | {"organisation": organisation}
    client = browser_of(persona)
    assert {call(client, method, page.path(arguments)) for method in rule.methods} == {MISSING}


@pytest.mark.parametrize("page", [p for p in KNOWN if RULES[p.name].methods == ("post",)], ids=lambda page: page.name)
def test_reading_never_does_what_only_sending_may_do(page: Page, scene: Scene):
    assert call(browser_of("editor_fr"), "get", page.path(scene.own["france-victimes"])) == 405
