"""Addresses of planning: home, queue, scheduling, the inbox, channels, app keys. The publish log's stand in log_urls.py."""

from django.urls import path

from scheduler.views import app_keys, budgets, channels, connect, drafts, home, inbox, items, queue, schedule

urlpatterns = [
    path("", home.home, name="home"),
    path("o/<slug:organisation>/", home.organisation_home, name="organisation_home"),
    path("o/<slug:organisation>/queue/", queue.queue, name="queue"),
    path("o/<slug:organisation>/posts/<int:post>/schedule/", schedule.schedule_post, name="schedule_post"),
    path("o/<slug:organisation>/posts/<int:post>/pictures/<str:digest>/", schedule.post_picture, name="post_picture"),
    path("o/<slug:organisation>/items/<int:item>/draft/", drafts.item_draft, name="item_draft"),
    path("o/<slug:organisation>/items/<int:item>/move/", items.item_move, name="item_move"),
    path("o/<slug:organisation>/items/<int:item>/cancel/", items.item_cancel, name="item_cancel"),
    path("o/<slug:organisation>/items/<int:item>/publish-now/", items.item_publish_now, name="item_publish_now"),
    path("o/<slug:organisation>/items/<int:item>/still-right/", items.item_still_right, name="item_still_right"),
    path("o/<slug:organisation>/items/<int:item>/posted/", inbox.item_posted, name="item_posted"),
    path("o/<slug:organisation>/items/<int:item>/pictures/<str:digest>/", inbox.item_picture, name="item_picture"),
    path("o/<slug:organisation>/inbox/", inbox.inbox, name="inbox"),
    path("o/<slug:organisation>/budgets/", budgets.budget_list, name="budget_list"),
    path("o/<slug:organisation>/channels/", channels.channel_list, name="channel_list"),
    path("o/<slug:organisation>/channels/connect/", connect.channel_connect, name="channel_connect"),
    path("o/<slug:organisation>/channels/choose/", connect.channel_choose, name="channel_choose"),
    path(
        "o/<slug:organisation>/channels/connect/<slug:network>/",
        connect.channel_connect_network,
        name="channel_connect_network",
    ),
    path(
        "o/<slug:organisation>/channels/connect/<slug:network>/by-hand/",
        connect.channel_by_hand,
        name="channel_by_hand",
    ),
    path("o/<slug:organisation>/channels/<int:channel>/check/", channels.channel_check, name="channel_check"),
    path(
        "o/<slug:organisation>/channels/<int:channel>/disconnect/",
        channels.channel_disconnect,
        name="channel_disconnect",
    ),
    path("channels/consented/", connect.channel_consented, name="channel_consented"),
    path("installation/app-keys/", app_keys.app_keys, name="app_keys"),
    path("installation/app-keys/<slug:network>/", app_keys.app_key_edit, name="app_key_edit"),
    path("installation/app-keys/<slug:network>/delete/", app_keys.app_key_delete, name="app_key_delete"),
]
