"""The socket's rules: handshake, authentication, frames, limits, close codes."""

import json
import signal
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import jwt
import psutil
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.client import (
    People,
    Person,
    Refused,
    eventually,
    new_client_id,
    open_socket,
    people_of,
)
from tests.server import Server

AUTH_SECONDS = 1
SILENT_SECONDS = 2
TOKEN_SECONDS = 6


@pytest.fixture(scope="module")
def strict(start_server: Callable[..., Server]) -> Server:
    """A server with its rates on and short waits."""
    return start_server(
        RATE_LIMITS="on",
        HTTP_BURST="5000",
        SOCKET_AUTH_SECONDS=str(AUTH_SECONDS),
        SOCKET_SILENT_SECONDS=str(SILENT_SECONDS),
        ACCESS_TOKEN_LIFETIME=str(TOKEN_SECONDS),
        SOCKET_HEARTBEAT_SECONDS="1",
    )


@pytest.fixture
async def strict_people(strict: Server) -> AsyncIterator[People]:
    """Its people."""
    async with people_of(strict) as people:
        yield people


async def refusal_of(server: Server, **options: Any) -> tuple[int, str]:
    """Status and code of a handshake that is refused by plain HTTP."""
    with pytest.raises(InvalidStatus) as refused:
        await open_socket(server, **options)
    answer = refused.value.response
    assert answer.body, answer
    return answer.status_code, json.loads(answer.body)["error"]["code"]


# --- Handshake and authentication ----------------------------------------------------------------


async def test_both_ways_to_authenticate_say_ready(people: People) -> None:
    (alice,) = await people("alice")
    by_header = await open_socket(people.server, alice.access)
    ready = await by_header.expect("ready")
    assert (ready["user"], ready["device"]) == (alice.id, alice.device)
    assert ready["heartbeat"] == 25 and ready["position"] == 0
    assert ready["server_time"].endswith("Z") and ready["epoch"] and ready["marks"]
    in_band = await open_socket(people.server)
    answer = await in_band.ask("auth", token=alice.access)
    assert {**answer, "server_time": "", "marks": ""} == {**ready, "server_time": "", "marks": ""}
    place = await alice.ask("GET", "sync/")
    assert {name: ready[name] for name in ("position", "epoch")} == {
        name: place[name] for name in ("position", "epoch")
    }
    for at in (by_header, in_band):
        await at.close()


async def test_a_bad_token_is_refused_by_either_way(people: People) -> None:
    (alice,) = await people("alice")
    for token in ("nonsense", alice.access[:-3] + "abc", alice.refresh, ""):
        status, code = await refusal_of(people.server, access=token)
        assert status == 401 and code.startswith("token_")
    basic = [("Authorization", "Basic YTpi")]
    assert (await refusal_of(people.server, headers=basic))[0] == 401
    unsigned = jwt.encode({"sub": alice.id, "device": alice.device}, "", algorithm="none")
    foreign = jwt.encode({"sub": alice.id, "device": alice.device}, "k" * 32, algorithm="HS256")
    for token in (unsigned, foreign):
        assert (await refusal_of(people.server, access=token))[0] == 401

    at = await open_socket(people.server)
    bad: list[Any] = ["nonsense", unsigned, foreign, "é", "\u0000", 5, None, ["a"]]
    for token in bad:
        with pytest.raises(Refused):
            await at.ask("auth", token=token)
    with pytest.raises(Refused) as refusal:
        await at.ask("ping")
    assert refusal.value.code == "unauthenticated"
    # It may still come right.
    assert (await at.ask("auth", token=alice.access))["user"] == alice.id
    await at.close()


async def test_without_auth_in_time_it_closes_with_4401(strict_people: People) -> None:
    begun = time.monotonic()
    silent = await open_socket(strict_people.server)
    talking = await open_socket(strict_people.server)

    async def is_over() -> bool:
        if talking.is_open:
            await talking.send("auth", {"token": "nonsense"})
        return not talking.is_open

    await eventually(is_over, every=0.1)
    assert (await silent.closed(), talking.close_code) == (4401, 4401)
    assert AUTH_SECONDS <= time.monotonic() - begun < AUTH_SECONDS + 3


