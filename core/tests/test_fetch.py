"""Fetching what strangers point at: never inside, never for long, never much."""

import datetime
import gzip
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from ipaddress import IPv4Address, IPv6Address, ip_network
from pathlib import Path
from random import Random
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from core.fetch import FetchError, fetch, is_allowed, locate
from core.tests.site import Site, html, says, serving

HTML = {"text/html"}
PAGE = b"<title>Hello</title>"

INSIDE = """
    0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.100.100.200 100.127.255.255 127.0.0.1 127.255.255.254
    168.63.129.16 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.192 192.0.2.1
    192.88.99.1 192.168.1.1 198.18.0.1 198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.255 240.0.0.1
    255.255.255.255 :: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:0:127.0.0.1
    64:ff9b::127.0.0.1 64:ff9b::a9fe:a9fe 64:ff9b::10.0.0.1 64:ff9b:1::8.8.8.8 100::1 2001::1
    2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:2::1 2001:20::1 2001:db8::1 2002:7f00:1::
    2002:a9fe:a9fe::1 3fff::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1 fe80::1%2 fec0::1 ff02::1
    ff0e::1
""".split()
OUTSIDE = """
    1.1.1.1 8.8.8.8 93.184.216.34 99.255.255.255 100.128.0.0 172.15.0.1 172.32.0.1 192.0.1.1
    223.255.255.255 2606:4700:4700::1111 2001:4860:4860::8888 2a00:1450:4001::1 64:ff9b::8.8.8.8
""".split()


@pytest.fixture(autouse=True)
def inside(settings: Any) -> None:
    """The tests' own site is allowed, and nothing else of the inside."""
    settings.FETCH_ALLOWED_NETWORKS = [ip_network("127.0.0.1/32")]
    settings.FETCH_PORTS = range(1, 65536)


@pytest.fixture
def site() -> Iterator[Site]:
    """A page for everybody."""
    with serving(says(html(PAGE))) as site:
        yield site


def only(*addresses: str) -> Callable[[str], list[str]]:
    """A resolver that knows one answer."""
    return lambda host: list(addresses)


def refusal(url: str, resolver: Callable[[str], list[str]] | None = None) -> str:
    """Why nothing was fetched."""
    with pytest.raises(FetchError) as refused:
        fetch(url, HTML, resolver) if resolver else fetch(url, HTML)
    return str(refused.value)


# --- Where to ---


def test_only_the_public_internet_is_allowed(settings: Any) -> None:
    settings.FETCH_ALLOWED_NETWORKS = []
    assert [address for address in INSIDE if is_allowed(address)] == []
    assert [address for address in OUTSIDE if not is_allowed(address)] == []


def test_what_python_knows_as_special_is_refused_too(settings: Any) -> None:
    settings.FETCH_ALLOWED_NETWORKS = []
    random = Random(1)
    for _ in range(3000):
        for address in (
            IPv4Address(random.getrandbits(32)),
            IPv6Address(random.getrandbits(128)),
            IPv6Address(0x2001 << 112 | random.getrandbits(112)),
        ):
            if is_allowed(str(address)):
                assert address.is_global and not address.is_multicast, address


def test_no_spelling_of_an_address_leads_inside(site: Site, settings: Any) -> None:
    settings.FETCH_ALLOWED_NETWORKS = []
    hosts = """
        127.0.0.1 localhost 2130706433 0x7f000001 0x7f.1 0177.0.0.1 017700000001 127.1 127.0.1 0
        [::1] [::ffff:127.0.0.1] [::ffff:7f00:1] [0:0:0:0:0:0:0:1] [::] [::1%25lo] 127.0.0.1.
        １２７.０.０.１ 127。0。0。1 ⓛⓞⓒⓐⓛⓗⓞⓢⓣ LOCALHOST
    """.split()
    for host in hosts:
        assert refusal(site.url(host=host)), host
    assert site.heads == []


