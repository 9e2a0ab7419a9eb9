"""Routes: under ``/api/v1/``, and the bytes under ``/media/``."""

from django.urls import path

from media import api, files, tus

urlpatterns = [
    path("media/", api.MediaView.as_view()),
    path("media/uploads/", tus.UploadsView.as_view()),
    path("media/uploads/<str:upload_id>/", tus.UploadView.as_view()),
    path("media/<str:medium_id>/", api.MediumView.as_view()),
    path("users/me/avatar/", api.AvatarView.as_view()),
]

file_urlpatterns = [
    path("<str:medium_id>/thumbnail/<str:name>", files.ThumbnailView.as_view()),
    path("<str:medium_id>/<str:name>", files.FileView.as_view()),
]