async def test_an_expired_token_closes_the_socket_unless_renewed_in_time(
    strict_people: People,
) -> None:
    (alice,) = await strict_people("alice")
    left, renewed = await alice.socket(), await alice.socket()
    first, begun = alice.access, time.monotonic()

    async def renew() -> bool:
        # Pings keep the other one from being silent; only its token runs out.
        pair = await alice.ask("POST", "auth/token/refresh/", json={"refresh": alice.refresh})
        alice.take_tokens(pair["access"], pair["refresh"])
        assert (await renewed.ask("auth", token=alice.access))["user"] == alice.id
        if left.is_open:
            await left.send("ping")
        return not left.is_open

    await eventually(renew, seconds=TOKEN_SECONDS + 5, every=0.5)
    assert left.close_code == 4401
    assert time.monotonic() - begun < TOKEN_SECONDS + 4
    assert renewed.is_open
    # The old token is no good for HTTP, a new socket or an open one either.
    old = {"Authorization": f"Bearer {first}"}
    assert await alice.refused("GET", "users/me/", headers=old) == (401, "token_expired")
    assert await refusal_of(strict_people.server, access=first) == (401, "token_expired")
    with pytest.raises(Refused) as refusal:
        await renewed.ask("auth", token=first)
    assert refusal.value.code == "token_expired"
    assert (await renewed.ask("ping"))["epoch"]


async def test_auth_again_must_be_of_the_same_device(people: People) -> None:
    alice, bob = await people("alice", "bob")
    laptop = await alice.other_device()
    at_alice = await alice.socket()
    for other in (laptop, bob):
        with pytest.raises(Refused) as refusal:
            await at_alice.ask("auth", token=other.access)
        assert refusal.value.code == "token_invalid"
    again = await at_alice.ask("auth", token=alice.access)
    assert (again["user"], again["device"]) == (alice.id, alice.device)
    assert at_alice.is_open
    await laptop.leave()


async def test_origins(people: People) -> None:
    (alice,) = await people("alice")
    host = f"127.0.0.1:{people.server.port}"
    for origin in (
        "https://evil.example",
        "null",
        f"http://{host}.evil.example",
        f"http://evil.example/{host}",
        f"http://{host}@evil.example",
        f"http://127.0.0.1:{people.server.port + 1}",
        "http://127.0.0.1",
        f"file://{host}",
        "",
    ):
        refused = await refusal_of(people.server, access=alice.access, headers=[("Origin", origin)])
        assert refused == (403, "origin_refused"), origin
    twice = [("Origin", f"http://{host}"), ("Origin", f"http://{host}")]
    with pytest.raises(InvalidStatus) as refused_twice:  # by the server, before our code
        await open_socket(people.server, alice.access, headers=twice)
    assert refused_twice.value.response.status_code in {400, 403}
    # Also before authentication: the page of another site learns nothing.
    assert (await refusal_of(people.server, headers=[("Origin", "null")]))[0] == 403
    for own in (None, f"http://{host}"):
        at = await open_socket(people.server, alice.access, origin=own)
        await at.expect("ready")
        await at.close()


async def test_the_subprotocol_is_optional_and_echoed(people: People) -> None:
    (alice,) = await people("alice")
    for offered, chosen in (
        (None, None),
        (["chat.v1"], "chat.v1"),
        (["other", "chat.v1"], "chat.v1"),
    ):
        at = await open_socket(people.server, alice.access, subprotocols=offered)
        assert at.connection.subprotocol == chosen
        await at.close()


async def test_a_token_in_the_url_does_not_authenticate(people: People) -> None:
    (alice,) = await people("alice")
    for name in ("token", "access", "access_token"):
        url = f"{people.server.socket_url}?{name}={alice.access}"
        async with connect(url, proxy=None) as connection:
            await connection.send(json.dumps({"event": "ping"}))
            answer = json.loads(await connection.recv())
        assert answer["event"] == "error" and answer["data"]["code"] == "unauthenticated"


