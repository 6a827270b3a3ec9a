"""Addresses of what says whether Chorus is alive; /healthz is answered before any of them (config/middleware.py)."""

from django.urls import path

from scheduler.views import restored, status

urlpatterns = [
    path("alarms/", status.alarms, name="alarms"),
    path("readyz", status.readyz, name="readyz"),
    path("metrics", status.prometheus, name="metrics"),
    path("status/", status.status, name="status"),
    path("status/restored/", restored.restored, name="restored"),
    path("status/restored/release/", restored.restored_release_all, name="restored_release_all"),
    path("status/restored/<int:item>/release/", restored.restored_release, name="restored_release"),
]
