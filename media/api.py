"""The HTTP door to media; ``media.tus`` takes resumable uploads, ``media.files`` gives bytes."""

from rest_framework.request import Request
from rest_framework.response import Response

from accounts import payloads as accounts_payloads
from core.http import ApiView, caller_id, created, no_content, ok
from core.openapi import documented
from core.schema import parse
from media.access import get_medium
from media.actions.avatars import drop_avatar, set_avatar
from media.actions.media import delete_own
from media.actions.uploads import Description, receive
from media.forms import Form, FormParser, file_required
from media.models import Medium, Purpose
from media.payloads import MediaPayload, media_payload
from media.schemas import UploadForm


def purpose_of(form: UploadForm) -> Purpose:
    """What the client wants it to become; the other kinds are decided by the bytes."""
    return Purpose(form.kind) if form.kind in {"voice", "file"} else Purpose.PLAIN


def receive_form(request: Request, purpose: Purpose | None = None) -> Medium:
    """The medium that a form brings. Raises Invalid and what ``receive`` raises."""
    form = request.data
    if not isinstance(form, Form):  # no body at all
        raise file_required()
    with form.file as file:
        fields = parse(UploadForm, form.fields)
        description = Description(
            name=fields.filename or file.name or "",
            declared=file.content_type or "",
            purpose=purpose_of(fields) if purpose is None else purpose,
        )
        return receive(caller_id(request), file, file.size or 0, description)


class MediaView(ApiView):
    """``media/``."""

    parser_classes = (FormParser,)

    @documented(
        "Upload a file in one request",
        form=UploadForm,
        response=MediaPayload,
        status=201,
        errors=(408, 409, 413, 415),
    )
    def post(self, request: Request) -> Response:
        """A form with ``file``, and ``kind=voice`` for a voice note, ``kind=file`` for what is to
        stay as it is.
        """
        return created(media_payload(receive_form(request)))


class MediumView(ApiView):
    """``media/{id}/``."""

    @documented("A medium", response=MediaPayload, errors=(404,))
    def get(self, request: Request, medium_id: str) -> Response:
        """To its owner, and to whom something shows it."""
        return ok(media_payload(get_medium(caller_id(request), medium_id)))

    @documented("Delete a medium of mine that nothing shows", status=204, errors=(404, 409))
    def delete(self, request: Request, medium_id: str) -> Response:
        """Its bytes go too."""
        delete_own(caller_id(request), get_medium(caller_id(request), medium_id))
        return no_content()


class AvatarView(ApiView):
    """``users/me/avatar/``."""

    parser_classes = (FormParser,)

    @documented(
        "Set my picture",
        form=UploadForm,
        response=accounts_payloads.Profile,
        status=201,
        errors=(408, 409, 413, 415),
    )
    def post(self, request: Request) -> Response:
        """The path is known at once; it opens when the picture is ready."""
        medium = receive_form(request, Purpose.AVATAR)
        return created(accounts_payloads.profile(set_avatar(caller_id(request), medium)))

    @documented("Take my picture away", status=204)
    def delete(self, request: Request) -> Response:
        """Also when there is none."""
        drop_avatar(caller_id(request))
        return no_content()
