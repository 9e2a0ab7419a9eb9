"""HTTP adapters of ``auth/`` and ``users/``."""

from typing import cast

from rest_framework.request import Request
from rest_framework.response import Response

from accounts import cookies, devices, erasure, otp, passwords, payloads, profile, tokens
from accounts.access import get_visible_user
from accounts.authentication import BearerAuthentication, bearer_of
from accounts.identifiers import parse_email, parse_identifier, parse_phone
from accounts.limits import network_of
from accounts.models import Device, User
from accounts.otp import SignedIn
from accounts.prefixes import phone_prefixes
from accounts.schemas import (
    ChangePassword,
    DeviceInput,
    Login,
    PatchPrivacy,
    PatchProfile,
    Refresh,
    Register,
    RequestCode,
    VerifyCode,
)
from core.address import client_ip
from core.errors import Unauthenticated
from core.http import ApiView, accepted, no_content, ok
from core.ids import parse_id
from core.openapi import documented
from core.paging import Page, page, place_of
from realtime.session import Session


def _network(request: Request) -> str:
    return network_of(client_ip(request))


def _account(request: Request) -> User:
    return cast(User, request.user)


def _device_id(request: Request) -> int | None:
    """The device of the token; None for Django's session of the browsable API."""
    return request.auth.device_id if isinstance(request.auth, Session) else None


def _session(signed_in: SignedIn, pair: tokens.Pair, cookie: bool, status: int = 200) -> Response:
    """The answer to every way of signing in; with ``cookie`` the refresh token travels there."""
    device = signed_in.device
    body: payloads.Session = {
        "access": pair.access,
        "refresh": pair.refresh,
        "created": signed_in.created,
        "user": payloads.profile(device.user),
        "device": payloads.device_payload(device, current=True),
    }
    return _with_pair(body, pair, cookie, status)


def _with_pair(
    body: payloads.Session | payloads.Tokens, pair: tokens.Pair, cookie: bool, status: int = 200
) -> Response:
    if not cookie:
        return Response(body, status=status)
    del body["refresh"]
    response = Response(body, status=status)
    cookies.put(response, pair)
    return response


class OtpRequestView(ApiView):
    """``auth/otp/request/``."""

    open = True
    authentication_classes = (BearerAuthentication,)

    @documented("Send a code", request=RequestCode, response=payloads.CodeSent, status=202)
    def post(self, request: Request) -> Response:
        identifier = parse_identifier(self.body(request, RequestCode).identifier)
        user = _account(request) if request.auth else None
        return accepted(otp.request_code(identifier, network=_network(request), user=user))


class OtpVerifyView(ApiView):
    """``auth/otp/verify/``."""

    open = True
    authentication_classes = (BearerAuthentication,)

    @documented(
        "Sign in by a code, or prove an identifier of one's own",
        request=VerifyCode,
        response=payloads.Session,
        errors=(403, 409, 410),
    )
    def post(self, request: Request) -> Response:
        body = self.body(request, VerifyCode)
        identifier = parse_identifier(body.identifier)
        if device_id := _device_id(request):
            otp.prove_own(_account(request), identifier, body.code)
            device = Device.objects.select_related("user").filter(pk=device_id).first()
            if device is None:  # erased in this moment
                raise Unauthenticated("device_revoked", "This device was signed out.")
            signed_in = SignedIn(device, created=False)
        else:
            own = body.device or DeviceInput()
            signed_in = otp.sign_in_by_code(
                identifier, body.code, device_name=own.name, device_platform=own.platform
            )
        return _session(signed_in, tokens.issue(signed_in.device), body.cookie)


class RegisterView(ApiView):
    """``auth/register/``."""

    open = True
    authentication_classes = ()

    @documented(
        "Make an account with a password",
        request=Register,
        response=payloads.Session,
        status=201,
        errors=(409,),
    )
    def post(self, request: Request) -> Response:
        body = self.body(request, Register)
        own = body.device or DeviceInput()
        signed_in = passwords.register(
            username=body.username,
            password=body.password,
            email=parse_email(body.email) if body.email else None,
            phone=parse_phone(body.phone) if body.phone else None,
            network=_network(request),
            device_name=own.name,
            device_platform=own.platform,
        )
        return _session(signed_in, tokens.issue(signed_in.device), body.cookie, status=201)


class LoginView(ApiView):
    """``auth/login/``."""

    open = True
    authentication_classes = ()

    @documented("Sign in by a password", request=Login, response=payloads.Session, errors=(403,))
    def post(self, request: Request) -> Response:
        body = self.body(request, Login)
        own = body.device or DeviceInput()
        signed_in = passwords.sign_in_by_password(
            body.identifier,
            body.password,
            network=_network(request),
            device_name=own.name,
            device_platform=own.platform,
        )
        return _session(signed_in, tokens.issue(signed_in.device), body.cookie)


