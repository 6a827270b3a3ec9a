"""Addresses of what says whether Chorus is alive."""

from django.urls import path

from scheduler.views import status

urlpatterns = [
    path("alarms/", status.alarms, name="alarms"),
]
