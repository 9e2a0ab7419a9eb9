"""Files over real sockets: from a client through the worker to another request."""

import asyncio
import base64
from io import BytesIO
from urllib.parse import urlsplit

import httpx
from PIL import Image

from media.tests.samples import SECRET, encoded, huge_png, jpeg, recording
from tests.client import Json, People, Person, error_of, eventually

TUS = {"Tus-Resumable": "1.0.0"}
PIECE = TUS | {"Content-Type": "application/offset+octet-stream"}


async def begin(person: Person, content: bytes, name: str) -> str:
    """Begins a resumable upload; its path."""
    named = base64.b64encode(name.encode()).decode()
    headers = TUS | {"Upload-Length": str(len(content)), "Upload-Metadata": f"filename {named}"}
    answer = await person.http.post("media/uploads/", headers=headers)
    assert answer.status_code == 201, answer.text
    return answer.headers["Location"]


async def offset(person: Person, path: str) -> int:
    """Where an upload stands."""
    answer = await person.http.head(f"{person.server.url}{path}", headers=TUS)
    assert answer.status_code == 200
    return int(answer.headers["Upload-Offset"])


async def ready(person: Person, medium_id: str) -> Json:
    """Waits for the worker; the medium."""

    async def asked() -> Json:
        medium: Json = await person.ask("GET", f"media/{medium_id}/")
        return {} if medium["state"] == "processing" else medium

    return await eventually(asked, seconds=30)


async def test_a_large_picture_reaches_the_sender_and_nobody_else(people: People) -> None:
    alice, carol = await people("alice", "carol")
    at_alice = await alice.socket()
    noise = encoded(Image.effect_noise((900, 700), 90), "PNG")
    assert len(noise) > 256 * 1024  # more than other bodies may have
    medium = await alice.ask("POST", "media/", 201, files={"file": ("é.png", noise, "image/png")})
    pushed = (await at_alice.expect("media:updated", 30))["media"]
    assert pushed == await alice.ask("GET", f"media/{medium['id']}/")
    assert (pushed["state"], pushed["width"]) == ("ready", 900)
    got = await alice.http.get(f"{alice.server.url}{pushed['url']}")
    assert Image.open(BytesIO(got.content)).size == (900, 700)
    assert (await carol.http.get(f"{alice.server.url}{pushed['url']}")).status_code == 404
    assert await carol.refused("GET", f"media/{medium['id']}/") == (404, "media_not_found")


async def test_the_worker_survives_what_cannot_be_decoded(people: People) -> None:
    (alice,) = await people("alice")
    for content in (huge_png(65_535, 65_535), jpeg()[:400], recording()[:1000]):
        medium = await alice.ask("POST", "media/", 201, files={"file": ("a", content, "")})
        assert (await ready(alice, medium["id"]))["state"] == "rejected"
    medium = await alice.ask("POST", "media/", 201, files={"file": ("a", jpeg(6), "")})
    assert (await ready(alice, medium["id"]))["state"] == "ready"


async def test_a_browser_opens_files_by_its_cookie_and_parts_of_them(people: People) -> None:
    (alice,) = await people("alice")
    film = recording("webm", "libvpx", "libopus")
    medium = await alice.ask("POST", "media/", 201, files={"file": ("a.webm", film, "video/webm")})
    medium = await ready(alice, medium["id"])
    assert (medium["kind"], medium["mime"]) == ("video", "video/mp4")
    async with httpx.AsyncClient(base_url=alice.server.url, trust_env=False) as browser:
        refused = await browser.get(medium["url"], headers={"Accept": "image/*"})
        assert (refused.status_code, error_of(refused)["code"]) == (401, "unauthenticated")
        browser.cookies.set("media", alice.access)
        whole = await browser.get(medium["url"])
        assert whole.headers["Content-Type"] == "video/mp4"
        assert len(whole.content) == medium["size"]
        part = await browser.get(medium["url"], headers={"Range": "bytes=10-19"})
        assert (part.status_code, part.content) == (206, whole.content[10:20])
        # The cookie is for files alone.
        assert (await browser.get("/api/v1/users/me/")).status_code == 401


async def test_an_upload_that_is_cut_goes_on_where_it_was(people: People) -> None:
    (alice,) = await people("alice")
    content = bytes(range(256)) * 8192  # 2 MiB
    path = await begin(alice, content, "notes.bin")
    address = urlsplit(alice.server.url)
    _, writer = await asyncio.open_connection(address.hostname, address.port)
    head = {"Authorization": f"Bearer {alice.access}", "Host": address.netloc, "Upload-Offset": "0"}
    head |= PIECE | {"Content-Length": str(len(content))}
    lines = [f"PATCH {path} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items())]
    writer.write("\r\n".join([*lines, "", ""]).encode() + content[:1_000_000])
    await writer.drain()
    writer.close()

    async def kept() -> int:
        return await offset(alice, path)

    at = await eventually(kept)
    assert 0 < at <= 1_000_000
    answer = await alice.http.patch(
        f"{alice.server.url}{path}",
        headers=PIECE | {"Upload-Offset": str(at)},
        content=content[at:],
    )
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, str(len(content)))
    assert await offset(alice, path) == len(content)
    medium = await alice.ask("GET", f"media/{path.split('/')[-2]}/")
    assert (medium["state"], medium["kind"], medium["name"]) == ("ready", "file", "notes.bin")
    got = await alice.http.get(f"{alice.server.url}{medium['url']}")
    assert got.content == content
    assert got.headers["Content-Disposition"] == 'attachment; filename="notes.bin"'
    assert got.headers["Content-Type"] == "application/octet-stream"


async def test_what_is_too_large_is_refused_before_it_is_read(people: People) -> None:
    (alice,) = await people("alice")
    address = urlsplit(alice.server.url)
    for who, status in ((alice.access, b"413"), ("nobody", b"413")):
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        head = f"POST /api/v1/media/ HTTP/1.1\r\nHost: {address.netloc}\r\n"
        head += f"Authorization: Bearer {who}\r\nContent-Length: {10**9}\r\n"
        writer.write(f"{head}Content-Type: multipart/form-data; boundary=x\r\n\r\n".encode())
        if who == "nobody":
            writer.write(b"x" * 300_000)  # nobody's large body is not taken, whatever it says
        line = await asyncio.wait_for(reader.readline(), 10)
        assert line.split()[1] == status
        writer.close()


async def test_nothing_of_a_photo_but_the_picture_is_on_the_disk(people: People) -> None:
    (alice,) = await people("alice")
    medium = await alice.ask("POST", "media/", 201, files={"file": ("a.jpg", jpeg(), "image/jpeg")})
    await ready(alice, medium["id"])
    directory = alice.server.data_dir / "media"

    async def left() -> bool:
        files = [path for path in directory.rglob(f"*{medium['id']}*")]
        names = {path.suffix for path in files}
        assert all(
            SECRET.encode() not in path.read_bytes() for path in files if path.suffix != ".original"
        )
        return names == {".file", ".thumbnail"}

    await eventually(left)
    assert directory.stat().st_mode & 0o777 == 0o700
