"""Two people find each other and talk; a stranger and a blocked person get nothing, anywhere."""

import asyncio

import pytest

from tests.client import People, Person, Refused, Socket, eventually, new_client_id


async def test_alice_and_bob_talk(people: People) -> None:
    alice, bob = await people("alice", "bob")
    at_alice, at_bob = await alice.socket(), await bob.socket()

    # Bob scans what Alice shows, and she accepts.
    qr = await alice.ask("POST", "connections/qr/", 201)
    assert qr["url"].endswith(f"/#/c/{qr['token']}") and "<svg" in qr["svg"]
    request = await bob.ask("POST", "connections/scan/", 201, json={"token": qr["token"]})
    assert (request["from"], request["to"], request["status"]) == (bob.id, alice.id, "pending")
    asked = await at_alice.expect("connection:request")
    assert asked["request"]["id"] == request["id"] and asked["position"] == 1
    await alice.ask("POST", f"connections/requests/{request['id']}/accept/")
    assert (await at_bob.expect("connection:accepted"))["request"]["status"] == "accepted"
    contacts = await bob.ask("GET", "connections/")
    assert [row["user"]["id"] for row in contacts["results"]] == [alice.id]
    assert contacts["users"][alice.id]["username"]

    # Bob opens the chat; both hear of it, and Alice finds the same one.
    opened = {"kind": "direct", "user": alice.id}
    chat = await bob.ask("POST", "chats/", 201, json=opened)
    assert (chat["kind"], chat["peer"], chat["head"]) == ("direct", alice.id, 0)
    told = await at_alice.expect("chat:new")
    assert told["chat"]["id"] == chat["id"] and told["chat"]["peer"] == bob.id
    assert told["users"][bob.id]["id"] == bob.id
    opened_too = {"kind": "direct", "user": bob.id}
    found = await alice.ask("POST", "chats/", 200, json=opened_too)
    assert found["id"] == chat["id"]
    here = {"chat": chat["id"]}

    # Alice types and sends; Bob has it, sees it, and Alice is told.
    await at_alice.send("chat:typing", {**here, "typing": True})
    typing = await at_bob.expect("chat:typing")
    assert typing == {**here, "user": alice.id, "typing": True, "kind": "text"}
    client_id = new_client_id()
    sent = await at_alice.ask("chat:send", **here, client_id=client_id, text="Hello, Bob! 👋")
    assert sent["id"] == f"{chat['id']}-1" and sent["seq"] == 1
    assert sent["client_id"] == client_id and sent["duplicate"] is False
    message = (await at_bob.expect("chat:receive"))["message"]
    assert message["text"] == "Hello, Bob! 👋" and message["sender"] == alice.id
    assert message["created_at"] == sent["created_at"] and "status" not in message
    assert await status(alice, chat["id"], 1) == "sent"
    await at_bob.ask("message:delivered", **here, seq=1)
    delivered = await at_alice.expect("message:delivered", seq=1, user=bob.id)
    assert delivered["chat"] == chat["id"] and delivered["at"].endswith("Z")
    assert await status(alice, chat["id"], 1) == "delivered"
    assert (await bob.ask("GET", f"chats/{chat['id']}/"))["unread"] == 1
    assert (await at_bob.ask("message:seen", **here, seq=1))["seq"] == 1
    await at_alice.expect("message:seen", seq=1, user=bob.id)
    assert await status(alice, chat["id"], 1) == "seen"
    assert (await bob.ask("GET", f"chats/{chat['id']}/"))["unread"] == 0

    # Bob answers over HTTP: one log, two doors.
    answer = await bob.say(chat["id"], "Hello, Alice!")
    assert answer["seq"] == 2 and answer["status"] == "sent"
    assert (await at_alice.expect("chat:receive"))["message"]["id"] == answer["id"]

    # Alice's network dies; what Bob says meanwhile is there when she is back.
    await at_alice.drop()
    for text in ("Are you there?", "Alice?"):
        await bob.say(chat["id"], text)
    at_alice = await alice.socket()
    pong = await at_alice.ask("ping")
    assert pong["heads"] == {chat["id"]: 4}
    synced = await at_alice.ask("sync", heads={chat["id"]: 2}, position=told["position"])
    received = [e["data"]["message"] for e in synced["events"] if e["event"] == "chat:receive"]
    assert [(one["seq"], one["text"]) for one in received] == [(3, "Are you there?"), (4, "Alice?")]
    assert synced["heads"] == {chat["id"]: 4} and synced["more"] is False
    assert synced["reset"] == synced["gone"] == [] and bob.id in synced["users"]
    again = await alice.ask(
        "POST", "sync/", json={key: synced[key] for key in ("heads", "position", "marks", "epoch")}
    )
    assert not [event for event in again["events"] if event["event"] == "chat:receive"]


