"""The picture of a code, and the link it says."""

import qrcode
from django.conf import settings
from django.http import HttpRequest
from qrcode.image.svg import SvgPathFillImage

QUIET_ZONE_MODULES = 4


def link_of(token: str, request: HttpRequest, to: str = "c") -> str:
    """The address that opens the web client with the token in its fragment, which no server sees.

    Under PUBLIC_URL, or the host the request came to. ``to`` says what it opens: ``c`` connects
    with a person, ``j`` joins a group.
    """
    base = settings.PUBLIC_URL or request.build_absolute_uri("/").rstrip("/")
    return f"{base}/#/{to}/{token}"


def svg_of(link: str) -> str:
    """An inline ``<svg>``: a black path on white, of no size of its own, so that it scales."""
    code = qrcode.QRCode(border=QUIET_ZONE_MODULES, image_factory=SvgPathFillImage)
    code.add_data(link)
    image = code.make_image()
    root = image.get_image()
    for side in ("width", "height"):
        root.attrib.pop(side, None)
    svg: str = image.to_string(encoding="unicode")
    return svg
