"""Addresses of the publish log: its lines, its files, the story of an item, and the ways to settle it."""

from django.urls import path

from scheduler.views import log, settle

urlpatterns = [
    path("log/", log.log, name="log"),
    path("log/export.csv", log.log_export, {"kind": "csv"}, name="log_export"),
    path("log/export.json", log.log_export, {"kind": "json"}, name="log_export"),
    path("log/items/<int:item>/", log.item_story, name="item_story"),
    path("log/items/<int:item>/pictures/<str:digest>/", log.log_picture, name="log_picture"),
    path("log/items/<int:item>/there/", settle.settle_there, name="settle_there"),
    path("log/items/<int:item>/send-again/", settle.settle_send_again, name="settle_send_again"),
    path("log/items/<int:item>/leave/", settle.settle_leave, name="settle_leave"),
    path("log/items/<int:item>/stop-here/", settle.settle_stop_here, name="settle_stop_here"),
]