async def status(person: Person, chat: str, seq: int) -> str:
    """The least status of a message of one's own."""
    info = await person.ask("GET", f"chats/{chat}/messages/{seq}/status/")
    (message,) = [one for one in await person.messages(chat) if one["seq"] == seq]
    assert message["status"] == info["status"]
    found: str = info["status"]
    return found


async def test_presence_comes_and_goes(people: People) -> None:
    alice, bob = await people("alice", "bob")
    await alice.connect(bob)
    at_alice = await alice.socket()
    at_bob = await bob.socket()
    await at_alice.expect("user:online", user=bob.id)
    (row,) = await alice.ask("GET", "presence/", params={"user": bob.id})
    assert row["user"] == bob.id and row["online"] is True

    # A second tab keeps him online; with the last one he goes, after five seconds.
    second = await bob.socket()
    await at_bob.close()
    (row,) = await alice.ask("GET", "presence/", params={"user": bob.id})
    assert row["online"] is True
    await second.drop()
    offline = await at_alice.expect("user:offline", seconds=12, user=bob.id)
    assert offline["last_seen"].endswith("Z")
    (row,) = await alice.ask("GET", "presence/", params={"user": bob.id})
    assert row == {"user": bob.id, "online": False, "last_seen": offline["last_seen"]}


async def test_every_socket_of_both_hears_everything_but_the_sending_one(people: People) -> None:
    alice, bob = await people("alice", "bob")
    chat = await alice.connect(bob)
    laptop = await alice.other_device()
    sending, tab, other = await alice.socket(), await alice.socket(), await laptop.socket()
    at_bob = await bob.socket()
    sent = await sending.ask("chat:send", chat=chat, client_id=new_client_id(), text="hi")
    for listening in (tab, other, at_bob):
        message = (await listening.expect("chat:receive"))["message"]
        assert message["id"] == sent["id"] and message["client_id"] == sent["client_id"]
    # The same from HTTP reaches all of them.
    over_http = await alice.say(chat, "hello")
    for listening in (sending, tab, other, at_bob):
        message = (await listening.expect("chat:receive"))["message"]
        assert message["id"] == over_http["id"]
    await sending.settled()
    assert sending.pushes("chat:receive") == []
    # One's own marks reach one's other sockets, and the peer's all of them.
    await tab.ask("message:seen", chat=chat, seq=2)
    for listening in (sending, other):
        await listening.expect("message:seen", user=alice.id, seq=2)
    await at_bob.ask("message:seen", chat=chat, seq=2)
    for listening in (sending, tab, other):
        await listening.expect("message:seen", user=bob.id, seq=2)
    await laptop.leave()


async def test_marks_only_rise_and_never_above_the_head(people: People) -> None:
    alice, bob = await people("alice", "bob")
    chat = await alice.connect(bob)
    at_bob = await bob.socket()
    for text in ("one", "two", "three"):
        await alice.say(chat, text)
    with pytest.raises(Refused) as refusal:
        await at_bob.ask("message:seen", chat=chat, seq=4)
    assert refusal.value.code == "seq_above_head"
    assert (await bob.refused("POST", f"chats/{chat}/delivered/", json={"seq": 4}))[0] == 400
    assert (await at_bob.ask("message:seen", chat=chat, seq=2))["seq"] == 2
    assert (await at_bob.ask("message:delivered", chat=chat, seq=1))["seq"] == 2
    assert (await bob.ask("POST", f"chats/{chat}/seen/", json={"seq": 1}))["seq"] == 2
    mine = (await bob.ask("GET", f"chats/{chat}/"))["me"]
    assert (mine["delivered"], mine["seen"]) == (2, 2)


