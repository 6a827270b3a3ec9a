"""The product's addresses, and a bare page: session and user, nothing else."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from accounts.access import person


def bare(request: HttpRequest) -> HttpResponse:
    """Who is signed in."""
    return HttpResponse(person(request).email)


urlpatterns = [path("bare/", bare, name="bare"), path("", include("config.urls"))]
