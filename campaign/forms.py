"""What people type in this room."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.models import Visual
from campaign.services.alts import own_alts, spoken_alt
from campaign.services.merge import FIELD, links_in
from campaign.services.translate import Texts
from networks.base import Network
from networks.registry import all_networks

LONGEST = 20_000
"""Characters of one text; far above what any network takes, far below what would hurt."""
LONGEST_ALT = 5_000
LONGEST_WARNING = 200
BRACES = re.compile(r"\{[^{}]*\}")


class WordsForm(forms.Form):
    """The words of a post in one language: full, short, a network's own, the content warning, the alt texts. `links`
    are the slugs the campaign has, `saved` the words so far, `pictures` those whose alt texts are written here."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    full = forms.CharField(label=gettext_lazy("Text"), max_length=LONGEST, widget=forms.Textarea)
    short = forms.CharField(
        label=gettext_lazy("Short text"),
        help_text=gettext_lazy("For networks where the full text does not fit."),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea,
    )
    warning = forms.CharField(label=gettext_lazy("Content warning"), max_length=LONGEST_WARNING, required=False)

    def __init__(
        self,
        data: Any = None,  # noqa: ANN401 - forms.Form's own
        files: Any = None,  # noqa: ANN401 - forms.Form's own
        *,
        language: str,
        links: Collection[str],
        saved: Texts,
        pictures: Sequence[Visual] = (),
        initial: dict[str, Any] | None = None,
    ) -> None:
        self.language, self.links, self.saved, self.pictures = language, links, saved, pictures
        texts = {"full": saved.full, "short": saved.short, "warning": saved.warning}
        super().__init__(data, files, initial={**texts, **(initial or {})})
        self.fields["warning"].help_text = _warning_help()
        for network in all_networks():
            self.fields[_variant(network.slug)] = _optional(
                _("Text for %s alone") % network.name, LONGEST, saved.variants.get(network.slug, "")
            )
        for picture in pictures:
            said = spoken_alt(saved.alts, picture, language)
            self.fields[_alt(picture)] = _optional(_("What the picture shows"), LONGEST_ALT, said)
        self._in_the_language()

    def _in_the_language(self) -> None:
        looks: dict[str, dict[str, Any]] = {"full": {"rows": 14, "class": "editor"}, "short": {"rows": 5}}
        for name in self._texts():
            rows = {"rows": 3 if name.startswith("alt") else 5} if name != "warning" else {}
            self.fields[name].widget.attrs |= {"lang": self.language, "dir": "auto", **looks.get(name, rows)}

    def _texts(self) -> list[str]:
        """The names of the fields that hold words."""
        return [name for name, field in self.fields.items() if type(field) is forms.CharField]

    @property
    def variants(self) -> list[tuple[Network, forms.BoundField]]:
        """Each network with the field for its own text."""
        return [(network, self[_variant(network.slug)]) for network in all_networks()]

    @property
    def alts(self) -> list[tuple[Visual, forms.BoundField]]:
        """Each picture with the field for its alt text."""
        return [(picture, self[_alt(picture)]) for picture in self.pictures]

    def texts(self) -> Texts:
        """What stands in the fields now, valid or not. A field that was not sent keeps what is saved; a network's own
        text that says the same as the full one follows it; `back` names a network that shall follow it again."""
        full = self._now("full")
        own = {n.slug: self._now(_variant(n.slug)) for n in all_networks() if n.slug != self.data.get("back")}
        typed = {picture: self._now(_alt(picture)) for picture in self.pictures}
        return Texts(
            full=full,
            short=self._now("short"),
            variants={slug: text for slug, text in own.items() if text not in ("", full)},
            alts=own_alts(self.saved.alts, typed, self.language),
            warning=" ".join(self._now("warning").split()),
        )

    def _now(self, name: str) -> str:
        sent = self.data.get(name) if self.is_bound else None
        value = self.get_initial_for_field(self.fields[name], name) if sent is None else sent
        return str(value or "").replace("\r\n", "\n").strip()

    def put_on(self, **numbers: int) -> None:
        """Keeps what was typed and puts it on top of what somebody else has saved: these hidden fields move on."""
        self.data = {**{name: self.data[name] for name in self.data}, **numbers}

    def clean(self) -> dict[str, Any]:
        """Merge fields are known where they are filled in, and stand nowhere else."""
        cleaned = super().clean() or self.cleaned_data
        for name in self._texts():
            if name in cleaned and name.startswith(("full", "short", "variant")):
                self._refuse_unknown(name, cleaned[name])
            elif FIELD.search(cleaned.get(name) or ""):
                self.add_error(name, _("Merge fields are not filled in here. Write the words themselves."))
        return cleaned

    def _refuse_unknown(self, name: str, text: str) -> None:
        strange = [braces for braces in BRACES.findall(text) if not FIELD.fullmatch(braces)]
        unknown = [slug for slug in links_in(text) if slug not in self.links]
        if strange:
            self.add_error(name, _("“%s” is not a merge field.") % strange[0])
        elif unknown:
            self.add_error(name, _("This campaign has no link called “%s”.") % unknown[0])


def _optional(label: str, longest: int, initial: str) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, required=False, initial=initial, widget=forms.Textarea)


def _variant(slug: str) -> str:
    return f"variant_{slug}"


def _alt(picture: Visual) -> str:
    return f"alt_{picture.pk}"


def _warning_help() -> str:
    names = ", ".join(network.name for network in all_networks() if network.limits.warning)
    return _("People read it before the text on %s. Other networks have no field for it and show none.") % names


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

    def texts_of(self, picture: Visual | None) -> Texts:
        """The words with what is said of `picture`, the one that they describe; None: the post has none."""
        typed = {picture: self._now("alt")} if picture else {}
        return replace(self.texts(), alts=own_alts(self.saved.alts, typed, self.language))

    def clean(self) -> dict[str, Any]:
        """A picture never comes without words for people who do not see it."""
        cleaned = super().clean()
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