async def doors_of_a_chat(outsider: Person, at: Socket, chat: str) -> list[tuple[int, str]]:
    """What every door that leads to a chat answers to somebody who is not in it."""
    path = f"chats/{chat}"
    said = {"client_id": new_client_id(), "text": "let me in"}
    answers = [
        await outsider.refused("GET", f"{path}/"),
        await outsider.refused("GET", f"{path}/messages/"),
        await outsider.refused("GET", f"{path}/messages/1/"),
        await outsider.refused("GET", f"{path}/messages/1/status/"),
        await outsider.refused("GET", f"{path}/online-users/"),
        await outsider.refused("POST", f"{path}/messages/", json=said),
        await outsider.refused("POST", f"{path}/messages/", json={"rubbish": True}),
        await outsider.refused("POST", f"{path}/delivered/", json={"seq": 1}),
        await outsider.refused("POST", f"{path}/seen/", json={"seq": 1}),
        await outsider.refused("POST", f"{path}/seen/", json={"seq": "one"}),
    ]
    here = {"chat": chat}
    for event, data in (
        ("chat:send", {**here, **said}),
        ("chat:send", {**here, "text": 5}),
        ("chat:history", here),
        ("chat:typing", {**here, "typing": True}),
        ("message:delivered", {**here, "seq": 1}),
        ("message:seen", {**here, "seq": 1}),
        ("message:seen", {**here, "seq": -1}),
    ):
        with pytest.raises(Refused) as refusal:
            await at.ask(event, **data)
        answers.append((404, refusal.value.code))
    return answers


async def test_a_stranger_finds_every_door_closed(people: People) -> None:
    alice, bob, carol = await people("alice", "bob", "carol")
    chat = await alice.connect(bob)
    at_alice, at_bob, at_carol = await alice.socket(), await bob.socket(), await carol.socket()
    await at_alice.ask("chat:send", chat=chat, client_id=new_client_id(), text="a secret")

    # To Carol the chat is exactly what one that never was is.
    answers = await doors_of_a_chat(carol, at_carol, chat)
    assert set(answers) == {(404, "chat_not_found")}
    assert answers == await doors_of_a_chat(carol, at_carol, "1234567890123456789")

    for path in (f"users/{alice.id}/", "users/1234567890123456789/"):
        assert await carol.refused("GET", path) == (404, "not_found")
    assert (await carol.refused("GET", "presence/", params={"user": alice.id}))[0] == 404
    direct = {"kind": "direct", "user": alice.id}
    nobody = {"kind": "direct", "user": "1234567890123456789"}
    refused = await carol.refused("POST", "chats/", json=direct)
    assert refused[0] == 404 and refused == await carol.refused("POST", "chats/", json=nobody)
    assert (await carol.refused("DELETE", f"connections/{alice.id}/"))[0] == 404
    assert (await carol.refused("DELETE", f"auth/devices/{alice.device}/"))[0] == 404

    # Sync gives her nothing, whatever she claims to hold.
    synced = await at_carol.ask("sync", heads={chat: 0}, position=0)
    assert synced["gone"] == [chat] and synced["events"] == [] and synced["heads"] == {}
    assert synced["users"] == {}
    assert (await carol.ask("GET", "chats/"))["results"] == []
    assert (await at_carol.ask("ping"))["heads"] == {}

    # And nothing was ever pushed to her, nor did she reach anyone.
    await at_bob.expect("chat:receive")
    await at_bob.settled()
    assert not at_bob.pushes("chat:typing") and not at_alice.pushes("chat:typing")
    await at_carol.settled()
    assert at_carol.frames == []
    assert [one["text"] for one in await bob.messages(chat)] == ["a secret"]


async def test_a_request_of_others_is_not_found(people: People) -> None:
    alice, bob, carol = await people("alice", "bob", "carol")
    qr = await alice.ask("POST", "connections/qr/", 201)
    request = await bob.ask("POST", "connections/scan/", 201, json={"token": qr["token"]})
    path = f"connections/requests/{request['id']}/"
    for outsider in (carol, bob):
        assert (await outsider.refused("POST", f"{path}accept/"))[0] == 404
        assert (await outsider.refused("POST", f"{path}reject/"))[0] == 404
    for outsider in (carol, alice):
        assert (await outsider.refused("DELETE", path))[0] == 404
    await alice.ask("POST", f"{path}accept/")
    assert await alice.refused("POST", f"{path}reject/") == (409, "not_pending")


