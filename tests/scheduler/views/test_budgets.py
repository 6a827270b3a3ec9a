"""The operator's page of what posts cost."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from scheduler.models import Channel, Health, Transport
from scheduler.services import budget
from tests import factories
from tests.personas import organisation_of

pytestmark = pytest.mark.django_db


def page() -> str:
    return reverse("budget_list", args=["vse"])


def paid() -> Channel:
    return factories.channel(organisation_of("apav"), "x", Transport.API, name="@apav")


def test_the_page_says_what_x_risks_and_whether_it_is_on(admin: Client, settings: Settings) -> None:
    assert "switched off" in admin.get(page()).text
    settings.X_API = True
    seen = admin.get(page()).text
    assert "It is switched on" in seen
    assert "suspended" in seen


def test_channels_that_cost_money_stand_there_with_their_prices(admin: Client) -> None:
    paid()
    factories.channel(organisation_of("apav"), "bluesky", Transport.API, name="@bluesky")
    factories.channel(organisation_of("apav"), "x", Transport.BY_HAND, name="by hand")
    gone = factories.channel(organisation_of("apav"), "x", Transport.API, name="gone")
    Channel.objects.filter(pk=gone.pk).update(health=Health.DISCONNECTED)
    seen = admin.get(page()).text
    assert "@apav" in seen
    assert "with a link 0.200" in seen
    assert not any(name in seen for name in ("@bluesky", ">by hand<", ">gone<"))


def test_a_budget_is_set(admin: Client) -> None:
    channel = paid()
    answer = admin.post(page(), {"channel": channel.pk, "monthly": "12.50"})
    assert answer.status_code == 302
    assert budget.terms(channel) == (Decimal("12.50"), False)


@pytest.mark.parametrize("monthly", ["-1", "much", "", "1.005"])
def test_a_budget_that_is_none_is_said_beside_it_and_kept_as_typed(admin: Client, monthly: str) -> None:
    channel = paid()
    answer = admin.post(page(), {"channel": channel.pk, "monthly": monthly, "links": "on"})
    assert answer.status_code == 422
    assert "text-danger" in answer.text
    assert f'value="{monthly}"' in answer.text or not monthly
    assert budget.terms(channel) == (budget.MONTHLY, True)


def test_a_channel_that_costs_nothing_has_no_budget(admin: Client) -> None:
    channel = factories.channel(organisation_of("apav"), "bluesky", Transport.API)
    assert admin.post(page(), {"channel": channel.pk, "monthly": "1"}).status_code == 422
