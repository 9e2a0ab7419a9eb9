"""Every route of the server."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from chatproject import pages
from chatproject.metrics import metrics
from core.http import not_found
from exports.urls import file_urlpatterns as export_urlpatterns
from media.urls import file_urlpatterns

admin.site.site_header = admin.site.site_title = "chatproject"

handler400 = "core.http.bad_request"
handler404 = "core.http.not_found"
handler500 = "core.http.server_error"

api: list[URLPattern | URLResolver] = [
    path("server/", pages.ServerView.as_view()),
    path("", include("exports.urls")),
    path("", include("accounts.urls")),
    path("connections/", include("connections.urls")),
    path("presence/", include("presence.urls")),
    path("", include("media.urls")),
    path("notifications/", include("notifications.urls")),
    path("", include("chat.urls")),
    path("", include("calls.urls")),
    path("", include("statuses.urls")),
    path("", include("moderation.urls")),
    # With Django's debug pages on, too; without the last slash comes a redirect first.
    re_path(r"^(?:[\s\S]*/)?$", csrf_exempt(not_found)),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include(api)),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerView.as_view(url_name="schema")),
    path("api/session/", include("rest_framework.urls")),
    path("asyncapi.json", pages.asyncapi),
    path("admin/", admin.site.urls),
    path("metrics", metrics),
    path("media/", include(export_urlpatterns)),
    path("media/", include(file_urlpatterns)),
    re_path(r"^$", pages.client),
]