async def test_a_blocked_person_gets_nothing_and_keeps_what_was(people: People) -> None:
    alice, dave = await people("alice", "dave")
    chat = await alice.connect(dave)
    at_alice, at_dave = await alice.socket(), await dave.socket()
    await at_dave.ask("chat:send", chat=chat, client_id=new_client_id(), text="before")
    await at_alice.expect("chat:receive")
    await alice.ask("POST", "connections/blocks/", 201, json={"user": dave.id})
    await at_dave.expect("connection:removed", user=alice.id)
    await at_alice.settled()
    await at_dave.settled()
    at_alice.frames.clear()
    at_dave.frames.clear()

    # Neither can write, by either door; both can read what was.
    for person, at in ((alice, at_alice), (dave, at_dave)):
        with pytest.raises(Refused) as refusal:
            await at.ask("chat:send", chat=chat, client_id=new_client_id(), text="psst")
        assert refusal.value.code == "chat_closed"
        said = {"client_id": new_client_id(), "text": "psst"}
        refused = await person.refused("POST", f"chats/{chat}/messages/", json=said)
        assert refused == (403, "chat_closed")
        assert [one["text"] for one in await person.messages(chat)] == ["before"]
        history = await at.ask("chat:history", chat=chat)
        assert [one["text"] for one in history["results"]] == ["before"]

    # Marks, typing and presence do not cross either.
    await at_alice.ask("message:seen", chat=chat, seq=1)
    for at in (at_alice, at_dave):
        await at.send("chat:typing", {"chat": chat, "typing": True})
        await at.settled()
    synced = await at_dave.ask("sync", heads={chat: 1}, position=0, marks="2020-01-01T00:00:00Z")
    marks = [event["data"] for event in synced["events"] if event["event"].startswith("message:")]
    assert all(mark["user"] == dave.id for mark in marks)
    (row,) = await dave.ask("GET", "presence/", params={"user": alice.id})
    assert row["online"] is None and row["last_seen"] is None
    await (await alice.socket()).settled()
    await at_dave.settled()
    # His own badge may be counted anew.
    told = [f["event"] for f in at_dave.frames if "ref" not in f]
    assert set(told) <= {"error", "badge"}

    # A QR of hers is nothing but a dead code to him, and the block outlives it.
    qr = await alice.ask("POST", "connections/qr/", 201)
    assert (await dave.refused("POST", "connections/scan/", json={"token": qr["token"]}))[0] == 410
    assert (await dave.ask("GET", "connections/"))["results"] == []


async def test_forty_scans_of_one_token_and_one_wins(people: People) -> None:
    alice, *scanners = await people("alice", *(f"scanner{n}" for n in range(8)))
    qr = await alice.ask("POST", "connections/qr/", 201)
    scan = {"token": qr["token"]}
    answers = await asyncio.gather(
        *(one.http.post("connections/scan/", json=scan) for one in scanners for _ in range(5))
    )
    assert sorted(answer.status_code for answer in answers) == [201] + [410] * 39
    requests = await alice.ask("GET", "connections/requests/")
    assert len(requests["incoming"]) == 1


