"""Routes of calls."""

from django.urls import path

from calls import api

urlpatterns = [
    path("calls/", api.CallsView.as_view()),
    path("calls/ice-servers/", api.IceServersView.as_view()),
    path("calls/<str:call>/", api.CallView.as_view()),
    path("calls/<str:call>/end/", api.EndView.as_view()),
]