def test_one_address_inside_is_enough_to_refuse(site: Site) -> None:
    for inside in INSIDE:
        if inside != "127.0.0.1":
            with pytest.raises(FetchError, match="public internet"):
                locate("http://example.com/", resolver=only("93.184.216.34", inside))
    for nothing in ([], ["nonsense"], ["127.0.0.1", ""]):
        assert refusal(site.url(), only(*nothing))
    assert site.heads == []


def test_urls_that_are_not_asked(site: Site, settings: Any) -> None:
    port = site.port
    for url in (
        f"ftp://127.0.0.1:{port}/",
        f"gopher://127.0.0.1:{port}/",
        "file:///etc/passwd",
        "data:text/html,x",
        "javascript:alert(1)",
        f"//127.0.0.1:{port}/",
        f"http://user@127.0.0.1:{port}/",
        f"http://user:secret@127.0.0.1:{port}/",
        f"http://@127.0.0.1:{port}/",
        f"http://example.com\\@127.0.0.1:{port}/",
        f"http://127.0.0.1:{port}#@example.com:99999/",
        "http://",
        "http:///path",
        "http://[::1",
        "http://[nonsense]/",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1:port/",
        "http://a\x00b/",
        "http://" + "a" * 70 + ".example/",
        "http://" + "a." * 5000 + "example/",
        "http://" + "ü" * 9000 + ".example/",
        "http://xn--\udcff/",
        "http://\u2100.example/",
        "",
    ):
        if not url.startswith(f"http://127.0.0.1:{port}#"):  # a fragment, which is not sent
            assert refusal(url), url
    settings.FETCH_PORTS = [80, 443]
    assert "port" in refusal(site.url())
    for url in ("http://example.com:22/", "https://example.com:8443/", "http://example.com:6379/"):
        assert "port" in refusal(url, only("93.184.216.34")), url
    with pytest.raises(FetchError):
        locate("http://example.com/", schemes={"https"}, resolver=only("93.184.216.34"))
    assert site.heads == []


def test_names_of_other_scripts_are_asked_by_their_dns_spelling() -> None:
    asked: list[str] = []

    def resolver(host: str) -> list[str]:
        asked.append(host)
        return ["93.184.216.34"]

    place = locate("https://Straße.Example./ä b?q=ü&%20#f", resolver=resolver)
    assert asked == ["xn--strae-oqa.example"]
    assert (place.host, place.port) == ("xn--strae-oqa.example", 443)
    assert place.target == "/%C3%A4%20b?q=%C3%BC&%20"


def test_the_connection_goes_to_the_address_that_was_judged(site: Site) -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    page = fetch(site.url(host="rebind.example"), HTML, lambda host: next(answers))
    assert page.body == PAGE
    assert next(answers) == ["10.0.0.1"]  # it was asked once
    assert f"Host: rebind.example:{site.port}\r\n".encode() in site.heads[0]


def test_a_host_is_tried_at_its_next_address(site: Site, settings: Any) -> None:
    settings.FETCH_ALLOWED_NETWORKS = [ip_network("127.0.0.0/8"), ip_network("::1/128")]
    # Nobody listens at the first; where it cannot be reached at all, the same.
    assert fetch(site.url(host="two.example"), HTML, only("::1", "127.0.0.1")).body == PAGE


# --- Redirects ---


def test_redirects_are_judged_like_the_first_address() -> None:
    def redirect(client: socket.socket, head: bytes) -> None:
        there = head.split()[1].decode().removeprefix("/to?")
        client.sendall(html(b"", f"Location: {there}", status="302 Found"))

    with serving(says(html(PAGE))) as target, serving(redirect) as site:
        assert fetch(site.url(f"/to?{target.url('/there')}"), HTML).url == target.url("/there")
        target.heads.clear()
        for there in (
            f"http://localhost:{target.port}/",
            f"http://0x7f.1:{target.port}/",
            f"http://[::1]:{target.port}/",
            f"http://user@127.0.0.1:{target.port}/",
            "http://169.254.169.254/latest/meta-data/",
            "http://[fd00:ec2::254]/",
            "file:///etc/passwd",
            "ftp://127.0.0.1/",
            "http://[::1",
        ):
            # ``localhost`` may be ::1 too; by this resolver it is not the allowed address at all.
            def resolver(host: str) -> list[str]:
                return ["127.0.0.1"] if host == "127.0.0.1" else ["127.0.0.2"]

            assert refusal(site.url(f"/to?{there}"), resolver), there
        assert target.heads == []


