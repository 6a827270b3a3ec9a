"""The source of a post, as the coordinator writes it."""

from dataclasses import dataclass, replace

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import in_organisation, person
from accounts.models import Organisation, User
from accounts.permissions import Action
from campaign.forms import PostForm
from campaign.models import Post, Translation, Visual
from campaign.services.alts import spoken_alt
from campaign.services.errors import ConflictError, PictureError
from campaign.services.pictures import add_visual
from campaign.services.translate import Texts, save, sources_for
from campaign.views.found import own_campaign_for, post_for
from campaign.views.outlook import Outlook, outlook_on


@dataclass(frozen=True)
class Source:
    """A post with its source, which is None while nobody has written it, and the picture beside it."""

    post: Post
    translation: Translation | None
    picture: Visual | None

    @property
    def language(self) -> str:
        """The campaign's source language."""
        return self.post.campaign.source_language

    @property
    def saved(self) -> Texts:
        """The words so far."""
        return Texts.of(self.translation.words) if self.translation else Texts("")

    def outlook(self, texts: Texts) -> Outlook:
        """What can be said about these words."""
        return outlook_on(texts, None, self.post, self.post.campaign.organiser, self.language)


@in_organisation(Action.EDIT_CAMPAIGN)
def post_edit(request: HttpRequest, organisation: Organisation, campaign: str, number: int) -> HttpResponse:
    """The full and the short text, the picture and what it shows."""
    source = _source(request, organisation, campaign, number)
    if request.method != "POST":
        return _page(request, source, _form(source))
    form = _form(source, request)
    if not form.is_valid():
        return _page(request, source, form, status=422)
    try:
        _keep(source, form, person(request))
    except ConflictError as error:
        form.put_on(revision=error.current.revision)
        return _page(request, source, form, status=409, conflict=error)
    except PictureError as error:
        form.add_error("picture", error.message)
        return _page(request, source, form, status=422)
    messages.success(request, _("Saved. Translations of this post are marked where the source has changed."))
    return redirect("campaign_detail", organisation.slug, source.post.campaign.slug)


@require_POST
@in_organisation(Action.EDIT_CAMPAIGN)
def post_preview(request: HttpRequest, organisation: Organisation, campaign: str, number: int) -> HttpResponse:
    """Lengths and looks of what is being typed; nothing is saved."""
    source = _source(request, organisation, campaign, number)
    outlook = source.outlook(_form(source, request).texts_of(source.picture))
    context = {"organisation": organisation, "campaign": source.post.campaign, "live": True, "outlook": outlook}
    return render(request, "campaign/_words_preview.html", context)


def _source(request: HttpRequest, organisation: Organisation, campaign: str, number: int) -> Source:
    post = post_for(person(request), own_campaign_for(person(request), organisation, campaign), number)
    return Source(post, sources_for([post]).get(post.pk), _picture(post))


def _page(
    request: HttpRequest, source: Source, form: PostForm, status: int = 200, conflict: ConflictError | None = None
) -> HttpResponse:
    context = {
        "organisation": source.post.campaign.organiser,
        "campaign": source.post.campaign,
        "post": source.post,
        "picture": source.picture,
        "form": form,
        "outlook": source.outlook(form.texts_of(source.picture)),
        "conflict": conflict,
    }
    return render(request, "campaign/post_edit.html", context, status=status)


def _picture(post: Post) -> Visual | None:
    """The picture beside the source: its own, or one without words. One that speaks another language stays as it is."""
    fitting = [visual for visual in post.visuals.all() if visual.language in (post.campaign.source_language, "")]
    return max(fitting, key=lambda visual: visual.language, default=None)


def _form(source: Source, request: HttpRequest | None = None) -> PostForm:
    alt = spoken_alt(source.saved.alts, source.picture, source.language) if source.picture else ""
    return PostForm(
        request.POST if request else None,
        request.FILES if request else None,
        language=source.language,
        links=[link.slug for link in source.post.campaign.links.all()],
        saved=source.saved,
        initial={"revision": source.translation.revision if source.translation else 0, "alt": alt},
    )


@transaction.atomic
def _keep(source: Source, form: PostForm, user: User) -> None:
    """Text and picture together or not at all. A new picture is a new revision: whoever translated what the old one
    shows has to look again. Raises ConflictError, PictureError."""
    typed, post, old = form.cleaned_data, source.post, source.picture
    texts = form.texts_of(None if typed["picture"] else old)
    if typed["picture"]:
        said = {source.language: typed["alt"]}
        new = add_visual(post, old.language if old else "", typed["picture"].read(), said, instead_of=old)
        texts = replace(texts, alts={**texts.alts, new.digest: typed["alt"]})
    save(post, post.campaign.organiser, source.language, texts, based_on=typed["revision"], user=user)
