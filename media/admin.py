"""The admin of media: what there is, whose and how large; the bytes themselves are not shown."""

from django.contrib import admin

from core.admin import ReadOnlyAdmin
from media.models import Blob, Hold, Medium, Upload


@admin.register(Blob)
class BlobAdmin(ReadOnlyAdmin):
    """Contents."""

    list_display = ("id", "owner", "kind", "mime", "state", "reason", "size", "created_at")
    list_filter = ("state", "kind", "reason")
    list_select_related = ("owner",)
    search_fields = ("id", "owner__username")


@admin.register(Medium)
class MediumAdmin(ReadOnlyAdmin):
    """Files as people attached them."""

    list_display = ("id", "owner", "name", "kind", "state", "created_at")
    list_select_related = ("owner", "blob")
    search_fields = ("id", "owner__username")

    @admin.display(ordering="blob__kind")
    def kind(self, medium: Medium) -> str:
        """What it is."""
        return medium.blob.kind

    @admin.display(ordering="blob__state")
    def state(self, medium: Medium) -> str:
        """Whether it is ready."""
        return medium.blob.state


@admin.register(Hold)
class HoldAdmin(ReadOnlyAdmin):
    """What shows which file."""

    list_display = ("id", "medium", "kind", "holder_id")
    list_filter = ("kind",)
    list_select_related = ("medium",)
    search_fields = ("medium__id", "holder_id")


@admin.register(Upload)
class UploadAdmin(ReadOnlyAdmin):
    """Uploads that are not complete."""

    list_display = ("id", "owner", "name", "length", "created_at", "expires_at")
    list_select_related = ("owner",)
    search_fields = ("id", "owner__username")
