"""HTTP adapters."""

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.payloads import people
from core.http import ApiView, caller_id, created, no_content, ok
from core.ids import parse_id
from core.openapi import documented
from core.paging import page, place_of
from notifications import payloads, queries, schemas
from notifications.actions.notices import read_notifications
from notifications.actions.preferences import change_preferences
from notifications.actions.subscriptions import subscribe, unsubscribe
from notifications.vapid import public_key
from realtime.session import Session


def _device_id(request: Request) -> int | None:
    return request.auth.device_id if isinstance(request.auth, Session) else None


class NotificationsView(ApiView):
    """What happened to the caller."""

    @documented("Notifications, the newest first", paged=True, response=payloads.Notifications)
    def get(self, request: Request) -> Response:
        """A page of them."""
        place = place_of(request)
        after = place.ints(1)
        rows = queries.page_of(caller_id(request), after[0] if after else None, place.limit + 1)
        users = people(row.by_id for row in rows[: place.limit] if row.by_id is not None)
        answer = page(
            rows,
            place,
            key=lambda row: [row.pk],
            payload=payloads.notification_payload,
            users=users,
        )
        return ok(answer)


class ReadView(ApiView):
    """Reading notifications."""

    @documented(
        "Mark notifications as read, up to one of them",
        request=schemas.ReadUpTo,
        response=payloads.BadgePayload,
        errors=(404,),
    )
    def post(self, request: Request) -> Response:
        """Answers the badge."""
        me = caller_id(request)
        read_notifications(me, parse_id(self.body(request, schemas.ReadUpTo).up_to))
        return ok(_badge(me))


class BadgeView(ApiView):
    """The number on the icon."""

    @documented("How much is unread", response=payloads.BadgePayload)
    def get(self, request: Request) -> Response:
        """Messages in chats that are not muted, and notifications."""
        return ok(_badge(caller_id(request)))


class PushView(ApiView):
    """This device's push subscription."""

    @documented(
        "Subscribe this device",
        request=schemas.Subscribe,
        response=payloads.Subscribed,
        status=201,
        errors=(403, 409),
    )
    def post(self, request: Request) -> Response:
        """200 if it is subscribed so already."""
        wish = self.body(request, schemas.Subscribe)
        row, is_new = subscribe(caller_id(request), _device_id(request), wish)
        return (created if is_new else ok)(payloads.subscribed(row))

    @documented("End a subscription", request=schemas.Unsubscribe, status=204, errors=(403, 404))
    def delete(self, request: Request) -> Response:
        """The one with the endpoint; without one this device's."""
        endpoint = self.body(request, schemas.Unsubscribe).endpoint
        unsubscribe(caller_id(request), _device_id(request), endpoint)
        return no_content()


class PreferencesView(ApiView):
    """What the caller wants to be told of."""

    @documented("Settings of notifications", response=payloads.PreferencesPayload)
    def get(self, request: Request) -> Response:
        """All of them."""
        return ok(payloads.preferences_payload(queries.preferences_of(caller_id(request))))

    @documented(
        "Change settings of notifications",
        request=schemas.PatchPreferences,
        response=payloads.PreferencesPayload,
    )
    def patch(self, request: Request) -> Response:
        """What is absent stays."""
        changes = self.body(request, schemas.PatchPreferences)
        return ok(payloads.preferences_payload(change_preferences(caller_id(request), changes)))


class VapidKeyView(ApiView):
    """The key that browsers subscribe with."""

    @documented("The server's public key for Web Push", response=payloads.VapidKey)
    def get(self, request: Request) -> Response:
        """As ``applicationServerKey`` takes it."""
        return ok(payloads.VapidKey(key=public_key()))


def _badge(user_id: int) -> payloads.BadgePayload:
    return {"unread": queries.badge_of([user_id])[user_id]}
