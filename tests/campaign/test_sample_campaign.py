"""The sample's campaign as it is stored."""

from datetime import date

import pytest

from campaign.services import sample

pytestmark = pytest.mark.django_db


def test_the_sample_says_what_the_campaign_is_about_and_what_it_asks():
    campaign = sample.load(date(2026, 6, 1))
    assert campaign.slogan == "#NoVictimLeftBehind"
    assert campaign.summary.startswith("One week in which Victim Support Europe")
    assert len(campaign.asks) == 3