def test_a_redirect_to_the_same_name_is_resolved_and_judged_anew() -> None:
    answers = iter([["127.0.0.1"], ["169.254.169.254"]])
    with serving(says(html(b"", "Location: /again", status="301 Moved"))) as site:
        url = site.url(host="rebind.example")
        assert "public internet" in refusal(url, lambda host: next(answers))
        assert len(site.heads) == 1


def test_redirects_end(settings: Any) -> None:
    with serving(says(html(b"", "Location: /again", status="307 Again"))) as site:
        assert "redirects" in refusal(site.url())
        assert len(site.heads) == 1 + settings.FETCH_REDIRECTS == 4


# --- What is sent and taken ---


def test_nothing_of_ours_is_sent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password secret")
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    cookie = html(b"", "Set-Cookie: a=b; Path=/", "Location: /two", status="302 Found")
    answers = iter([cookie, html(PAGE)])
    with serving(lambda client, head: client.sendall(next(answers))) as site:
        fetch(site.url("/one#secret"), HTML)
    assert [head.split()[1] for head in site.heads] == [b"/one", b"/two"]
    names = [line.split(b":")[0].lower() for line in site.heads[1].split(b"\r\n")[1:-2]]
    assert sorted(names) == [b"accept", b"accept-encoding", b"connection", b"host", b"user-agent"]


def test_what_is_no_page_is_refused() -> None:
    for answer in (
        html(PAGE, status="404 Not Found"),
        html(PAGE, status="204 No Content"),
        html(b"", status="302 Found"),
        b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\n\r\n" + PAGE,
        html(PAGE, "Content-Encoding: br"),
        html(PAGE, "Content-Encoding: gzip, gzip"),
        html(PAGE, "Content-Encoding: gzip"),  # it is not
        html(b"-5\r\nabc", "Transfer-Encoding: chunked"),
        html(PAGE, *(f"X-{n}: y" for n in range(200))),
        html(PAGE, "X: " + "y" * 70_000),
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 two hundred\r\n\r\n",
        b"\xff\x00\r\n\r\n",
        b"",
    ):
        with serving(says(answer)) as site:
            assert refusal(site.url()), answer[:80]


def test_bodies_however_they_come() -> None:
    for answer in (
        html(PAGE),
        html(PAGE, f"Content-Length: {len(PAGE)}"),
        html(PAGE, "Content-Length: 5000"),  # hung up before
        html(b"14\r\n" + PAGE + b"\r\n0\r\n\r\n", "Transfer-Encoding: chunked"),
        html(gzip.compress(PAGE), "Content-Encoding: GZIP"),
        b"HTTP/1.1 100 Continue\r\n\r\n" * 3 + html(PAGE),
    ):
        with serving(says(answer)) as site:
            page = fetch(site.url(), HTML)
            assert (page.body, page.charset) == (PAGE, "utf-8"), answer[:80]


# --- How much and how long ---


