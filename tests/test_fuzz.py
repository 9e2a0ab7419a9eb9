"""Rubbish at every door: never a 500, never a trace, and nobody else notices."""

import asyncio
import copy
import json
import random
import re
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx

from tests.client import Json, People, Person, Socket, error_of, new_client_id
from tests.server import ROOT

SEED = 20261121
FRAMES = 3000

#: Values that are wrong nearly everywhere.
HOSTILE: list[Any] = [
    *(None, True, 0, -1, 1.5, 2**31, 2**53 + 1, 2**63, -(2**63) - 1, 10**400, 1e308),
    *("", " ", "0", "-1", "x" * 300, "x" * 50_000, "\0", "a\0b", "é" * 65, "\u202e", "٣", "NaN"),
    *("9" * 19, "9" * 400, "1e5", "0x10", "../..", "%00", "' OR 1=1 --", "<script>", "{{7*7}}"),
    *([], {}, [[]], [None], {"": None}, {"$gt": ""}, [{}] * 200, {"a": {"b": {"c": []}}}),
]
#: JSON texts that `json.dumps` does not make.
HOSTILE_TEXTS = ['"\\ud800"', '"\\udfff\\ud800"', '"\\u0000"', "NaN", "-Infinity", "1e400", "01"]
HOSTILE_TEXTS += ["[" * 400 + "]" * 400, '{"a":' * 400 + "1" + "}" * 400, '{"a":1,"a":2}', "'x'"]

DOCUMENTED = set(re.findall(r"`([a-z][a-z0-9_]+)`", (ROOT / "docs" / "protocol.md").read_text()))


def check_frame(frame: Json) -> None:
    """No reply may be a bug of the server's."""
    if frame["event"] == "error":
        assert frame["data"]["code"] in DOCUMENTED - {"internal"}, frame


