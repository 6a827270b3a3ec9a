"""What an address names, found among what the person may see; everything else is 404."""

from django.shortcuts import get_object_or_404

from accounts.models import Organisation, User
from campaign.models import Campaign, Post


def campaign_for(user: User, organisation: Organisation, slug: str) -> Campaign:
    """A campaign that the organisation runs or takes part in."""
    own = Campaign.objects.of(organisation)
    return get_object_or_404(Campaign.objects.visible_to(user).filter(pk__in=own), slug=slug)


def own_campaign_for(user: User, organisation: Organisation, slug: str) -> Campaign:
    """A campaign that the organisation runs itself, and may therefore write."""
    return get_object_or_404(Campaign.objects.visible_to(user).filter(organiser=organisation), slug=slug)


def post_for(user: User, campaign: Campaign, number: int) -> Post:
    """A post with what a page about it reads."""
    posts = Post.objects.visible_to(user).select_related("campaign").prefetch_related("campaign__links", "visuals")
    return get_object_or_404(posts, campaign=campaign, number=number)
