"""Every address of Chorus, by room."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.account.urls")),
    path("account/two-steps/", include("allauth.mfa.urls")),
    path("", include("accounts.urls")),
    path("", include("campaign.urls")),
    path("", include("scheduler.urls")),
    path("", include("scheduler.log_urls")),
    path("", include("scheduler.status_urls")),
]
