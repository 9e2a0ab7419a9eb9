"""Routes under /api/v1/connections/."""

from django.urls import path

from connections import api

urlpatterns = [
    path("", api.ContactsView.as_view()),
    path("qr/", api.QrView.as_view()),
    path("scan/", api.ScanView.as_view()),
    path("requests/", api.RequestsView.as_view()),
    path("requests/<str:id>/", api.RequestView.as_view()),
    path("requests/<str:id>/accept/", api.AcceptView.as_view()),
    path("requests/<str:id>/reject/", api.RejectView.as_view()),
    path("blocks/", api.BlocksView.as_view()),
    path("blocks/<str:user_id>/", api.BlockView.as_view()),
    path("<str:user_id>/", api.ContactView.as_view()),
]