# --- Frames --------------------------------------------------------------------------------------

LONE = "\\ud800"
BAD_FRAMES: dict[str, str | bytes] = {
    "not JSON": "hello",
    "empty": "",
    "half": '{"event": "ping"',
    "two": '{"event": "ping"}{"event": "ping"}',
    "an array": "[1, 2, 3]",
    "a string": '"ping"',
    "a number": "1e400",
    "null": "null",
    "NaN": "NaN",
    "no event": '{"data": {}}',
    "event is a number": '{"event": 5}',
    "event is null": '{"event": null, "data": {}}',
    "event is a list, with a ref": '{"event": ["ping"], "ref": "no frame"}',
    "binary": b'{"event": "ping"}',
    "binary, with a ref": b'{"event": "ping", "ref": "no frame"}',
    "binary rubbish": bytes(range(256)),
    "deep array": "[" * 30_000,
    "deep and closed": "[" * 30_000 + "]" * 30_000,
    "deep data": '{"event": "ping", "data": ' + '{"a":' * 10_000 + "1" + "}" * 10_000 + "}",
    "deep ref": '{"event": "ping", "ref": ' + "[" * 30_000 + "]" * 30_000 + "}",
    "control character": '{"event": "pi\x01ng"}',
    "NUL": '{"event": "\x00"}',
    "unknown event": '{"event": "no:such"}',
    "event of 60,000": json.dumps({"event": "x" * 60_000}),
    "lone surrogate event": f'{{"event": "{LONE}"}}',
}


@pytest.mark.parametrize("name", BAD_FRAMES)
async def test_a_bad_frame_is_an_error_and_the_socket_stays_open(people: People, name: str) -> None:
    (alice,) = await people("alice")
    at = await alice.socket()
    await at.send_raw(BAD_FRAMES[name])
    frame = await at.take(lambda frame: frame["event"] in {"error", "pong"})
    assert frame["event"] == "error", frame
    assert frame.get("ref") == ("no frame" if name.endswith("with a ref") else None)
    assert frame["data"]["code"] in {"invalid_frame", "invalid_json", "unknown_event", "invalid"}
    assert await at.ask("ping")


SERVER_EVENTS = (
    "ready pong chat:sent chat:receive chat:new chat:updated chat:removed user:online user:offline"
    " user:updated user:erased connection:request connection:accepted connection:rejected"
    " connection:removed message:updated message:hidden notification:new badge error"
).split()


async def test_events_of_the_server_cannot_be_sent_by_clients(people: People) -> None:
    alice, bob = await people("alice", "bob")
    chat = await alice.connect(bob)
    at_alice, at_bob = await alice.socket(), await bob.socket()
    for event in SERVER_EVENTS:
        forged = {"chat": chat, "user": bob.id, "message": {"chat": chat, "seq": 1, "text": "!"}}
        with pytest.raises(Refused) as refusal:
            await at_alice.ask(event, **forged)
        assert refusal.value.code == "unknown_event"
    await at_alice.settled()
    await at_bob.settled()
    assert [frame["event"] for frame in at_bob.frames] in ([], ["user:online"])


