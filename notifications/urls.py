"""Routes under ``/api/v1/notifications/``."""

from django.urls import path

from notifications import api

urlpatterns = [
    path("", api.NotificationsView.as_view()),
    path("read/", api.ReadView.as_view()),
    path("badge/", api.BadgeView.as_view()),
    path("push/", api.PushView.as_view()),
    path("settings/", api.PreferencesView.as_view()),
    path("vapid-key/", api.VapidKeyView.as_view()),
]
