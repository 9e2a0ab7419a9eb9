"""Chats in the admin: read, never edited: the log is written only by the writer."""

from django.contrib import admin
from django.http import HttpRequest

from chat.models import Chat, Epoch, Membership, Message, Receipt
from core.admin import ReadOnlyAdmin


class MembershipInline(admin.TabularInline):  # type: ignore[type-arg]  # stubs only
    """Who is in a chat."""

    model = Membership
    fields = ("user", "role", "joined_at", "delivered", "seen")
    readonly_fields = fields
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Nobody is added here."""
        return False


@admin.register(Chat)
class ChatAdmin(ReadOnlyAdmin):
    """Chats by activity."""

    list_display = ("id", "kind", "name", "low", "high", "head", "active_at")
    list_filter = ("kind",)
    search_fields = ("=id", "name", "=low__username", "=high__username")
    list_select_related = ("low", "high")
    date_hierarchy = "created_at"
    inlines = (MembershipInline,)


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin):
    """Who is where, and how far they have read."""

    list_display = ("id", "chat", "user", "role", "delivered", "seen", "marks_at")
    list_filter = ("role",)
    search_fields = ("=chat__id", "=user__username")
    list_select_related = ("chat", "user")


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    """Messages without their text: staff read content only through a report (moderation)."""

    list_display = ("place", "sender", "kind", "length", "created_at")
    list_filter = ("kind",)
    search_fields = ("=chat__id", "=sender__username", "=client_id")
    list_select_related = ("sender",)
    fields = ("place", "sender", "client_id", "kind", "length", "created_at")

    @admin.display(description="message")
    def place(self, message: Message) -> str:
        """Its public id."""
        return str(message)

    @admin.display(description="characters")
    def length(self, message: Message) -> int:
        """How long its text is."""
        return len(message.text)


@admin.register(Receipt)
class ReceiptAdmin(ReadOnlyAdmin):
    """When marks rose."""

    list_display = ("id", "membership", "kind", "upto", "at")
    list_filter = ("kind",)
    search_fields = ("=membership__chat__id", "=membership__user__username")
    list_select_related = ("membership",)


@admin.register(Epoch)
class EpochAdmin(ReadOnlyAdmin):
    """The salt of the epoch; a restored backup gets another."""

    list_display = ("id", "salt")
    search_fields = ("salt",)
