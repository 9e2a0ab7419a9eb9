"""HTTP adapters."""

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.payloads import people, person
from connections import payloads, queries
from connections.actions.people import block_person, remove_connection, unblock_person
from connections.actions.qr import make_qr, scan, withdraw_qr
from connections.actions.requests import accept_request, reject_request, withdraw_request
from connections.qr_image import link_of, svg_of
from connections.schemas import BlockInput, ScanInput
from core.clock import rfc3339
from core.http import ApiView, caller_id, created, no_content, ok
from core.ids import parse_id
from core.openapi import documented
from core.paging import page, place_of


class QrView(ApiView):
    """The caller's QR code."""

    @documented("Show a new QR code", response=payloads.Qr, status=201, errors=(409,))
    def post(self, request: Request) -> Response:
        """A new single-use code; the one before stops working."""
        shown = make_qr(owner_id=caller_id(request))
        url = link_of(shown.token, request)
        qr: payloads.Qr = {
            "token": shown.token,
            "url": url,
            "svg": svg_of(url),
            "expires_at": rfc3339(shown.expires_at),
        }
        return created(qr)

    @documented("Withdraw the QR code", status=204)
    def delete(self, request: Request) -> Response:
        """The code stops working."""
        withdraw_qr(owner_id=caller_id(request))
        return no_content()


class ScanView(ApiView):
    """Scanning somebody's code."""

    @documented(
        "Scan a QR code",
        request=ScanInput,
        response=payloads.RequestPayload,
        status=201,
        errors=(409, 410),
    )
    def post(self, request: Request) -> Response:
        """Spends the token and opens a request to its owner."""
        token = self.body(request, ScanInput).token
        return created(payloads.request_payload(scan(scanner_id=caller_id(request), token=token)))


class RequestsView(ApiView):
    """Open requests."""

    @documented("Open requests to and from the caller", response=payloads.RequestLists)
    def get(self, request: Request) -> Response:
        """All of them, the newest first."""
        me = caller_id(request)
        rows = queries.pending_requests(me)
        answer: payloads.RequestLists = {
            "incoming": [payloads.request_payload(row) for row in rows if row.owner_id == me],
            "outgoing": [payloads.request_payload(row) for row in rows if row.scanner_id == me],
            "users": people({row.owner_id for row in rows} | {row.scanner_id for row in rows}),
        }
        return ok(answer)


class RequestView(ApiView):
    """A request of one's own."""

    @documented("Withdraw a request", status=204, errors=(404, 409))
    def delete(self, request: Request, id: str) -> Response:
        """Only by the scanner."""
        withdraw_request(scanner_id=caller_id(request), request_id=parse_id(id))
        return no_content()


class AcceptView(ApiView):
    """Accepting a request."""

    @documented("Accept a request", response=payloads.RequestPayload, errors=(404, 409))
    def post(self, request: Request, id: str) -> Response:
        """Only by the owner of the code; connects the two."""
        accepted = accept_request(owner_id=caller_id(request), request_id=parse_id(id))
        return ok(payloads.request_payload(accepted))


class RejectView(ApiView):
    """Rejecting a request."""

    @documented("Reject a request", response=payloads.RequestPayload, errors=(404, 409))
    def post(self, request: Request, id: str) -> Response:
        """Only by the owner of the code."""
        rejected = reject_request(owner_id=caller_id(request), request_id=parse_id(id))
        return ok(payloads.request_payload(rejected))


class ContactsView(ApiView):
    """The contact list."""

    @documented("Contacts, the newest first", paged=True, response=payloads.Contacts)
    def get(self, request: Request) -> Response:
        """A page of the people the caller is connected to."""
        place = place_of(request)
        after = place.ints(1)
        rows = queries.contacts_of(caller_id(request), after[0] if after else None, place.limit + 1)
        users = {str(row.user.pk): person(row.user) for row in rows[: place.limit]}
        answer = page(
            rows, place, key=lambda row: [row.id], payload=payloads.contact_payload, users=users
        )
        return ok(answer)


class ContactView(ApiView):
    """A contact."""

    @documented("Remove a contact", status=204, errors=(404,))
    def delete(self, request: Request, user_id: str) -> Response:
        """Ends the connection; chats stay readable."""
        remove_connection(user_id=caller_id(request), other_id=parse_id(user_id))
        return no_content()


class BlocksView(ApiView):
    """Whom the caller blocks."""

    @documented("Blocked people, the latest first", paged=True, response=payloads.Blocks)
    def get(self, request: Request) -> Response:
        """A page of them."""
        place = place_of(request)
        after = place.ints(1)
        rows = list(
            queries.blocks_of(caller_id(request), after[0] if after else None)[: place.limit + 1]
        )
        users = people(row.blocked_id for row in rows[: place.limit])
        answer = page(
            rows, place, key=lambda row: [row.pk], payload=payloads.block_payload, users=users
        )
        return ok(answer)

    @documented(
        "Block somebody",
        request=BlockInput,
        response=payloads.Blocked,
        status=201,
        errors=(404,),
    )
    def post(self, request: Request) -> Response:
        """Ends the connection, for good; 200 if the person was blocked already."""
        other_id = parse_id(self.body(request, BlockInput).user)
        block, is_new = block_person(blocker_id=caller_id(request), blocked_id=other_id)
        return (created if is_new else ok)(payloads.block_payload(block))


class BlockView(ApiView):
    """A block."""

    @documented("Unblock somebody", status=204, errors=(404,))
    def delete(self, request: Request, user_id: str) -> Response:
        """Lifts the block; the connection does not come back."""
        unblock_person(blocker_id=caller_id(request), blocked_id=parse_id(user_id))
        return no_content()
