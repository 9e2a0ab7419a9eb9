"""How bytes are handed out."""

import pytest
from pytest_django import Settings

from accounts.tests.acts import Caller
from media.tests.acts import API, Uploader, content_of
from media.tests.samples import jpeg

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(alice: Uploader) -> str:
    """A text of a hundred bytes."""
    return str(alice.has(bytes(range(100)), "hundred.bin")["url"])


@pytest.mark.parametrize(
    ("asked", "status", "begin", "end"),
    [
        ("bytes=0-9", 206, 0, 10),
        ("bytes=90-", 206, 90, 100),
        ("bytes=-10", 206, 90, 100),
        ("bytes=-1000", 206, 0, 100),
        ("bytes=50-5000", 206, 50, 100),
        ("bytes=100-", 416, 0, 0),
        ("bytes=-0", 416, 0, 0),
        ("bytes=9-3", 416, 0, 0),
        # Not understood, so not heeded.
        ("bytes=-", 200, 0, 100),
        ("bytes=0-1,5-6", 200, 0, 100),
        ("lines=1-2", 200, 0, 100),
        ("bytes=a-b", 200, 0, 100),
        ("bytes=0-" + "9" * 40, 200, 0, 100),
    ],
)
def test_ranges(alice: Uploader, path: str, asked: str, status: int, begin: int, end: int) -> None:
    answer = alice.get(path, Range=asked)
    assert answer.status_code == status
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert content_of(answer) == bytes(range(begin, end))
    if status == 206:
        assert answer.headers["Content-Range"] == f"bytes {begin}-{end - 1}/100"
        assert answer.headers["Content-Length"] == str(end - begin)
    if status == 416:
        assert answer.headers["Content-Range"] == "bytes */100"


def test_a_browser_keeps_it_and_asks_each_time(alice: Uploader, bob: Uploader, path: str) -> None:
    answer = alice.get(path)
    content_of(answer)
    assert answer.headers["Cache-Control"] == "private, no-cache"
    etag = answer.headers["ETag"]
    again = alice.get(path, **{"If-None-Match": etag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
    assert bob.get(path, **{"If-None-Match": etag}).status_code == 404
    part = alice.get(path, **{"Range": "bytes=0-9", "If-Range": etag})
    assert (part.status_code, len(content_of(part))) == (206, 10)
    whole = alice.get(path, **{"Range": "bytes=0-9", "If-Range": '"older"'})
    assert (whole.status_code, len(content_of(whole))) == (200, 100)


def test_what_is_shown_in_place_is_fenced_in(alice: Uploader) -> None:
    medium = alice.has(jpeg(), "a.jpg")
    for path, mime in ((medium["url"], "image/jpeg"), (medium["thumbnail_url"], "image/webp")):
        answer = alice.get(path, Accept="image/avif")
        content_of(answer)
        assert answer.headers["Content-Type"] == mime
        assert answer.headers["Content-Disposition"].startswith("inline")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    head = alice.call("HEAD", medium["url"])
    assert (head.status_code, head.headers["Content-Length"]) == (200, str(medium["size"]))
    assert content_of(head) == b""


def test_methods_that_are_none(alice: Uploader, path: str) -> None:
    for method in ("POST", "PUT", "DELETE"):
        answer = alice.call(method, path)
        assert (answer.status_code, answer.json()["error"]["code"]) == (405, "method_not_allowed")
    assert alice.get(f"{API}").status_code == 405


def test_the_cookie_of_a_browser(alice: Uploader, path: str, settings: Settings) -> None:
    alice.user.set_password("correct horse battery")
    alice.user.save()
    browser = Caller()
    body = {"identifier": "alice", "password": "correct horse battery", "cookie": True}
    answer = browser.post("auth/login/", body)
    cookie = answer.cookies["media"]
    assert cookie["path"] == "/media/" and cookie["samesite"] == "Strict" and cookie["httponly"]
    assert cookie["max-age"] == settings.ACCESS_TOKEN_LIFETIME
    assert cookie.value == answer.json()["access"]
    got = browser.http.get(path)
    assert content_of(got) == bytes(range(100))
    assert browser.http.get("/api/v1/users/me/").status_code == 401
    fresh = browser.post("auth/token/refresh/", Origin="http://testserver")
    assert fresh.cookies["media"].value == fresh.json()["access"]
    browser.token = fresh.json()["access"]
    gone = browser.post("auth/logout/", Origin="http://testserver")
    assert gone.cookies["media"].value == "" and gone.cookies["media"]["path"] == "/media/"
    browser.http.cookies["media"] = fresh.json()["access"]
    assert browser.http.get(path).status_code == 401
    # Without asking for cookies nobody gets one.
    assert not Caller().post("auth/login/", body | {"cookie": False}).cookies