async def test_two_who_accept_and_reject_at_once_end_in_one_state(people: People) -> None:
    alice, bob = await people("alice", "bob")
    qr = await alice.ask("POST", "connections/qr/", 201)
    request = await bob.ask("POST", "connections/scan/", 201, json={"token": qr["token"]})
    path = f"connections/requests/{request['id']}/"
    answers = await asyncio.gather(
        *(alice.http.post(f"{path}{act}/") for act in ("accept", "reject") * 5)
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 9


async def test_opening_a_chat_from_both_sides_at_once_makes_one(people: People) -> None:
    alice, bob = await people("alice", "bob")
    qr = await alice.ask("POST", "connections/qr/", 201)
    request = await bob.ask("POST", "connections/scan/", 201, json={"token": qr["token"]})
    await alice.ask("POST", f"connections/requests/{request['id']}/accept/")
    answers = await asyncio.gather(
        *(
            one.http.post("chats/", json={"kind": "direct", "user": other.id})
            for one, other in ((alice, bob), (bob, alice))
            for _ in range(5)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200] * 9 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1


async def test_receipts_and_typing_can_be_switched_off_for_both_sides(people: People) -> None:
    alice, bob = await people("alice", "bob")
    chat = await alice.connect(bob)
    at_alice, at_bob = await alice.socket(), await bob.socket()
    await bob.ask("PATCH", "users/me/privacy/", json={"read_receipts": False, "typing": False})
    sent = await at_alice.ask("chat:send", chat=chat, client_id=new_client_id(), text="hi")
    await at_bob.ask("message:seen", chat=chat, seq=sent["seq"])
    # A seen raises delivered, which is always told.
    await at_alice.expect("message:delivered", seq=sent["seq"])
    assert await status(alice, chat, sent["seq"]) == "delivered"
    await at_bob.send("chat:typing", {"chat": chat, "typing": True})
    await at_alice.send("chat:typing", {"chat": chat, "typing": True})
    await at_alice.settled()
    await at_bob.settled()
    for at in (at_alice, at_bob):
        await at.settled()
        assert not at.pushes("chat:typing") and not at.pushes("message:seen")
    synced = await alice.ask(
        "POST", "sync/", json={"heads": {chat: 1}, "position": 0, "marks": "2020-01-01T00:00:00Z"}
    )
    told = [e["data"]["user"] for e in synced["events"] if e["event"] == "message:seen"]
    assert bob.id not in told


async def test_presence_says_nothing_to_those_who_may_not_know(people: People) -> None:
    alice, bob = await people("alice", "bob")
    await alice.connect(bob)
    await bob.ask("PATCH", "users/me/privacy/", json={"online": "nobody", "last_seen": "nobody"})
    at_alice = await alice.socket()
    at_bob = await bob.socket()
    await at_bob.settled()

    async def is_noticed() -> bool:
        (row,) = await bob.ask("GET", "presence/", params={"user": bob.id})
        return row["online"] is True

    await eventually(is_noticed)
    # Who hides does not see either.
    for viewer, subject in ((alice, bob), (bob, alice)):
        (row,) = await viewer.ask("GET", "presence/", params={"user": subject.id})
        assert row == {"user": subject.id, "online": None, "last_seen": None}
    await at_alice.settled()
    assert not at_alice.pushes("user:online") and not at_bob.pushes("user:online")


async def test_a_poll_is_answered_pinned_starred_and_passed_on(people: People) -> None:
    alice, bob, carol = await people("alice", "bob", "carol")
    chat, other = await alice.connect(bob), await bob.connect(carol)
    at_alice, at_bob, at_carol = await alice.socket(), await bob.socket(), await carol.socket()
    tab = await bob.socket()
    content = {"question": "Where?", "options": ["here", "there"]}
    asking = {"chat": chat, "client_id": new_client_id(), "kind": "poll", "content": content}
    here = {"chat": chat, "seq": (await at_alice.ask("chat:send", **asking))["seq"]}
    path = f"chats/{chat}/messages/{here['seq']}"

    # Bob's vote reaches everybody but the socket that cast it, which has the reply.
    reply = await at_bob.ask("message:vote", **here, options=[1])
    assert (reply["change"], reply["by"], reply["seq"]) == ("voted", bob.id, here["seq"] + 1)
    for listening in (at_alice, tab):
        assert await listening.expect("message:updated") == reply
    await at_bob.settled()
    assert at_bob.pushes("message:updated") == []
    voted = await bob.ask("GET", f"{path}/")
    assert [one["mine"] for one in voted["content"]["votes"]] == [False, True]
    for event, code in (("message:vote", "option_unknown"), ("message:react", "not_an_emoji")):
        with pytest.raises(Refused) as refused:
            await at_bob.ask(event, **here, options=[2], emoji="x")
        assert refused.value.code == code
    with pytest.raises(Refused) as refused:
        await at_carol.ask("message:vote", **here, options="all")
    assert refused.value.code == "chat_not_found"

    await alice.ask("PUT", f"{path}/pin/")
    pinned = await at_bob.expect("message:updated", change="pinned")
    assert pinned["message"]["pinned"] and pinned["by"] == alice.id
    await bob.ask("PUT", f"{path}/star/")
    for listening in (at_bob, tab):
        assert await listening.expect("message:starred") == {
            "chat": chat, "message_seq": here["seq"], "starred": True
        }  # fmt: skip
    (starred,) = (await bob.ask("GET", "starred/"))["results"]
    assert starred["message"]["id"] == f"{chat}-{here['seq']}"
    forward = {"from": [here], "to": [other], "client_id": new_client_id()}
    for status_code in (201, 200):
        (passed_on,) = (await bob.ask("POST", "chats/forward/", status_code, json=forward))[
            "results"
        ]
    message = (await at_carol.expect("chat:receive"))["message"]
    assert message["forwarded"] and message["id"] == passed_on["id"]
    assert [one["count"] for one in message["content"]["votes"]] == [0, 0]
    await at_alice.settled()
    assert at_alice.pushes("message:starred") == []
