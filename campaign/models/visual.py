"""A picture of a post, per language where it carries words, with its alt text in each language."""

from django.db import models

from campaign.models.post import Post


def path_of(visual: "Visual", filename: str) -> str:
    """Where a picture's file lies: by its digest, so that a stored path never points at other bytes."""
    return f"pictures/{visual.digest[:2]}/{visual.digest}.{filename.rpartition('.')[2]}"


class Visual(models.Model):
    """`language` is empty for a picture without words. `alts` maps a language to the alt text. Sizes in pixels and bytes."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="visuals")
    language = models.CharField(max_length=12, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    file = models.FileField(upload_to=path_of, max_length=200)
    digest = models.CharField(max_length=64)
    content_type = models.CharField(max_length=40)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    alts = models.JSONField(default=dict)

    class Meta:
        ordering = ["post", "position", "pk"]

    def __str__(self) -> str:
        return f"Picture of {self.post}"

    def alt_in(self, language: str) -> str:
        """The alt text in `language`, else empty: a foreign language read aloud helps nobody."""
        return str(self.alts.get(language, ""))