def test_bodies_without_end_are_cut(settings: Any) -> None:
    settings.FETCH_MAX_BYTES = 50_000
    bomb = gzip.compress(b"<p>" * 10_000_000)
    nested = gzip.compress(gzip.compress(bytes(10_000_000)))

    def endless(start: bytes, more: bytes) -> Callable[[socket.socket, bytes], None]:
        def answer(client: socket.socket, head: bytes) -> None:
            client.sendall(start)
            while True:  # until the client hangs up
                client.sendall(more)

        return answer

    x = b"x" * 1000
    chunked = html(b"", "Transfer-Encoding: chunked")
    for answer in (
        endless(html(PAGE), x),
        endless(chunked, b"3e8\r\n" + x + b"\r\n"),
        endless(chunked + b"ffffffffff\r\n", x),
        endless(html(PAGE, "Content-Length: 99999999999"), x),
        says(html(bomb, "Content-Encoding: gzip")),
        says(html(nested, "Content-Encoding: gzip")),
    ):
        with serving(answer) as site:
            assert 0 < len(fetch(site.url(), HTML).body) <= 50_000
    for answer in (
        endless(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
        endless(b"HTTP/1.1 200 OK\r\nX: ", x),
        endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ):
        with serving(answer) as site:
            assert refusal(site.url())
    # What has come is taken, be it nothing.
    for answer in (
        endless(chunked, b"1\r\nx\r\n" + b"\r\n" * 500),
        endless(chunked, b"zz\r\n" + x),
        endless(chunked + b"0\r\n", b"X: y\r\n"),
    ):
        with serving(answer) as site:
            assert len(fetch(site.url(), HTML).body) <= 1


def test_the_bytes_of_all_redirects_count_together(settings: Any) -> None:
    settings.FETCH_MAX_BYTES = 100_000
    headers = ["X: " + "y" * 40_000, "Location: /again"]
    with serving(says(html(b"", *headers, status="302 Found"))) as site:
        refusal(site.url())
        assert len(site.heads) == 3


def test_slow_answers_end_in_time(settings: Any) -> None:
    settings.FETCH_SECONDS = 0.1

    def slow(start: bytes) -> Callable[[socket.socket, bytes], None]:
        def answer(client: socket.socket, head: bytes) -> None:
            client.sendall(start)
            while True:  # until the client hangs up
                client.sendall(b"y")
                threading.Event().wait(0.01)

        return answer

    begun = time.monotonic()
    starts = [
        b"",
        b"HTTP/1.1 200 OK\r\nX: ",
        html(b""),
        html(b"", "Transfer-Encoding: chunked"),
        html(b"ffff\r\n", "Transfer-Encoding: chunked"),
        html(b"", "Content-Length: 1000"),
    ]
    for start in starts:
        with serving(slow(start)) as site:
            assert refusal(site.url()).startswith("TimeoutError")
    with socket.create_server(("127.0.0.1", 0)) as mute:
        for scheme in ("http", "https"):
            url = f"{scheme}://127.0.0.1:{mute.getsockname()[1]}/"
            assert refusal(url).startswith("TimeoutError")
    assert time.monotonic() - begun < 0.1 * (len(starts) + 2) + 2


def test_a_resolver_that_hangs_is_not_waited_for(settings: Any) -> None:
    settings.FETCH_SECONDS = 0.1
    is_over = threading.Event()

    def hangs(host: str) -> list[str]:
        is_over.wait()
        return []

    begun = time.monotonic()
    assert refusal("http://slow.example/", hangs)
    is_over.set()
    assert time.monotonic() - begun < 2


# --- TLS ---


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A site certificate for secure.example, which the system trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "secure.example")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("secure.example")]), False)
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "site.pem"
    pem.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    return context


def test_a_certificate_has_to_be_the_hosts(
    tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    names: list[str | None] = []

    def note(connection: Any, name: str | None, context: Any) -> None:
        names.append(name)

    tls.sni_callback = note
    here = only("127.0.0.1")
    with serving(says(html(PAGE)), tls) as site:
        assert fetch(site.url(host="secure.example", scheme="https"), HTML, here).body == PAGE
        assert names == ["secure.example"]
        assert f"Host: secure.example:{site.port}\r\n".encode() in site.heads[0]
        for other in ("other.example", "127.0.0.1"):
            url = site.url(host=other, scheme="https")
            assert "CERTIFICATE_VERIFY_FAILED" in refusal(url, here)
        monkeypatch.delenv("SSL_CERT_FILE")
        url = site.url(host="secure.example", scheme="https")
        assert "CERTIFICATE_VERIFY_FAILED" in refusal(url, here)
        assert len(site.heads) == 1
