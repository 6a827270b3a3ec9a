"""The operators' small commands."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import Membership, Organisation, User
from scheduler.models import ScheduledItem
from scheduler.states import HoldReason, State
from tests import factories

pytestmark = pytest.mark.django_db
NEW = {"organisation": "Victim Support Europe", "country": "be", "time_zone": "Europe/Brussels"}


def test_the_first_admin_can_sign_in_and_operate(capsys: pytest.CaptureFixture[str], client: Client):
    call_command("create_admin", "First@Chorus.example", **NEW)
    password = capsys.readouterr().out.split()[-1]
    form = {"login": "first@chorus.example", "password": password}
    assert client.post("/account/login/", form).status_code == 302
    assert client.get("/status/restored/").status_code == 200
    own = Organisation.objects.get()
    assert (own.slug, own.country, own.is_coordinator) == ("victim-support-europe", "BE", True)


def test_a_second_admin_joins_the_same_organisation():
    call_command("create_admin", "first@chorus.example", **NEW)
    call_command("create_admin", "second@chorus.example")
    assert Membership.objects.filter(organisation=Organisation.objects.get()).count() == 2


@pytest.mark.parametrize(
    ("email", "options"),
    [
        ("no-address", NEW),
        ("first@chorus.example", {}),
        ("first@chorus.example", NEW | {"time_zone": "Europe/Nowhere"}),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(email: str, options: dict[str, str]):
    with pytest.raises(CommandError):
        call_command("create_admin", email, **options)
    assert not User.objects.exists()
    assert not Organisation.objects.exists()


def test_an_account_is_not_made_twice():
    call_command("create_admin", "first@chorus.example", **NEW)
    with pytest.raises(CommandError, match="has an account already"):
        call_command("create_admin", "first@chorus.example")


def test_after_a_restore_by_other_means_everything_unsent_is_held():
    world = factories.make_world()
    factories.item(world.post, world.channel)
    call_command("mark_restored")
    item = ScheduledItem.objects.get()
    assert (item.state, item.hold_reason, item.is_restored) == (State.HELD, HoldReason.RESTORED, True)
