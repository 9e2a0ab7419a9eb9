"""Routes of statuses."""

from django.urls import path

from statuses import api

urlpatterns = [
    path("statuses/", api.StatusesView.as_view()),
    path("statuses/settings/", api.SettingsView.as_view()),
    path("statuses/<str:status>/", api.StatusView.as_view()),
    path("statuses/<str:status>/view/", api.ViewView.as_view()),
    path("statuses/<str:status>/views/", api.ViewsView.as_view()),
    path("statuses/<str:status>/reply/", api.ReplyView.as_view()),
]
