"""Notifications in the admin: to look at. Endpoints and keys are secrets of browsers."""

from django.contrib import admin

from core.admin import ReadOnlyAdmin
from notifications.models import Notification, Preferences, PushAttempt, PushSubscription


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    """What people were told of."""

    list_display = ("id", "user", "kind", "by", "created_at", "read_at")
    list_filter = ("kind", ("read_at", admin.EmptyFieldListFilter))
    search_fields = ("=id", "=user__username", "=user__id")
    list_select_related = ("user", "by")
    date_hierarchy = "created_at"


@admin.register(Preferences)
class PreferencesAdmin(ReadOnlyAdmin):
    """What people want to be told of."""

    list_display = ("user", "push", "preview", "mail", "quiet_from", "quiet_to", "time_zone")
    list_filter = ("push", "preview", "mail")
    search_fields = ("=user__username", "=user__id")
    list_select_related = ("user",)


@admin.register(PushSubscription)
class PushSubscriptionAdmin(ReadOnlyAdmin):
    """Which devices are pushed to."""

    list_display = ("id", "user", "device", "created_at", "told_upto", "failures")
    search_fields = ("=user__username", "=user__id", "=device__id")
    list_select_related = ("user", "device")
    exclude = ("endpoint", "p256dh", "auth")


@admin.register(PushAttempt)
class PushAttemptAdmin(ReadOnlyAdmin):
    """What was pushed, and what the push services answered: where a push got to."""

    list_display = ("at", "user", "device", "kind", "host", "status", "since", "upto")
    list_filter = ("kind", "status", "host")
    search_fields = ("=user__username", "=user__id", "=device")
    list_select_related = ("user",)
    date_hierarchy = "at"
