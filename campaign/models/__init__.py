"""What is to be said: campaigns, posts, their words in each language, links, targets, pictures, assets."""

from campaign.models.asset import Asset
from campaign.models.campaign import Campaign, Participation
from campaign.models.link import Link
from campaign.models.post import Post
from campaign.models.target import Target, TargetHandle
from campaign.models.translation import Translation, TranslationRevision, TranslationState
from campaign.models.visual import Visual

__all__ = [
    "Asset",
    "Campaign",
    "Link",
    "Participation",
    "Post",
    "Target",
    "TargetHandle",
    "Translation",
    "TranslationRevision",
    "TranslationState",
    "Visual",
]
