"""The source of a post, as the coordinator writes it."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.access import in_organisation, person
from accounts.models import Organisation, User
from accounts.permissions import Action
from campaign.forms import PostForm
from campaign.models import Post, Translation, Visual
from campaign.services.errors import ConflictError, PictureError
from campaign.services.pictures import add_visual, describe
from campaign.services.translate import Texts, save, sources_for
from campaign.views.found import own_campaign_for, post_for


@in_organisation(Action.EDIT_CAMPAIGN)
def post_edit(request: HttpRequest, organisation: Organisation, campaign: str, number: int) -> HttpResponse:
    """The full and the short text, the picture and what it shows."""
    post = post_for(person(request), own_campaign_for(person(request), organisation, campaign), number)
    source, picture = sources_for([post]).get(post.pk), _picture(post)
    if request.method != "POST":
        return _page(request, post, picture, _form(post, source, picture))
    form = _form(post, source, picture, request)
    if not form.is_valid():
        return _page(request, post, picture, form, status=422)
    try:
        _keep(post, organisation, source, picture, form, person(request))
    except ConflictError as error:
        form.put_on(revision=error.current.revision)
        return _page(request, post, picture, form, status=409, conflict=error)
    except PictureError as error:
        form.add_error("picture", error.message)
        return _page(request, post, picture, form, status=422)
    messages.success(request, _("Saved. Translations of this post are marked where the source has changed."))
    return redirect("campaign_detail", organisation.slug, post.campaign.slug)


def _page(
    request: HttpRequest,
    post: Post,
    picture: Visual | None,
    form: PostForm,
    status: int = 200,
    conflict: ConflictError | None = None,
) -> HttpResponse:
    context = {
        "organisation": post.campaign.organiser,
        "campaign": post.campaign,
        "post": post,
        "picture": picture,
        "form": form,
        "conflict": conflict,
    }
    return render(request, "campaign/post_edit.html", context, status=status)


def _picture(post: Post) -> Visual | None:
    """The picture beside the source: its own, or one without words. One that speaks another language stays as it is."""
    fitting = [visual for visual in post.visuals.all() if visual.language in (post.campaign.source_language, "")]
    return max(fitting, key=lambda visual: visual.language, default=None)


def _form(
    post: Post, source: Translation | None, picture: Visual | None, request: HttpRequest | None = None
) -> PostForm:
    language = post.campaign.source_language
    return PostForm(
        request.POST if request else None,
        request.FILES if request else None,
        language=language,
        links=[link.slug for link in post.campaign.links.all()],
        initial={
            "revision": source.revision if source else 0,
            "full": source.words.full if source else "",
            "short": source.words.short if source else "",
            "alt": picture.alt_in(language) if picture else "",
        },
    )


@transaction.atomic
def _keep(
    post: Post,
    organisation: Organisation,
    source: Translation | None,
    picture: Visual | None,
    form: PostForm,
    user: User,
) -> None:
    """Text and picture together or not at all. Raises ConflictError, PictureError."""
    typed, language = form.cleaned_data, post.campaign.source_language
    texts = Texts(typed["full"], typed["short"], source.words.variants if source else {})
    save(post, organisation, language, texts, based_on=typed["revision"], user=user)
    if typed["picture"]:
        carries_words = picture.language if picture else ""
        add_visual(post, carries_words, typed["picture"].read(), {language: typed["alt"]}, instead_of=picture)
    elif picture:
        describe(picture, language, typed["alt"])
