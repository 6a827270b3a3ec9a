"""The Django app «campaign»."""

from django.apps import AppConfig


class CampaignConfig(AppConfig):
    """Its name and label."""

    name = "campaign"
