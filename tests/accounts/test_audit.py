"""The audit: who connected and disconnected what, and who may read it."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actors import CHORUS, actor_for
from accounts.models import AuditEntry, AuditVerb, Role
from accounts.services import audit
from networks.bluesky import BlueskyConnector
from scheduler import clock
from scheduler.models import Channel
from scheduler.services import channels
from tests import factories
from tests.networks.fakes.bluesky import APP_PASSWORD, HANDLE, FakePds
from tests.personas import BACKEND, organisation_of, user_of

pytestmark = pytest.mark.django_db


def note(slug: str, thing: str, persona: str = "") -> None:
    own = organisation_of(slug)
    actor = actor_for(user_of(persona), own) if persona else CHORUS
    audit.note(actor, own, AuditVerb.CHANNEL_CONNECTED, thing, clock.now())


def verbs() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))


def connect(pds: FakePds, slug: str) -> Channel:
    grant = BlueskyConnector(pds.url).connect(identifier=HANDLE, app_password=APP_PASSWORD)
    return channels.connected(organisation_of(slug), "bluesky", grant, CHORUS)


def test_the_life_of_a_channel_leaves_its_lines():
    with FakePds() as pds:
        channels.check(channel := connect(pds, "apav"), CHORUS)
        channels.disconnect(channel, CHORUS)
        connect(pds, "apav")
    assert verbs() == ["channel:connected", "channel:works", "channel:disconnected", "channel:connected_again"]


def test_an_account_that_is_taken_over_is_told_to_both():
    with FakePds() as pds:
        channels.disconnect(connect(pds, "apav"), CHORUS)
        connect(pds, "vse")
    lines = AuditEntry.objects.order_by("pk").values_list("organisation__slug", "verb")
    assert list(lines)[-2:] == [("apav", "channel:moved_away"), ("vse", "channel:connected")]


def test_what_could_not_be_connected_leaves_no_line(officer: Client):
    with FakePds() as pds:
        typed = {"pds": pds.url, "identifier": HANDLE, "app_password": "wrong"}
        answer = officer.post(reverse("channel_connect_network", args=["vse", "bluesky"]), typed)
    assert (answer.status_code, verbs()) == (422, [])


def test_a_coordinators_admin_reads_every_line_with_whoever_did_it(admin: Client):
    note("apav", "The page", "editor_pt")
    text = admin.get(reverse("changes")).text
    assert "Connected The page." in text
    assert "APAV" in text
    assert "Editor" in text


def test_an_admin_reads_the_lines_of_the_own_organisation_alone(client: Client):
    note("apav", "Ours")
    note("riku", "Theirs")
    client.force_login(factories.user(organisation_of("apav"), Role.ADMIN), backend=BACKEND)
    text = client.get(reverse("changes")).text
    assert "Ours" in text
    assert "Theirs" not in text


def test_an_editor_may_not_read_them(editor_pt: Client, officer: Client):
    assert editor_pt.get(reverse("changes")).status_code == 403
    assert officer.get(reverse("changes")).status_code == 403


def test_the_next_page_begins_below_the_last_line(admin: Client):
    for number in range(51):
        note("apav", f"Channel {number}.")
    first = admin.get(reverse("changes"))
    second = admin.get(reverse("changes"), {"before": first.context["older"]})
    assert (len(first.context["lines"]), len(second.context["lines"])) == (50, 1)
    assert second.context["older"] is None


def test_the_page_asks_as_often_for_fifty_lines_as_for_one(admin: Client):
    note("apav", "One", "editor_pt")
    with CaptureQueriesContext(connection) as one:
        admin.get(reverse("changes"))
    for _ in range(49):
        note("riku", "More", "editor_fi")
    with CaptureQueriesContext(connection) as fifty:
        admin.get(reverse("changes"))
    assert len(fifty) == len(one)


def test_nobody_changes_or_takes_away_a_line():
    note("apav", "The page")
    for refused in (AuditEntry.objects.all().delete, lambda: AuditEntry.objects.update(thing="")):
        with pytest.raises(TypeError):
            refused()


def test_a_verb_without_a_sentence_is_shown_as_it_is():
    note("apav", "The page")
    assert str(AuditEntry(verb="member:invited", thing="somebody")) == "member:invited somebody"
