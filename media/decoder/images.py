"""Pictures: decoded, turned upright, brought into sRGB, and written anew."""

from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from typing import Any

from PIL import Image, ImageCms, ImageOps, ImageSequence, UnidentifiedImageError

from media.decoder.blurhash import blurhash
from media.decoder.task import Refused, Task

#: Sides of what is made.
_SIDE_MAX = 4096
_MOVING_SIDE_MAX = 800
_THUMBNAIL_SIDE = 480
_AVATAR_SIDE = 640
_SIDE_LIMIT = 65_535

_FRAMES_MAX = 1000
_FRAME_MS_MIN = 20

_FORMATS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
    "image/heic": "HEIF",
}
#: What is written for what was read; both that may be transparent stay so.
_WRITTEN: dict[str, tuple[str, dict[str, Any]]] = {
    "JPEG": ("JPEG", {"quality": 85, "optimize": True, "progressive": True}),
    "HEIF": ("JPEG", {"quality": 85, "optimize": True, "progressive": True}),
    "PNG": ("PNG", {}),
    "GIF": ("PNG", {}),
    "WEBP": ("WEBP", {"quality": 85}),
}


def make(task: Task) -> dict[str, Any]:
    """Writes ``file`` and ``thumbnail``; answers what to note. Raises Refused."""
    Image.MAX_IMAGE_PIXELS = task.image_pixels
    if task.mime == "image/heic":
        import pillow_heif

        pillow_heif.register_heif_opener(thumbnails=False)
    try:
        with Image.open(task.source, formats=[_FORMATS[task.mime]]) as image:
            _check_size(image, task)
            if getattr(image, "is_animated", False) and image.format in {"GIF", "WEBP"}:
                if task.purpose != "avatar":
                    return _moving(image, task)
            return _still(image, task)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused("too_large") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise Refused("broken") from error


def _check_size(image: Image.Image, task: Task) -> None:
    width, height = image.size
    if width * height > task.image_pixels or max(width, height) > _SIDE_LIMIT:
        raise Refused("too_large")


def _still(image: Image.Image, task: Task) -> dict[str, Any]:
    format_, options = _WRITTEN[image.format or ""]
    image.draft("RGB", (_SIDE_MAX, _SIDE_MAX))
    picture = plain(image)
    if task.purpose == "avatar":
        side = min(_AVATAR_SIDE, *picture.size)
        picture = ImageOps.fit(picture, (side, side), Image.Resampling.LANCZOS)
        format_, options = "WEBP", {"quality": 85}
    else:
        picture.thumbnail((_SIDE_MAX, _SIDE_MAX), Image.Resampling.LANCZOS, reducing_gap=2)
    if format_ == "JPEG":
        picture = picture.convert("RGB")
    picture.save(task.target("file"), format_, **options)
    hash_ = thumbnail(picture, task)
    return _noted(f"image/{format_.lower()}", picture, hash_)


def _moving(image: Image.Image, task: Task) -> dict[str, Any]:
    """As an animated WebP, frame by frame, so that no more than one is in memory."""
    durations: list[int] = []
    pixels = 0
    for frame in islice(ImageSequence.Iterator(image), _FRAMES_MAX + 1):
        frame.load()  # a WebP knows only then how long it is shown
        durations.append(max(_FRAME_MS_MIN, int(frame.info.get("duration") or 100)))
        pixels += image.width * image.height
        if len(durations) > _FRAMES_MAX or pixels > 4 * task.image_pixels:
            raise Refused("too_long")
    image.seek(0)

    def frames() -> Iterator[Image.Image]:
        for frame in ImageSequence.Iterator(image):
            picture = frame.convert("RGBA")
            picture.info.clear()
            picture.thumbnail((_MOVING_SIDE_MAX, _MOVING_SIDE_MAX), Image.Resampling.BILINEAR)
            yield picture

    every = frames()
    first = next(every)
    first.save(
        task.target("file"),
        "WEBP",
        save_all=True,
        append_images=every,
        duration=durations,
        loop=0,
        quality=70,
        method=2,
    )
    hash_ = thumbnail(first, task)
    return _noted("image/webp", first, hash_) | {"duration": sum(durations) / 1000}


def plain(image: Image.Image) -> Image.Image:
    """The pixels, upright and in sRGB, in RGB or RGBA, with nothing said about them."""
    profile = image.info.get("icc_profile")
    is_transparent = image.has_transparency_data
    upright = ImageOps.exif_transpose(image)
    if upright.mode.startswith(("I", "F")):  # more than 8 bits a colour
        upright = upright.point(lambda value: value / 256).convert("L")
    if profile and upright.mode in {"RGB", "CMYK", "L"}:
        upright = _in_srgb(upright, profile)
    picture = upright.convert("RGBA" if is_transparent else "RGB")
    if picture is image:
        picture = picture.copy()
    picture.info.clear()
    return picture


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image  # a profile that is none
    return converted or image


def thumbnail(picture: Image.Image, task: Task) -> str:
    """Writes the small picture; answers the hash."""
    small = picture.copy()
    small.thumbnail((_THUMBNAIL_SIDE, _THUMBNAIL_SIDE), Image.Resampling.LANCZOS, reducing_gap=2)
    small.save(task.target("thumbnail"), "WEBP", quality=75, method=4)
    return blurhash(small)


def _noted(mime: str, picture: Image.Image, hash_: str) -> dict[str, Any]:
    return {
        "kind": "image",
        "mime": mime,
        "width": picture.width,
        "height": picture.height,
        "blurhash": hash_,
    }
