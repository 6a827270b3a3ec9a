"""Addresses of the publish log: its lines, its files, the story of an item, and the ways to settle it."""

from django.urls import path

from scheduler.views import log, settle

urlpatterns = [
    path("log/", log.log, name="log"),
    path("log/filter/", log.log_filter, name="log_filter"),
    path("log/export.csv", log.log_export, {"kind": "csv"}, name="log_export"),
    path("log/export.json", log.log_export, {"kind": "json"}, name="log_export"),
    path("log/items/<int:item>/", log.item_story, name="item_story"),
    path("log/items/<int:item>/pictures/<str:digest>/", log.log_picture, name="log_picture"),
    path("log/items/<int:item>/there/", settle.settle, {"way": "there"}, name="settle"),
    path("log/items/<int:item>/send-again/", settle.settle, {"way": "again"}, name="settle"),
    path("log/items/<int:item>/leave/", settle.settle, {"way": "leave"}, name="settle"),
    path("log/items/<int:item>/stop-here/", settle.settle, {"way": "stop"}, name="settle"),
]
