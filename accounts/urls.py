"""Addresses of accounts; allauth's own stand below account/ (config/urls.py)."""

from django.urls import path

from accounts.views import changes, demo

urlpatterns = [
    path("changes/", changes.changes, name="changes"),
    path("demo/sign-in/", demo.demo_sign_in, name="demo_sign_in"),
]
