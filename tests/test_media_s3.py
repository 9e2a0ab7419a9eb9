"""Files in a bucket, with an S3 server on loopback."""

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import httpx
import pytest
from moto.server import ThreadedMotoServer
from PIL import Image

from media.tests.samples import SECRET, jpeg
from tests.client import eventually, people_of
from tests.server import Server

KEYS = {"aws_access_key_id": "key", "aws_secret_access_key": "secret"}


@pytest.fixture
def bucket_server() -> Iterator[ThreadedMotoServer]:
    """An S3 server."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def endpoint(bucket_server: ThreadedMotoServer) -> str:
    """Where it is."""
    host, port = bucket_server.get_host_and_port()
    return f"http://{host}:{port}"


@pytest.fixture
def bucket(endpoint: str) -> Any:
    """A bucket of it."""
    s3 = boto3.resource("s3", endpoint_url=endpoint, region_name="us-east-1", **KEYS)
    return s3.create_bucket(Bucket="files")


async def test_from_upload_to_the_bucket_and_out_of_it(
    bucket_server: ThreadedMotoServer,
    endpoint: str,
    bucket: Any,
    start_server: Callable[..., Server],
) -> None:
    server = start_server(
        MEDIA_STORAGE="s3",
        MEDIA_S3_BUCKET="files",
        MEDIA_S3_ENDPOINT=endpoint,
        MEDIA_S3_ACCESS_KEY="key",
        MEDIA_S3_SECRET_KEY="secret",
    )
    async with (
        people_of(server) as people,
        httpx.AsyncClient(base_url=server.url, trust_env=False) as browser,
    ):
        alice, carol = await people("alice", "carol")
        at_alice = await alice.socket()
        photo = {"file": ("a.jpg", jpeg(), "image/jpeg")}
        medium = await alice.ask("POST", "media/", 201, files=photo)
        text = await alice.ask("POST", "media/", 201, files={"file": ("a.html", b"<b>hi", "")})
        medium = (await at_alice.expect("media:updated", 30))["media"]
        assert medium["state"] == "ready"

        browser.headers["Authorization"] = f"Bearer {alice.access}"
        found = await browser.get(medium["url"])
        assert (found.status_code, found.headers["Cache-Control"]) == (302, "no-store")
        link = found.headers["Location"]
        assert link.startswith(f"{endpoint}/files/")
        assert parse_qs(urlsplit(link).query)["X-Amz-Expires"] == ["60"]
        del browser.headers["Authorization"]
        got = await browser.get(link)  # without saying who asks
        assert got.headers["Content-Type"] == "image/jpeg"
        assert Image.open(BytesIO(got.content)).size == (64, 48)
        assert SECRET.encode() not in got.content
        part = await browser.get(link, headers={"Range": "bytes=0-9"})
        assert (part.status_code, part.content) == (206, got.content[:10])

        browser.headers["Authorization"] = f"Bearer {alice.access}"
        saved = await browser.get((await browser.get(text["url"])).headers["Location"])
        assert saved.content == b"<b>hi"
        assert saved.headers["Content-Type"] == "application/octet-stream"
        assert saved.headers["Content-Disposition"] == 'attachment; filename="a.html"'
        browser.headers["Authorization"] = f"Bearer {carol.access}"
        assert (await browser.get(medium["url"])).status_code == 404

        policy = (await browser.get("/")).headers["Content-Security-Policy"]
        assert f"img-src 'self' data: blob: {endpoint}" in policy.split("; ")

        async def names() -> set[str]:
            return {one.key.partition("/")[2] for one in bucket.objects.all()}

        async def settled() -> bool:
            kept = {f"{medium['id']}.file", f"{medium['id']}.thumbnail", f"{text['id']}.original"}
            return await names() == kept

        await eventually(settled)
        for one in (medium, text):
            await alice.ask("DELETE", f"media/{one['id']}/", 204)

        async def empty() -> bool:
            return not await names()

        await eventually(empty)

        bucket_server.stop()
        assert await alice.refused("POST", "media/", files=photo) == (503, "unavailable")
