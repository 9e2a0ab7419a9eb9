"""A picture from the upload to the screen."""

from io import BytesIO

import pytest
from PIL import Image

from media.tests.acts import Uploader, content_of, work
from media.tests.samples import SECRET, jpeg
from realtime.tests.published import Published

pytestmark = pytest.mark.django_db


def opened(uploader: Uploader, url: str) -> Image.Image:
    """The picture behind a url, as its owner gets it."""
    answer = uploader.get(url)
    assert answer.status_code == 200
    return Image.open(BytesIO(content_of(answer)))


def test_from_upload_to_the_bytes(alice: Uploader, published: Published) -> None:
    answer = alice.upload(jpeg(), "holiday.jpeg", "image/jpeg")
    assert answer.status_code == 201
    medium = answer.json()
    assert (medium["state"], medium["kind"], medium["mime"]) == (
        "processing",
        "image",
        "image/jpeg",
    )
    assert (medium["url"], medium["thumbnail_url"], medium["name"]) == (None, None, "holiday.jpeg")
    assert medium["size"] == len(jpeg())
    work()
    (push,) = published.take("media:updated")
    assert push.to == {alice.user.pk}
    ready = alice.medium(medium["id"])
    assert push.data["media"] == ready
    assert (ready["state"], ready["width"], ready["height"]) == ("ready", 64, 48)
    assert len(ready["blurhash"]) == 28
    assert ready["url"] == f"/media/{medium['id']}/holiday.jpeg"
    answer = alice.get(ready["url"])
    raw = content_of(answer)
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert len(raw) == ready["size"]
    assert SECRET.encode() not in raw and b"Exif" not in raw
    image = Image.open(BytesIO(raw))
    assert (image.size, image.format, dict(image.getexif())) == ((64, 48), "JPEG", {})
    assert opened(alice, ready["thumbnail_url"]).size == (64, 48)
