"""The accounts in Django's admin: to look at and to suspend; secrets stay hidden."""

from typing import ClassVar

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.contrib.auth.forms import UserChangeForm, UserCreationForm
from django.db import transaction
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from accounts.devices import revoke
from accounts.limits import subject
from accounts.models import Challenge, Counter, Device, PersonalEvent, User
from core.admin import ReadOnlyAdmin
from realtime.control import close_users


class UserForm(UserChangeForm):  # type: ignore[type-arg]  # generic in the stubs only
    """Lower-cases the user name, and keeps empty identifiers apart (NULL, not "")."""

    class Meta:
        model = User
        fields = "__all__"

    def clean_username(self) -> str:
        """As people's own changes are stored."""
        return str(self.cleaned_data["username"]).lower()

    def clean_email(self) -> str | None:
        """None for none: two people may lack one."""
        return self.cleaned_data["email"] or None

    def clean_phone(self) -> str | None:
        """None for none."""
        return self.cleaned_data["phone"] or None


class NewUserForm(UserCreationForm):  # type: ignore[type-arg]  # generic in the stubs only
    """For accounts made by staff."""

    class Meta:
        model = User
        fields = ("username",)


@admin.register(User)
class UserAdmin(BaseUserAdmin):  # type: ignore[type-arg]  # generic in the stubs only
    """People. Suspending someone closes their sockets at once."""

    form = UserForm
    add_form = NewUserForm
    list_display = ("username", "name", "email", "phone", "state", "is_staff", "date_joined")
    list_filter = ("is_active", "is_staff", "is_superuser", "date_joined")
    search_fields = ("=id", "username", "name", "email", "phone")
    ordering = ("-date_joined",)
    date_hierarchy = "date_joined"
    actions = ("suspend", "unsuspend")
    readonly_fields = (
        "id",
        "log_position",
        "log_floor",
        "last_seen_at",
        "last_login",
        "date_joined",
        "deleted_at",
    )
    fieldsets: ClassVar = (
        (None, {"fields": ("id", "username", "password", "name", "about")}),
        ("Identifiers", {"fields": ("email", "phone", "pending_email", "pending_phone")}),
        ("May", {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        (
            "Privacy",
            {
                "fields": (
                    "privacy_last_seen",
                    "privacy_online",
                    "privacy_avatar",
                    "privacy_about",
                    "privacy_statuses",
                    "read_receipts",
                    "typing",
                )
            },
        ),
        (
            "Times and log",
            {
                "fields": (
                    "date_joined",
                    "last_seen_at",
                    "last_login",
                    "deleted_at",
                    "log_position",
                    "log_floor",
                )
            },
        ),
    )
    add_fieldsets = ((None, {"fields": ("username", "password1", "password2")}),)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Never: others' messages need their author. People erase themselves."""
        return False

    @admin.display(description="state")
    def state(self, user: User) -> str:
        """Active, suspended or erased."""
        if user.deleted_at:
            return "erased"
        return "active" if user.is_active else "suspended"

    @admin.action(description="Suspend: sign out everywhere, refuse logins")
    def suspend(self, request: HttpRequest, users: QuerySet[User]) -> None:
        """Suspended people's tokens are refused and their sockets closed."""
        with transaction.atomic():
            ids = list(users.values_list("pk", flat=True))
            User.objects.filter(pk__in=ids).update(is_active=False)
            close_users(ids)

    @admin.action(description="End the suspension")
    def unsuspend(self, request: HttpRequest, users: QuerySet[User]) -> None:
        """Their devices are signed in again; erased people stay erased."""
        users.filter(deleted_at=None).update(is_active=True)

    def save_model(
        self, request: HttpRequest, obj: User, form: "ModelForm[User]", change: bool
    ) -> None:
        """Saves only what the form changed: the log's position moves meanwhile."""
        if not change:
            obj.save()
            return
        changed = [name for name in form.changed_data if name not in {"groups"}]
        with transaction.atomic():
            obj.save(update_fields=[name for name in changed if name != "user_permissions"])
            if "is_active" in changed and not obj.is_active:
                close_users([obj.pk])


@admin.register(Device)
class DeviceAdmin(ReadOnlyAdmin):
    """Signed-in devices."""

    list_display = ("id", "user", "name", "platform", "last_used_at", "created_at", "revoked_at")
    list_filter = ("platform", ("revoked_at", admin.EmptyFieldListFilter), "created_at")
    search_fields = ("=id", "user__username", "name")
    list_select_related = ("user",)
    actions = ("sign_out",)
    exclude = ("rotations",)

    @admin.action(description="Sign out")
    def sign_out(self, request: HttpRequest, devices: QuerySet[Device]) -> None:
        """Revokes the devices; their sockets close."""
        revoke(devices)


@admin.register(Challenge)
class ChallengeAdmin(ReadOnlyAdmin):
    """Codes that were sent; what they were, nobody can see."""

    list_display = ("id", "identifier", "user", "tries", "created_at", "expires_at", "used_at")
    list_filter = (("used_at", admin.EmptyFieldListFilter), "tries", "created_at")
    search_fields = ("identifier", "user__username")
    list_select_related = ("user",)
    exclude = ("code_hash",)


@admin.register(Counter)
class CounterAdmin(ReadOnlyAdmin):
    """What is being counted against limits; removing a row lets someone try again."""

    list_display = ("key", "count", "expires_at")
    search_fields = ("key",)
    list_filter = ("expires_at",)

    @admin.display
    def count(self, counter: Counter) -> int:
        """How many hits count now, or did when the last one came."""
        return len(counter.hits)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Counter], search_term: str
    ) -> tuple[QuerySet[Counter], bool]:
        """Finds a name or identifier by the hash of it that stands in the key, too."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        if search_term:
            found |= queryset.filter(key__endswith=subject(search_term.strip().lower()))
        return found, may_repeat

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """For superusers, to help someone who is locked out."""
        return bool(request.user.is_superuser)


@admin.register(PersonalEvent)
class PersonalEventAdmin(ReadOnlyAdmin):
    """The personal logs."""

    list_display = ("user", "position", "event", "created_at")
    list_filter = ("event", "created_at")
    search_fields = ("=user__id", "user__username", "event")
    list_select_related = ("user",)
    ordering = ("-id",)