BAD_SENDS: dict[str, str] = {
    "no chat": '{"client_id": "a", "text": "x"}',
    "chat is a number": '{"chat": 5, "client_id": "a", "text": "x"}',
    "no client_id": '{"chat": "CHAT", "text": "x"}',
    "no text": '{"chat": "CHAT", "client_id": "a"}',
    "text is null": '{"chat": "CHAT", "client_id": "a", "text": null}',
    "text is a number": '{"chat": "CHAT", "client_id": "a", "text": 5}',
    "text is empty": '{"chat": "CHAT", "client_id": "a", "text": ""}',
    "text is blank": '{"chat": "CHAT", "client_id": "a", "text": " \\n\\t\\u200b"}',
    "text is too long": '{"chat": "CHAT", "client_id": "a", "text": "' + "x" * 10_001 + '"}',
    "NUL": '{"chat": "CHAT", "client_id": "a", "text": "a\\u0000b"}',
    "lone surrogate": f'{{"chat": "CHAT", "client_id": "a", "text": "a{LONE}b"}}',
    "client_id too long": '{"chat": "CHAT", "client_id": "' + "a" * 65 + '", "text": "x"}',
    "client_id with a blank": '{"chat": "CHAT", "client_id": "a b", "text": "x"}',
    "client_id with a newline": '{"chat": "CHAT", "client_id": "a\\n", "text": "x"}',
    "client_id empty": '{"chat": "CHAT", "client_id": "", "text": "x"}',
    "data is an array": "[]",
    "data is null": "null",
    "NaN": '{"chat": "CHAT", "client_id": "a", "text": NaN}',
    "unknown kind": '{"chat": "CHAT", "client_id": "a", "text": "x", "kind": "system"}',
}
BAD_MARKS: dict[str, str] = {
    "negative": '{"chat": "CHAT", "seq": -1}',
    "a fraction": '{"chat": "CHAT", "seq": 1.5}',
    "a string": '{"chat": "CHAT", "seq": "1"}',
    "a boolean": '{"chat": "CHAT", "seq": true}',
    "null": '{"chat": "CHAT", "seq": null}',
    "missing": '{"chat": "CHAT"}',
    "above the head": '{"chat": "CHAT", "seq": 2}',
    "2^53 + 1": '{"chat": "CHAT", "seq": 9007199254740993}',
    "2^63": '{"chat": "CHAT", "seq": 9223372036854775808}',
    "1e400": '{"chat": "CHAT", "seq": 1e400}',
    "400 digits": '{"chat": "CHAT", "seq": ' + "9" * 400 + "}",
}


async def test_bad_data_is_an_error_with_the_ref_and_costs_others_nothing(people: People) -> None:
    alice, bob = await people("alice", "bob")
    chat = await alice.connect(bob)
    at_alice, at_bob = await alice.socket(), await bob.socket()
    await at_bob.ask("chat:send", chat=chat, client_id=new_client_id(), text="one")
    cases = [("chat:send", bad) for bad in BAD_SENDS.values()]
    cases += [
        (event, bad)
        for event in ("message:seen", "message:delivered")
        for bad in BAD_MARKS.values()
    ]
    slowest = 0.0
    for n, (event, bad) in enumerate(cases):
        data = bad.replace("CHAT", chat)
        await at_alice.send_raw(f'{{"event": "{event}", "ref": "r{n}", "data": {data}}}')
        frame = await at_alice.take(lambda frame: frame["event"] == "error" or "ref" in frame)
        assert frame["event"] == "error", data[:80]
        # What is no JSON has no ref either.
        assert ("NaN" in data) or frame["ref"] == f"r{n}", data[:80]
        assert frame["data"]["code"] in {"invalid", "invalid_json", "invalid_text"} | (
            {"seq_above_head"} if "seq" in data else {"chat_not_found"}
        ), (data[:80], frame)
        begun = time.monotonic()
        await at_bob.ask("ping")
        slowest = max(slowest, time.monotonic() - begun)
    assert slowest < 1
    assert [one["text"] for one in await bob.messages(chat)] == ["one"]
    # The sharpest edges of what is allowed.
    edge = await at_alice.ask(
        "chat:send", chat=chat, client_id="a" * 64, text="\U0001f469" * 10_000
    )
    assert edge["seq"] == 2
    text = " \u202e<b>&amp;\r\n\t\u0301 end "
    await at_alice.ask("chat:send", chat=chat, client_id="-_", text=text)
    assert (await bob.messages(chat))[-1]["text"] == text, "kept exactly"


async def test_a_ref_may_be_anything_and_comes_back_as_it_was(people: People) -> None:
    (alice,) = await people("alice")
    at = await alice.socket()
    refs: list[Any] = [0, -1, 1.5, "", "é\U0001f469", None, True, [1, {"a": []}], {"b": None}]
    refs += [2**70, "x" * 50_000]
    for ref in refs:
        await at.send_raw(json.dumps({"event": "ping", "ref": ref}))
        frame = await at.take(lambda frame: frame["event"] == "pong")
        assert frame["ref"] == ref and type(frame["ref"]) is type(ref)
    await at.send_raw('{"event": "ping"}')
    assert "ref" not in await at.take(lambda frame: frame["event"] == "pong")


