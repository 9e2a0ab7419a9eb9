"""Previews: which link of a text, and what is read out of its page."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as chatproject

from chat.payloads import Preview
from chat.previews import first_link, preview_of
from core.fetch import Page

LINKS = json.loads(Path(chatproject.BASE_DIR, "web/src/lib/links.json").read_text())


def read(html: str | bytes, charset: str | None = "utf-8") -> Preview | None:
    """The preview of a page that a short link has led to."""
    body = html if isinstance(html, bytes) else html.encode()
    return preview_of("https://s.example/1", Page("https://www.a.example/long", charset, body))


def title(html: str | bytes, charset: str | None = "utf-8") -> str:
    """Only its title; empty if there is no preview."""
    preview = read(html, charset)
    return preview["title"] if preview else ""


@pytest.mark.parametrize(("text", "link"), LINKS)
def test_the_first_link_is_the_one_the_client_shows(text: str, link: str | None) -> None:
    assert first_link(text) == link  # web/src/lib/lib.test.ts reads the same list


def test_what_pages_say_in_the_order_of_trust() -> None:
    og = """
        <meta property="og:title" content="Open &amp; Graph">
        <meta property="OG:Description" content="It&#39;s described">
        <meta property="og:site_name" content="A Site">"""
    twitter = '<meta name="twitter:title" content="T"><meta name=twitter:description content=TD>'
    plain = '<title>Plain\n  title</title><meta name="description" content="Plain words">'
    assert read(f"<!doctype html><html><head>{plain}{twitter}{og}</head><body>") == {
        "url": "https://s.example/1",
        "title": "Open & Graph",
        "description": "It's described",
        "site": "A Site",
    }
    site = "a.example"  # where it has led, when the page does not say
    base = {"url": "https://s.example/1", "site": site}
    assert read(twitter + plain) == base | {"title": "T", "description": "TD"}
    assert read(plain) == base | {"title": "Plain title", "description": "Plain words"}
    assert read('<meta property="og:title" content=" "><title>T</title>') == base | {
        "title": "T",
        "description": "",
    }


def test_pages_of_no_use_have_no_preview() -> None:
    for html in (
        "",
        "words",
        "<title> \n</title>",
        "<title>",
        "<title>never ended",
        '<meta name="description" content="of what?">',
        '<meta property="og:title">',
        "<html><body><title>too late</title>",
        '<script>"<title>x</title>"</script>',
        "<!-- <title>x</title> -->",
        "{}",
        b"\x89PNG\r\n\x1a\n\x00\x00",
    ):
        assert read(html) is None, html


def test_texts_are_clean_and_short(settings: Any) -> None:
    settings.PREVIEW_TITLE_CHARS = 10
    settings.PREVIEW_DESCRIPTION_CHARS = 12
    preview = read(
        "<title>&#0;a\u202eb\x00\x1bc&#xD800;\u2066 \u00a0 d</title>"
        '<meta name="description" content="   one two three four">'
        '<meta name="application-name" content="&lt;script&gt;alert(1)">'
    )
    assert preview is not None
    assert preview["title"] == "\ufffdabc\ufffd d"
    assert preview["description"] == "one two thr…"
    assert preview["site"] == "<script>a…"  # text, and shown as text
    assert title("<title>👨‍👩‍👧 می‌خواهم</title>") == "👨‍👩‍👧 می‌…"


def test_charsets() -> None:
    words = "Füße – „Größe“"
    page = f"<title>{words}</title>"
    meta = f'<meta charset="windows-1252">{page}'
    http_equiv = f'<meta http-equiv=content-type content="text/html; charset=ISO-8859-1">{page}'
    assert title(page.encode()) == words
    assert title(page.encode("cp1252"), "windows-1252") == words
    assert title(page.encode("cp1252"), "iso-8859-1") == words  # as browsers take it
    assert title(meta.encode("cp1252"), None) == words
    assert title(http_equiv.encode("cp1252"), None) == words
    assert title(meta.encode(), "utf-8") == words  # what the server says counts
    assert title(page.encode("utf-8-sig"), None) == title(page.encode("utf-16"), None) == words
    assert title("<title>日本語</title>".encode("shift_jis"), "shift_jis") == "日本語"
    assert title("<title>日本語</title>".encode("gbk"), "gb2312") == "日本語"
    # What is no encoding of pages, or none at all, is read as UTF-8 with its faults.
    for charset in ("punycode", "idna", "zlib", "undefined", "utf-7", "iso-8859-12", "", "\0"):
        assert title(page.encode(), charset) == words, charset
    assert title(b"<title>caf\xe9</title>") == "caf\ufffd"


def test_broken_and_deep_pages_do_no_harm() -> None:
    pieces = """
        < <! <!-- <!--x <a_ <a_b=" <a_b= </ </a_ <? & &#x1; <![CDATA[ <script> </s <title>
        <title></title> b= <div> <!doctype_[ <a_b='" <meta_property="og:title"_content=" -- / ' " =
    """.split()
    size = 200_000
    begun = time.process_time()
    for piece in (piece.replace("_", " ") for piece in pieces):
        for start in ("", "<title>x</title>", "<a ", "<script>", "<!-- "):
            read((start + piece * size)[:size])
    assert time.process_time() - begun < 20  # a second or two; what is quadratic takes minutes


def test_long_texts_are_searched_once() -> None:
    begun = time.process_time()
    for text in ("https://x" + ")" * 10_000, "www." * 2500, "www.a " * 1600, "http://" * 1500):
        first_link(text)
    assert time.process_time() - begun < 0.5