class PasswordView(ApiView):
    """``auth/password/``."""

    @documented(
        "Set or change the password; other devices are signed out",
        request=ChangePassword,
        response=payloads.Profile,
        errors=(403,),
    )
    def post(self, request: Request) -> Response:
        body = self.body(request, ChangePassword)
        user = passwords.change_password(
            _account(request), _device_id(request), current=body.current, new=body.new
        )
        return ok(payloads.profile(user))


class RefreshView(ApiView):
    """``auth/token/refresh/``. A stale Authorization header does not matter here."""

    open = True
    authentication_classes = ()

    @documented(
        "Take a refresh token for the next pair",
        request=Refresh,
        response=payloads.Tokens,
        errors=(403,),
    )
    def post(self, request: Request) -> Response:
        refresh = self.body(request, Refresh).refresh
        cookie = None if refresh else cookies.take(request)
        _, pair = tokens.rotate(refresh or cookie or "")
        body: payloads.Tokens = {"access": pair.access, "refresh": pair.refresh}
        return _with_pair(body, pair, cookie is not None)


class LogoutView(ApiView):
    """``auth/logout/``: whose device it is says the access token, or else the refresh token."""

    open = True
    authentication_classes = ()

    @documented(
        "Sign this device out",
        request=Refresh,
        response=payloads.DevicePayload,
        errors=(403,),
    )
    def post(self, request: Request) -> Response:
        device = self._device(request, self.body(request, Refresh).refresh)
        devices.revoke(Device.objects.filter(pk=device.pk))
        response = ok(payloads.device_payload(device, current=False))
        cookies.drop(response)
        return response

    def _device(self, request: Request, refresh: str | None) -> Device:
        refused = Unauthenticated("unauthenticated", "Sign in first.")
        if access := bearer_of(request):
            try:
                return tokens.device_of(access)[0]
            except Unauthenticated as error:
                refused = error
        # An expired access token must not keep anyone from leaving.
        if refresh := refresh or cookies.take(request):
            return tokens.holder_of(refresh)
        raise refused


class DevicesView(ApiView):
    """``auth/devices/``."""

    @documented("My signed-in devices", paged=True, response=Page)
    def get(self, request: Request) -> Response:
        place = place_of(request)
        rows = devices.page_of(_account(request).pk, place.ints(1), place.limit + 1)
        own = _device_id(request)
        return ok(
            page(
                rows,
                place,
                key=lambda device: [device.pk],
                payload=lambda device: payloads.device_payload(device, current=device.pk == own),
                users={},
            )
        )


class DeviceView(ApiView):
    """``auth/devices/{id}/``."""

    @documented("Sign a device of mine out", status=204, errors=(404,))
    def delete(self, request: Request, device_id: str) -> Response:
        devices.revoke_one(_account(request).pk, parse_id(device_id))
        return no_content()


class PhonePrefixesView(ApiView):
    """``auth/phone-prefixes/``."""

    open = True
    authentication_classes = ()

    @documented("Dialling prefixes", response=list[payloads.PhonePrefix])
    def get(self, request: Request) -> Response:
        return ok(phone_prefixes())


class MeView(ApiView):
    """``users/me/``."""

    @documented("My profile", response=payloads.Profile)
    def get(self, request: Request) -> Response:
        return ok(payloads.profile(_account(request)))

    @documented("Change my profile", request=PatchProfile, response=payloads.Profile, errors=(409,))
    def patch(self, request: Request) -> Response:
        changes = self.body(request, PatchProfile)
        return ok(payloads.profile(profile.update_profile(_account(request).pk, changes)))

    @documented("Erase my account", status=204)
    def delete(self, request: Request) -> Response:
        erasure.erase(_account(request).pk)
        response = no_content()
        cookies.drop(response)
        return response


class PrivacyView(ApiView):
    """``users/me/privacy/``."""

    @documented("My privacy settings", response=payloads.Privacy)
    def get(self, request: Request) -> Response:
        return ok(payloads.privacy(_account(request)))

    @documented("Change my privacy settings", request=PatchPrivacy, response=payloads.Privacy)
    def patch(self, request: Request) -> Response:
        changes = self.body(request, PatchPrivacy)
        return ok(payloads.privacy(profile.update_privacy(_account(request).pk, changes)))


class UserView(ApiView):
    """``users/{id}/``."""

    @documented("Someone I know", response=payloads.PublicProfile, errors=(404,))
    def get(self, request: Request, user_id: str) -> Response:
        user, relation = get_visible_user(_account(request), parse_id(user_id))
        return ok(payloads.public_profile(user, relation))
