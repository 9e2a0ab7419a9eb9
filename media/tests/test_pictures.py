"""A picture from the upload to the screen."""

from io import BytesIO
from typing import Any

import pillow_heif
import pytest
from PIL import Image, ImageCms

from media.tests.acts import Uploader, content_of, work
from media.tests.samples import SECRET, encoded, exif, jpeg, picture
from realtime.tests.published import Published

pytestmark = pytest.mark.django_db

RED, BLUE = (254, 0, 0), (0, 0, 254)


def opened(uploader: Uploader, url: str) -> Image.Image:
    """The picture behind a url, as its owner gets it; nothing else is in the file."""
    answer = uploader.get(url)
    assert answer.status_code == 200
    raw = content_of(answer)
    assert SECRET.encode() not in raw and b"Exif" not in raw and b"ICC" not in raw
    image = Image.open(BytesIO(raw))
    assert not image.getexif() and not {"comment", "xmp", "icc_profile"} & image.info.keys()
    return image


def is_near(color: Any, wanted: tuple[int, int, int]) -> bool:
    """As near as lossy formats keep colours."""
    return all(abs(part - other) < 24 for part, other in zip(color, wanted, strict=False))


def heic(image: Image.Image) -> bytes:
    """As a phone makes it."""
    file = BytesIO()
    pillow_heif.from_pillow(image).save(file, quality=90, exif=exif().tobytes())
    return file.getvalue()


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
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert len(content_of(answer)) == ready["size"]
    assert opened(alice, ready["url"]).size == (64, 48)
    assert opened(alice, ready["thumbnail_url"]).size == (64, 48)


@pytest.mark.parametrize("declared", ["image/jpeg", "image/png", "video/mp4"])
def test_as_a_file_it_stays_what_it_is(alice: Uploader, declared: str) -> None:
    shown = alice.has(jpeg(), "a.jpg")
    answer = alice.upload(jpeg(), "a.jfif", declared, kind="file")
    assert answer.status_code == 201
    kept = answer.json()
    assert (kept["state"], kept["kind"], kept["size"]) == ("ready", "file", len(jpeg()))
    assert work() == 0
    assert (kept["width"], kept["blurhash"], kept["thumbnail_url"]) == (None, None, None)
    answer = alice.get(kept["url"])
    assert content_of(answer) == jpeg()
    assert answer.headers["Content-Disposition"] == 'attachment; filename="a.jfif"'
    assert answer.headers["Content-Type"] == "application/octet-stream"
    # The same bytes to be looked at are another content.
    assert alice.medium(shown["id"])["kind"] == "image"
    assert SECRET.encode() not in content_of(alice.get(shown["url"]))


#: What is sent, and what becomes of it.
FORMATS: dict[str, tuple[Any, str, str]] = {
    "jpeg": (lambda: jpeg(), "JPEG", "a.jpg"),
    "grey": (lambda: encoded(picture().convert("L"), "JPEG"), "JPEG", "a.jpg"),
    "cmyk": (lambda: encoded(picture().convert("CMYK"), "JPEG"), "JPEG", "a.jpg"),
    "png": (lambda: encoded(picture(), "PNG", exif=exif(), pnginfo=None), "PNG", "a.png"),
    "palette": (lambda: encoded(picture().quantize(4), "PNG"), "PNG", "a.png"),
    "16 bits": (lambda: encoded(Image.new("I;16", (64, 48), 40_000), "PNG"), "PNG", "a.png"),
    "webp": (lambda: encoded(picture(), "WEBP", exif=exif(), quality=90), "WEBP", "a.webp"),
    "gif": (lambda: encoded(picture(), "GIF", comment=SECRET.encode()), "PNG", "a.png"),
    "heic": (lambda: heic(picture()), "JPEG", "a.jpg"),
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_written_anew(alice: Uploader, name: str) -> None:
    made, format_, called = FORMATS[name]
    medium = alice.has(made(), "a.heic")
    assert (medium["state"], medium["kind"], medium["name"]) == ("ready", "image", called)
    assert (medium["mime"], medium["width"]) == (f"image/{format_.lower()}", 64)
    image = opened(alice, medium["url"])
    assert image.format == format_
    rgb = image.convert("RGB")
    if name in {"jpeg", "png", "palette", "webp", "gif", "heic"}:
        assert is_near(rgb.getpixel((8, 24)), RED) and is_near(rgb.getpixel((56, 24)), BLUE)
    if name == "16 bits":
        assert is_near(rgb.getpixel((8, 24)), (156, 156, 156))


def test_what_is_transparent_stays_so(alice: Uploader) -> None:
    glass = picture(mode="RGBA")
    glass.paste((0, 0, 0, 0), (0, 0, 8, 48))
    for format_ in ("PNG", "WEBP"):
        image = opened(alice, alice.has(encoded(glass, format_, lossless=True))["url"])
        assert (image.mode, image.getpixel((2, 2))[3]) == ("RGBA", 0)  # type: ignore[index]  # RGBA
        thumbnail = opened(alice, alice.has(encoded(glass, format_))["thumbnail_url"])
        assert thumbnail.convert("RGBA").getpixel((2, 2))[3] == 0  # type: ignore[index]  # RGBA


def test_pictures_are_turned_upright(alice: Uploader) -> None:
    medium = alice.has(jpeg(orientation=6))
    assert (medium["width"], medium["height"]) == (48, 64)
    for url in (medium["url"], medium["thumbnail_url"]):
        image = opened(alice, url).convert("RGB")
        assert is_near(image.getpixel((24, 8)), RED) and is_near(image.getpixel((24, 56)), BLUE)


def test_colours_are_brought_into_srgb(alice: Uploader) -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert alice.has(encoded(picture(), "JPEG", icc_profile=lab))["state"] == "ready"
    broken = alice.has(encoded(picture(), "JPEG", icc_profile=b"no profile"))
    assert broken["state"] == "ready"
    opened(alice, broken["url"])


@pytest.mark.parametrize("format_", ["GIF", "WEBP"])
def test_moving_pictures_go_on_moving(alice: Uploader, format_: str) -> None:
    frames = [picture(), picture().rotate(90), picture().rotate(180)]
    raw = encoded(
        frames[0], format_, save_all=True, append_images=frames[1:], duration=[100, 200, 300]
    )
    medium = alice.has(raw, "party.gif")
    assert (medium["mime"], medium["name"], medium["duration"]) == ("image/webp", "party.webp", 0.6)
    image = opened(alice, medium["url"])
    assert (image.n_frames, image.size) == (3, (64, 48))  # type: ignore[attr-defined]  # WebP's
    assert getattr(opened(alice, medium["thumbnail_url"]), "n_frames", 1) == 1


def test_large_ones_become_smaller(alice: Uploader) -> None:
    medium = alice.has(encoded(Image.new("RGB", (6000, 300), "green"), "JPEG"))
    assert (medium["width"], medium["height"]) == (4096, 205)
    assert opened(alice, medium["thumbnail_url"]).size == (480, 24)
    slim = alice.has(encoded(Image.new("RGB", (1, 3000), "green"), "PNG"))
    assert (slim["width"], slim["height"]) == (1, 3000)
