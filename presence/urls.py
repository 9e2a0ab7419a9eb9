"""Routes under /api/v1/presence/."""

from django.urls import path

from presence import api

urlpatterns = [path("", api.PresenceView.as_view())]
