"""Chats in the admin: read, never edited: the log is written only by the writer."""

from django.contrib import admin
from django.http import HttpRequest

from chat.models import (
    Chat,
    ChatEvent,
    Edit,
    Epoch,
    Exclusion,
    Hidden,
    Invite,
    JoinRequest,
    Membership,
    Message,
    Reaction,
    Receipt,
    Scheduled,
    SearchBlock,
    SearchEntry,
    SearchProgress,
    Star,
    Vote,
)
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
    """Who is where, and how far they have read; not what they have begun to write."""

    exclude = ("draft",)
    list_display = ("id", "chat", "user", "role", "delivered", "seen", "marks_at")
    list_filter = ("role",)
    search_fields = ("=chat__id", "=user__username")
    list_select_related = ("chat", "user")
    exclude = ("draft",)


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


@admin.register(ChatEvent)
class ChatEventAdmin(ReadOnlyAdmin):
    """What happened to messages."""

    list_display = ("id", "chat", "seq", "change", "message_seq", "by", "created_at")
    list_filter = ("change",)
    search_fields = ("=chat__id", "=by__username")
    list_select_related = ("chat", "by")


@admin.register(Edit)
class EditAdmin(ReadOnlyAdmin):
    """That messages were edited, without what they said."""

    list_display = ("id", "message", "at")
    search_fields = ("=message__chat__id",)
    list_select_related = ("message",)
    fields = ("message", "at")


class OfMessageAdmin(ReadOnlyAdmin):
    """What people have put on messages."""

    list_display: tuple[str, ...] = ("id", "chat", "seq", "user")
    search_fields = ("=chat__id", "=user__username")
    list_select_related = ("chat", "user")


@admin.register(Reaction)
class ReactionAdmin(OfMessageAdmin):
    """One a person and message."""

    list_display = ("id", "chat", "seq", "user", "emoji")


@admin.register(Vote)
class VoteAdmin(OfMessageAdmin):
    """Of polls."""

    list_display = ("id", "chat", "seq", "user", "option")


admin.site.register(Star, OfMessageAdmin)
admin.site.register(Hidden, OfMessageAdmin)


@admin.register(Scheduled)
class ScheduledAdmin(ReadOnlyAdmin):
    """What waits to be sent, without its text."""

    list_display = ("id", "chat", "sender", "send_at", "refused")
    search_fields = ("=chat__id", "=sender__username")
    list_select_related = ("chat", "sender")
    fields = ("chat", "sender", "client_id", "send_at", "created_at", "refused")


@admin.register(Invite)
class InviteAdmin(ReadOnlyAdmin):
    """Codes into groups."""

    list_display = ("id", "chat", "by", "expires_at", "max_uses", "uses", "approval", "revoked_at")
    list_filter = ("approval",)
    search_fields = ("=chat__id", "=by__username")
    list_select_related = ("chat", "by")


@admin.register(JoinRequest)
class JoinRequestAdmin(ReadOnlyAdmin):
    """Who asks to be let into groups."""

    list_display = ("id", "chat", "user", "invite", "status", "created_at")
    list_filter = ("status",)
    search_fields = ("=chat__id", "=user__username")
    list_select_related = ("chat", "user", "invite")


@admin.register(Exclusion)
class ExclusionAdmin(ReadOnlyAdmin):
    """Who was removed from groups."""

    list_display = ("id", "chat", "user", "at")
    search_fields = ("=chat__id", "=user__username")
    list_select_related = ("chat", "user")


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


@admin.register(SearchEntry)
class SearchEntryAdmin(ReadOnlyAdmin):
    """Which messages are in the search index, without what they say."""

    list_display = ("message",)
    search_fields = ("=message__chat__id",)
    list_select_related = ("message",)
    fields = ("message",)


@admin.register(SearchBlock)
class SearchBlockAdmin(ReadOnlyAdmin):
    """When the messages of blocks of ids were sent."""

    list_display = ("id", "first_at", "last_at")


@admin.register(SearchProgress)
class SearchProgressAdmin(ReadOnlyAdmin):
    """How far the search index is complete."""

    list_display = ("id", "upto", "next_upto")
