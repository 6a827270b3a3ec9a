"""Addresses of this room: under an organisation and a campaign, but for the pictures that networks fetch."""

from django.urls import include, path

from campaign.views.campaigns import campaign_detail, target_table
from campaign.views.links import link_edit, link_list
from campaign.views.pictures import visual_file
from campaign.views.posts import post_edit, post_preview
from campaign.views.public_pictures import public_picture
from campaign.views.translations import translation_edit, translation_list, translation_preview

pages = [
    path("", campaign_detail, name="campaign_detail"),
    path("targets/", target_table, name="target_table"),
    path("links/", link_list, name="link_list"),
    path("links/<slug:link>/", link_edit, name="link_edit"),
    path("posts/<int:number>/edit/", post_edit, name="post_edit"),
    path("posts/<int:number>/preview/", post_preview, name="post_preview"),
    path("pictures/<int:visual>/", visual_file, name="visual_file"),
    path("translate/<str:language>/", translation_list, name="translation_list"),
    path("translate/<str:language>/<int:number>/", translation_edit, name="translation_edit"),
    path("translate/<str:language>/<int:number>/preview/", translation_preview, name="translation_preview"),
]
urlpatterns = [
    path("o/<slug:organisation>/campaigns/<slug:campaign>/", include(pages)),
    path("media/p/<str:signature>", public_picture, name="public_picture"),
]
