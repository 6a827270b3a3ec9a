"""What people type in this room."""

import re
from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.services.merge import FIELD, links_in

LONGEST = 20_000
"""Characters of one text; far above what any network takes, far below what would hurt."""
BRACES = re.compile(r"\{[^{}]*\}")


class WordsForm(forms.Form):
    """A full and a short text in one language. `links` are the slugs the campaign has."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    full = forms.CharField(label=gettext_lazy("Text"), max_length=LONGEST, widget=forms.Textarea)
    short = forms.CharField(
        label=gettext_lazy("Short text"),
        help_text=gettext_lazy("For networks where the full text does not fit."),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea,
    )

    def __init__(self, *args: Any, language: str, links: Collection[str], **kwargs: Any) -> None:  # noqa: ANN401 - forms.Form's own
        super().__init__(*args, **kwargs)
        self.links = links
        for name, look in (("full", {"rows": 14, "class": "editor"}), ("short", {"rows": 5})):
            self.fields[name].widget.attrs |= {"lang": language, "dir": "auto", **look}

    def clean_full(self) -> str:
        """The full text, its merge fields known."""
        return self._known("full")

    def clean_short(self) -> str:
        """The short text, its merge fields known."""
        return self._known("short")

    def put_on(self, **numbers: int) -> None:
        """Keeps what was typed and puts it on top of what somebody else has saved: these hidden fields move on."""
        self.data = {**{name: self.data[name] for name in self.data}, **numbers}

    def _known(self, name: str) -> str:
        text: str = self.cleaned_data[name].replace("\r\n", "\n")
        for braces in BRACES.findall(text):
            if not FIELD.fullmatch(braces):
                raise forms.ValidationError(_("“%s” is not a merge field.") % braces)
        for slug in links_in(text):
            if slug not in self.links:
                raise forms.ValidationError(_("This campaign has no link called “%s”.") % slug)
        return text


class TranslationForm(WordsForm):
    """The words beside the source. `source_revision` is the source that the person looked at."""

    source_revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class PostForm(WordsForm):
    """The source of a post and its picture."""

    picture = forms.FileField(
        label=gettext_lazy("New picture"),
        help_text=gettext_lazy("JPEG or PNG, at most 8 MB. It takes the place of the picture there is."),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png"}),
    )
    alt = forms.CharField(
        label=gettext_lazy("What the picture shows"),
        help_text=gettext_lazy("For people who do not see it."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        """A picture never comes without words for people who do not see it."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("picture") and not cleaned.get("alt"):
            self.add_error("alt", _("Say in a sentence what the picture shows."))
        return cleaned


class LinkForm(forms.Form):
    """Where a link leads and from when. Times are in the organisation's zone, which the view activates."""

    url = forms.URLField(label=gettext_lazy("Address"), max_length=500, required=False, assume_scheme="https")
    available_from = forms.DateTimeField(
        label=gettext_lazy("Not before"),
        required=False,
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    )
