"""Routes: under ``/api/v1/``, and the files under ``/media/``."""

from django.urls import path

from exports import api

urlpatterns = [path("users/me/export/", api.ExportView.as_view())]

file_urlpatterns = [path("exports/<str:export_id>/<str:name>", api.ExportFileView.as_view())]