def paths_in(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place inside a JSON value."""
    yield path
    if isinstance(value, dict):
        for key, part in value.items():
            yield from paths_in(part, (*path, key))
    elif isinstance(value, list):
        for n, part in enumerate(value):
            yield from paths_in(part, (*path, n))


class Mutator:
    """Spoils valid frames in ways that the seed decides."""

    def __init__(self, seed: int, traces: list[Json]) -> None:
        self.random = random.Random(seed)
        self.traces = traces

    def frame(self) -> str | bytes:
        """One spoilt frame."""
        frame = copy.deepcopy(self.random.choice(self.traces))
        for _ in range(self.random.randint(1, 3)):
            self._spoil(frame)
        text = json.dumps(frame, ensure_ascii=self.random.random() < 0.5)
        if self.random.random() < 0.3:
            text = self._spoil_text(text)
        text = text[:20_000]  # the limits of size have their own test
        return text.encode("utf-8", "replace") if self.random.random() < 0.02 else text

    def _spoil(self, frame: Json) -> None:
        *path, last = self.random.choice([path for path in paths_in(frame) if path])
        place: Any = frame
        for key in path:
            place = place[key]
        match self.random.randrange(4):
            case 0:
                del place[last]
            case 1 if isinstance(place, dict):
                place[self.random.choice(["", "__proto__", "chat", "seq", "é"])] = place[last]
            case 2:
                place[last] = [place[last]] * self.random.randrange(3)
            case _:
                place[last] = copy.deepcopy(self.random.choice(HOSTILE))

    def _spoil_text(self, text: str) -> str:
        at = self.random.randrange(len(text) + 1)
        match self.random.randrange(5):
            case 0:
                return text[:at]
            case 1:
                return (
                    text[:at] + self.random.choice('{}[]",:\\\0\x7f\ufffd\U0001f469 0-') + text[at:]
                )
            case 2:
                return text[:at] + text[at + 1 :]
            case 3:
                return text + text
            case _:
                hostile = self.random.choice(HOSTILE_TEXTS)
                return re.sub(
                    r'("[a-z_]+": )("[^"]*"|\d+)', rf"\g<1>{re.escape(hostile)}", text, count=1
                )


async def test_mutated_frames_hurt_nobody(people: People) -> None:
    alice, bob, carol, eve = await people("alice", "bob", "carol", "eve")
    chat, talk = await alice.connect(eve), await bob.connect(carol)
    await alice.say(chat, "hello")
    at_bob, at_carol = await bob.socket(), await carol.socket()
    place = await eve.ask("GET", "sync/")
    said = {"chat": chat, "client_id": new_client_id(), "text": "hi", "kind": "text"}
    traces: list[Json] = [
        {"event": event, "ref": n, "data": data}
        for n, (event, data) in enumerate(
            [
                ("chat:send", said),
                ("chat:typing", {"chat": chat, "typing": True, "kind": "voice"}),
                ("chat:history", {"chat": chat, "before": 2, "limit": 10}),
                ("chat:history", {"chat": chat, "around": 1}),
                ("message:delivered", {"chat": chat, "seq": 1}),
                ("message:seen", {"chat": chat, "seq": 1}),
                ("sync", {**place, "heads": {chat: 0}}),
                ("active", {"active": False}),
                ("auth", {"token": eve.access}),
                ("ping", {}),
            ]
        )
    ]
    mutator = Mutator(SEED, traces)
    at_eve = await eve.socket()
    slowest = 0.0
    for round_ in range(FRAMES // 100):
        for _ in range(100):
            await at_eve.send_raw(mutator.frame())
        begun = time.monotonic()
        text = f"round {round_}"
        await at_bob.ask("chat:send", chat=talk, client_id=new_client_id(), text=text)
        assert (await at_carol.expect("chat:receive"))["message"]["text"] == text
        slowest = max(slowest, time.monotonic() - begun)
        await fence(at_eve)
        for frame in at_eve.frames:
            check_frame(frame)
        at_eve.frames.clear()
        assert at_eve.is_open
    assert slowest < 2
    assert (await alice.messages(chat))[0]["text"] == "hello"


async def fence(at: Socket) -> None:
    """Everything before has been worked off; a mutated frame may have the same ref by chance."""
    ref = f"fence {new_client_id()}"
    await at.send("sync", {}, ref=ref)
    await at.reply(ref)


# --- HTTP ----------------------------------------------------------------------------------------

#: Good values of fields, so that a wrong one among them is reached.
GOOD: Json = {
    "identifier": "mallory@example.org",
    "code": "123456",
    "username": "mallory",
    "password": "correct horse battery",
    "new": "correct horse battery",
    "device": {"name": "x", "platform": "y"},
    "kind": "direct",
    "client_id": "fuzz",
    "text": "hello",
    "seq": 0,
    "heads": {},
    "position": 0,
    "marks": "2026-11-21T00:00:00Z",
    "epoch": "",
}
IDS = ["0", "-1", "x", "1e5", "9" * 19, "9" * 400, "٣", "\0", "\ud800", "..", "é" * 100, "1 ", "%"]
BODIES: list[tuple[str, bytes, str]] = [
    (content_type, body, name)
    for content_type, name, bodies in (
        (
            "application/json",
            "json",
            [
                *(b"", b" ", b"null", b"[]", b'"x"', b"5", b"NaN", b"{", b"{}", b"{]", b"\xff\xfe"),
                *(b"[" * 100_000, b'{"a":' * 20_000, b'{"a":"\\ud800"}', b"1e400", b"9" * 5000),
                *(b'{"a":"\\u0000"}', b"\xef\xbb\xbf{}", b"{}" * 2, b'"' + b"x" * 300_000 + b'"'),
            ],
        ),
        ("text/plain", "text", [b"{}", b""]),
        ("application/xml", "xml", [b"<a/>"]),
        ("application/x-www-form-urlencoded", "form", [b"a=b", b"text=x&seq=%00"]),
        ("multipart/form-data; boundary=x", "multipart", [b"--x--", b"rubbish"]),
        ("multipart/form-data", "no boundary", [b"rubbish"]),
        ("application/json; charset=utf-16", "utf-16", ['{"a": 1}'.encode("utf-16")]),
        ("application/json; charset=nonsense", "nonsense", [b"{}"]),
        ("/", "bad type", [b"{}"]),
    )
    for body in bodies
]


class Fuzzer:
    """Sends requests as a person, who signs in anew when a request has signed her out."""

    def __init__(self, people: People, victim: Person) -> None:
        self.people = people
        self.victim = victim
        self.person = victim
        self.sent = 0

    async def send(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Sends one and checks the answer."""
        answer = await self.person.http.request(method, path, **options)
        self.sent += 1
        told = f"{method} {path} {str(options)[:200]}: {answer.status_code} {answer.text[:200]}"
        assert answer.status_code < 500, told
        assert re.fullmatch(r"[A-Za-z0-9._-]{1,64}", answer.headers["X-Request-ID"]), told
        if answer.status_code >= 400:
            code = error_of(answer)["code"]
            assert code in DOCUMENTED, told
            if code == "device_revoked":
                (self.person,) = await self.people("mallory")
        return answer


def operations(schema: Json) -> Iterator[tuple[str, str, list[str], list[str]]]:
    """Method, path, body fields and query names of every route of the API."""
    for path, item in schema["paths"].items():
        for method, operation in item.items():
            if method not in {"get", "post", "put", "patch", "delete"}:
                continue
            content = operation.get("requestBody", {}).get("content", {})
            body = content.get("application/json", {}).get("schema", {})
            while "$ref" in body:
                body = schema["components"]["schemas"][body["$ref"].rsplit("/", 1)[1]]
            query = [p["name"] for p in operation.get("parameters", ()) if p["in"] == "query"]
            relative = path.removeprefix("/api/v1/")
            yield method.upper(), relative, list(body.get("properties", ())), query


async def test_every_route_bears_every_body(people: People) -> None:
    alice, bob, mallory = await people("alice", "bob", "mallory")
    chat = await alice.connect(bob)
    schema = (await alice.http.get(f"{people.server.url}/api/schema/?format=json")).json()
    routes = list(operations(schema))
    assert len(routes) > 30
    fuzzers = [Fuzzer(people, mallory)]
    fuzzers += [Fuzzer(people, one) for one in await people(*["mallory"] * 5)]
    queue = iter(random.Random(SEED).sample(routes, len(routes)))

    async def work(fuzzer: Fuzzer) -> None:
        for method, path, fields, query in queue:
            await fuzz_route(fuzzer, method, path, fields, query, chat)

    await asyncio.gather(*map(work, fuzzers))
    assert sum(fuzzer.sent for fuzzer in fuzzers) > 800
    assert [one["text"] for one in await alice.messages(chat)] == []


async def fuzz_route(
    fuzzer: Fuzzer, method: str, path: str, fields: list[str], query: list[str], chat: str
) -> None:
    """Hostile ids, queries and bodies for one operation."""
    names = re.findall(r"{(\w+)}", path)
    for text in IDS if names else ():
        filled = path
        for name in names:
            filled = filled.replace(f"{{{name}}}", quote(text.encode("utf-8", "surrogatepass")))
        answer = await fuzzer.send(method, filled, json={name: GOOD.get(name) for name in fields})
        assert answer.status_code >= 400 or answer.status_code == 204
    filled = path
    for name in names:
        filled = filled.replace(f"{{{name}}}", chat if name in {"chat", "id"} else "1")
    if method == "GET":
        for name in query:
            for value in ("", "x", "-1", "9" * 30, "\0", "[]"):
                await fuzzer.send(method, filled, params={name: value})
        return
    for content_type, body, _ in BODIES:
        headers = {"Content-Type": content_type}
        await fuzzer.send(method, filled, content=body, headers=headers)
    good = {name: GOOD.get(name, chat) for name in fields}
    hostile = [json.dumps(value) for value in HOSTILE] + HOSTILE_TEXTS
    choose = random.Random(f"{SEED} {method} {path}")
    for name in fields:
        for text in choose.sample(hostile, 6):
            spoilt = json.dumps(good | {name: "HOSTILE"}).replace('"HOSTILE"', text)
            headers = {"Content-Type": "application/json"}
            await fuzzer.send(method, filled, content=spoilt.encode(), headers=headers)


async def test_hostile_headers(people: People) -> None:
    (alice,) = await people("alice")
    for offered, kept in (
        ("my-id.1_2", True),
        ("x" * 64, True),
        ("x" * 65, False),
        ("a b", False),
        ("<script>", False),
        ("", False),
    ):
        answer = await alice.http.get("server/", headers={"X-Request-ID": offered})
        assert (answer.headers["X-Request-ID"] == offered) is kept
    for value in ("Bearer", "bearer x y", "Basic YTpi", "Bearer " + "x" * 5000, "\xff"):
        answer = await alice.http.get(
            "users/me/", headers=[(b"Authorization", value.encode("latin-1"))]
        )
        assert answer.status_code == 401 and error_of(answer)["code"] in DOCUMENTED
    for accept, status in (("application/xml", 406), ("text/html", 200), ("*/*", 200)):
        answer = await alice.http.get("users/me/", headers={"Accept": accept})
        assert answer.status_code == status, accept
    for path in ("nowhere/", "chats", "CHATS/", "chats//", "../../etc/passwd", "%00/", "é/"):
        for method in ("GET", "POST", "DELETE"):
            answer = await alice.http.request(method, path, follow_redirects=method == "GET")
            assert answer.status_code in {200, 301, 404, 405}, (method, path)
            if answer.status_code == 404:
                assert error_of(answer)["code"] == "not_found"
    for method in ("PUT", "TRACE", "OPTIONS", "HEAD", "FOO"):
        answer = await alice.http.request(method, "connections/qr/")
        assert answer.status_code in {200, 405}, method