async def test_sixty_four_pipelined_sends_keep_their_order(people: People) -> None:
    alice, bob = await people("alice", "bob")
    chat = await alice.connect(bob)
    at_alice, at_bob = await alice.socket(), await bob.socket()
    sends = [{"chat": chat, "client_id": f"c{n}", "text": f"{n}"} for n in range(64)]
    refs = [await at_alice.send("chat:send", data) for data in sends]
    # Not only the seqs: the replies come in this order too.
    acks = [await at_alice.take(lambda frame: frame["event"] == "chat:sent") for _ in refs]
    assert [ack["ref"] for ack in acks] == refs
    assert [ack["data"]["seq"] for ack in acks] == list(range(1, 65))
    heard = [(await at_bob.expect("chat:receive"))["message"]["text"] for _ in refs]
    assert heard == [f"{n}" for n in range(64)]


async def test_history_over_the_socket(people: People) -> None:
    alice, bob = await people("alice", "bob")
    chat = await alice.connect(bob)
    at = await bob.socket()
    for n in range(1, 11):
        await alice.say(chat, f"{n}")

    async def seqs(**place: Any) -> tuple[list[int], bool, bool]:
        page = await at.ask("chat:history", chat=chat, **place)
        http = await bob.ask("GET", f"chats/{chat}/messages/", params=place)
        assert page == {"chat": chat, **http}
        found = [message["seq"] for message in page["results"]]
        if found:
            assert alice.id in page["users"]
        return found, page["has_more_before"], page["has_more_after"]

    assert await seqs() == (list(range(1, 11)), False, False)
    assert await seqs(limit=3) == ([8, 9, 10], True, False)
    assert await seqs(before=8, limit=3) == ([5, 6, 7], True, True)
    assert await seqs(after=8, limit=3) == ([9, 10], True, False)
    assert await seqs(after=0, limit=3) == ([1, 2, 3], False, True)
    assert await seqs(around=5, limit=4) == ([3, 4, 5, 6], True, True)
    assert await seqs(around=1, limit=4) == ([1, 2], False, True)
    assert await seqs(after=10) == ([], True, False)
    assert await seqs(before=1) == ([], False, True)
    for bad in ({"limit": 0}, {"limit": 101}, {"before": 1, "after": 2}, {"before": -1}):
        with pytest.raises(Refused) as refusal:
            await at.ask("chat:history", chat=chat, **bad)
        assert refusal.value.code == "invalid"


async def test_the_heartbeat_says_what_was_missed(people: People) -> None:
    alice, bob = await people("alice", "bob")
    chat = await alice.connect(bob)
    at_bob = await bob.socket()
    before = await at_bob.ask("ping")
    assert before["heads"] == {} or before["heads"] == {chat: 0}
    await alice.say(chat, "hi")
    pong = await at_bob.ask("ping")
    assert pong["heads"] == {chat: 1} and pong["sync"] is False
    assert pong["position"] == before["position"] and pong["epoch"]


# --- Limits --------------------------------------------------------------------------------------


async def test_frames_beyond_the_limits_close_the_socket(people: People) -> None:
    (alice,) = await people("alice")
    at = await alice.socket()
    fits = json.dumps({"event": "ping", "ref": 1, "data": {"pad": ""}})
    await at.send_raw(fits.replace('""', '"' + "x" * (65_536 - len(fits)) + '"'))
    await at.reply(1)
    for size, code in ((65_537, 4413), (100_000, 4413), (262_145, 1009), (1_000_000, 1009)):
        at = await alice.socket()
        await at.send_raw("x" * size)
        assert await at.closed() == code
    # Bytes count, not characters.
    at = await alice.socket()
    await at.send_raw("é" * 32_769)
    assert await at.closed() == 4413
    # Neither may be used to send without authenticating.
    at = await open_socket(people.server)
    await at.send_raw("x" * 70_000)
    assert await at.closed() == 4413


