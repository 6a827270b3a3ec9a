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
from tests.scheduler.views.test_queue import world

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


def confirm(officer: Client, channel: Channel, full: str) -> str:
    """The page on which a post is confirmed, as it opens."""
    made = world()
    factories.revise(made.source, full)
    channel.organisation = made.organisation
    channel.save()
    return officer.get(reverse("schedule_post", args=["vse", made.post.pk])).text


def test_what_a_post_costs_stands_where_it_is_confirmed(officer: Client) -> None:
    seen = confirm(officer, paid(), "116 006 answers.")
    assert (
        "This costs 0.015 USD: a post is 0.015 without a link and 0.200 with one, and each alt text is 0.005 more"
        in seen
    )
    assert "Of this month&#x27;s 5.00 USD, 0.00 are spent." in seen
    assert "does not pay for it" not in seen


def test_a_link_costs_more(officer: Client) -> None:
    assert "This costs 0.200 USD" in confirm(officer, paid(), "Read https://victim-support.eu/help")


def test_what_the_budget_does_not_pay_for_is_said_before_it_is_planned(officer: Client) -> None:
    channel = paid()
    budget.agree(channel, Decimal("0.10"), links=True)
    assert "does not pay for it" in confirm(officer, channel, "Read https://victim-support.eu/help")


def test_links_that_are_switched_off_block_a_post_that_has_one(officer: Client) -> None:
    channel = paid()
    budget.agree(channel, Decimal(5), links=False)
    assert "Links are switched off for this channel" in confirm(officer, channel, "Read https://victim-support.eu/help")


def test_a_channel_that_costs_nothing_says_nothing_of_costs(officer: Client) -> None:
    free = factories.channel(organisation_of("vse"), "x", Transport.BY_HAND)
    assert "This costs" not in confirm(officer, free, "116 006 answers.")


def test_whoever_runs_the_installation_finds_the_page(admin: Client, officer: Client) -> None:
    ways = reverse("channel_connect", args=["vse"])
    assert page() in admin.get(ways).text
    assert page() not in officer.get(ways).text
