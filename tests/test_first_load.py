"""What a first visit loads, as it comes over the line."""

import re

import httpx

from tests.server import Server

#: Bytes of the page and of all that it names, compressed as every browser takes it.
BUDGET = 180_000
#: A smaller file would not get smaller.
WORTH_PACKING = 1_000


def test_the_client_comes_packed_and_within_its_budget(server: Server) -> None:
    with httpx.Client(base_url=server.url, headers={"Accept-Encoding": "gzip"}) as browser:
        page = browser.get("/")
        named = re.findall(r'(?:href|src)="(/[^"]+\.(?:js|css))"', page.text)
        files = [browser.get(name) for name in named]
    assert len(files) >= 3
    for file in files:
        assert file.status_code == 200
        if len(file.content) >= WORTH_PACKING:
            assert file.headers["content-encoding"] == "gzip", file.url
    assert sum(answer.num_bytes_downloaded for answer in [page, *files]) <= BUDGET


def test_who_takes_nothing_packed_gets_it_plain(server: Server) -> None:
    with httpx.Client(base_url=server.url, headers={"Accept-Encoding": "identity"}) as browser:
        page = browser.get("/")
        script = re.findall(r'type="module"[^>]* src="(/[^"]+)"', page.text)[-1]
        answer = browser.get(script)
    assert "content-encoding" not in answer.headers
    assert "Accept-Encoding" in answer.headers["vary"]
    assert len(answer.content) == answer.num_bytes_downloaded > WORTH_PACKING