async def test_flooding_closes_the_socket(strict_people: People) -> None:
    alice, bob = await strict_people("alice", "bob")
    at_alice, at_bob = await alice.socket(), await bob.socket()
    # 120 at once are allowed.
    for ref in range(110):
        await at_alice.send("ping", ref=ref)
    for ref in range(110):
        await at_alice.reply(ref)
    try:
        for _ in range(1000):
            await at_alice.send_raw("{}")
    except Exception:  # closed meanwhile
        assert not at_alice.is_open or at_alice.connection.state
    assert await at_alice.closed() == 4429
    await at_bob.ask("ping")


async def test_an_account_sends_no_faster_than_its_rate(strict_people: People) -> None:
    alice, bob = await strict_people("alice", "bob")
    chat = await alice.connect(bob)
    sockets = [await alice.socket() for _ in range(4)]
    refused = 0
    for at in sockets:
        refs = [
            await at.send("chat:send", {"chat": chat, "client_id": new_client_id(), "text": "x"})
            for _ in range(100)
        ]
        for ref in refs:
            try:
                await at.reply(ref)
            except Refused as refusal:
                assert refusal.code == "rate_limited" and refusal.data["retry_after"] >= 1
                refused += 1
    assert 0 < refused <= 100


async def test_the_eleventh_socket_costs_the_oldest(people: People) -> None:
    alice, bob = await people("alice", "bob")
    at_bob = await bob.socket()
    sockets = [await alice.socket() for _ in range(11)]
    assert await sockets[0].closed() == 4409
    for at in sockets[1:]:
        await at.ask("ping")
    await at_bob.ask("ping")


async def test_a_silent_socket_closes_with_4408(strict_people: People) -> None:
    (alice,) = await strict_people("alice")
    silent, alive = await alice.socket(), await alice.socket()

    async def is_closed() -> bool:
        await alive.ask("ping")
        return not silent.is_open

    await eventually(is_closed, every=0.2)
    assert silent.close_code == 4408 and alive.is_open


async def test_a_slow_reader_is_cut_and_costs_others_nothing(people: People) -> None:
    alice, bob, carol = await people("alice", "bob", "carol")
    chat = await alice.connect(bob)
    (web,) = people.server.parts("web")
    before = psutil.Process(web.pid).memory_info().rss
    stalled = [await bob.socket() for _ in range(8)]
    for at in stalled:
        at.connection.transport.pause_reading()
    reading, at_alice, at_carol = await bob.socket(), await alice.socket(), await carol.socket()
    slowest = 0.0
    # Far more than the kernel's buffers (some MiB) and the queue (1 MiB) of a socket hold.
    text = "\U0001f469" * 10_000
    count = 640
    for n in range(count):
        await at_alice.ask("chat:send", chat=chat, client_id=f"{n}", text=text)
        received = await reading.expect("chat:receive")
        assert received["message"]["seq"] == n + 1
        begun = time.monotonic()
        await at_carol.ask("ping")
        slowest = max(slowest, time.monotonic() - begun)
    grown = psutil.Process(web.pid).memory_info().rss - before
    assert slowest < 1
    assert grown < 64 * 1024 * 1024, f"{grown / 2**20:.0f} MiB for 8 stalled readers"
    for at in stalled:
        at.connection.transport.resume_reading()
        assert await at.closed() == 1006
    # It resumes by sync.
    synced = await (await bob.socket()).ask("sync", heads={chat: count - 2}, position=2**50)
    assert [event["data"]["message"]["seq"] for event in synced["events"]] == [count - 1, count]


async def test_sigterm_closes_with_1012_and_when_to_come_back(strict_people: People) -> None:
    # The last test of the module that needs this process.
    alice, bob = await strict_people("alice", "bob")
    sockets = [await alice.socket(), await bob.socket()]
    (web,) = strict_people.server.parts("web")
    web.send_signal(signal.SIGTERM)
    for at in sockets:
        assert await at.closed() == 1012
        assert float(at.close_reason) > 0

    async def is_back() -> Person | None:
        return alice if await strict_people.is_ready() else None

    await eventually(is_back, seconds=30)
