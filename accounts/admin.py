"""The accounts in Django's admin: to look at; secrets stay hidden."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as BaseGroupAdmin
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.contrib.auth.forms import UserChangeForm, UserCreationForm
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from accounts.devices import revoke
from accounts.limits import subject
from accounts.models import Challenge, Counter, Device, PersonalEvent, User
from accounts.profile import person_changed
from core.admin import ReadOnlyAdmin, StaffAdmin

_RIGHTS = ("is_staff", "is_superuser", "groups", "user_permissions")
_IDENTIFIERS = {"email", "phone"}


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
class UserAdmin(StaffAdmin, BaseUserAdmin):  # type: ignore[type-arg]  # generic in the stubs only
    """People. Moderation adds what suspends and warns them; only superusers give rights."""

    form = UserForm
    add_form = NewUserForm
    list_display = ("username", "name", "email", "phone", "state", "is_staff", "date_joined")
    list_filter = ("is_active", "is_staff", "is_superuser", "date_joined")
    search_fields = ("=id", "username", "name", "email", "phone")
    ordering = ("-date_joined",)
    date_hierarchy = "date_joined"
    readonly_fields = (
        "id",
        "is_active",
        "suspended_until",
        "suspension_reason",
        "log_position",
        "log_floor",
        "last_seen_at",
        "last_login",
        "date_joined",
        "deleted_at",
        "cleared_at",
    )
    fieldsets: ClassVar = (
        (None, {"fields": ("id", "username", "password", "name", "about")}),
        ("Identifiers", {"fields": ("email", "phone", "pending_email", "pending_phone")}),
        ("State", {"fields": ("is_active", "suspended_until", "suspension_reason")}),
        ("May", {"fields": ("is_staff", "is_superuser", "groups")}),
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
                    "cleared_at",
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

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Of staff by superusers only: who may change an account can become it."""
        may = super().has_change_permission(request, obj)
        return may and (obj is None or not obj.is_staff or bool(request.user.is_superuser))

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Rights are given by superusers only."""
        fields = super().get_readonly_fields(request, obj)
        return fields if request.user.is_superuser else (*fields, *_RIGHTS)

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Addresses, numbers and settings are for those who may change them."""
        fieldsets = super().get_fieldsets(request, obj)
        if self.has_change_permission(request):
            return fieldsets
        shown = [one for one in fieldsets if one[0] in {"State", "May"}]
        return [(None, {"fields": ("id", "username", "name", "about", "date_joined")}), *shown]

    def get_list_display(self, request: HttpRequest) -> Any:
        """Likewise."""
        shown = super().get_list_display(request)
        if self.has_change_permission(request):
            return shown
        return [name for name in shown if name not in _IDENTIFIERS]

    def get_search_fields(self, request: HttpRequest) -> Any:
        """Likewise: what is found tells as much as what is shown."""
        searched = super().get_search_fields(request)
        if self.has_change_permission(request):
            return searched
        return [name for name in searched if name not in _IDENTIFIERS]

    @admin.display(description="state")
    def state(self, user: User) -> str:
        """Active, suspended, banned or erased."""
        if user.deleted_at:
            return "erased"
        if user.is_active:
            return "active"
        return "suspended" if user.suspended_until else "banned"

    def save_model(
        self, request: HttpRequest, obj: User, form: "ModelForm[User]", change: bool
    ) -> None:
        """Saves only what the form changed: the log's position moves meanwhile. It has the effects
        of the person's own changes.
        """
        if not change:
            obj.save()
            return
        before = User.objects.select_for_update(no_key=True).get(pk=obj.pk)
        obj.save(
            update_fields=[
                name for name in form.changed_data if name not in {"groups", "user_permissions"}
            ]
        )
        obj.refresh_from_db()  # the rest of it was read before the lock
        person_changed(before, obj)


admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(StaffAdmin, BaseGroupAdmin):
    """The roles of staff."""


@admin.register(Device)
class DeviceAdmin(ReadOnlyAdmin):
    """Signed-in devices."""

    list_display = ("id", "user", "name", "platform", "last_used_at", "created_at", "revoked_at")
    list_filter = ("platform", ("revoked_at", admin.EmptyFieldListFilter), "created_at")
    search_fields = ("=id", "user__username", "name")
    list_select_related = ("user",)
    actions = ("sign_out",)
    exclude = ("rotations",)

    def has_sign_out_permission(self, request: HttpRequest) -> bool:
        """It is all that can be changed about a device."""
        return request.user.has_perm("accounts.change_device")

    @admin.action(description="Sign out", permissions=["sign_out"])
    def sign_out(self, request: HttpRequest, devices: QuerySet[Device]) -> None:
        """Revokes the devices; their sockets close."""
        chosen = list(devices.select_related("user"))
        revoke(devices)
        for device in chosen:
            self.log_change(request, device.user, f"Signed out device {device.pk}.")


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
