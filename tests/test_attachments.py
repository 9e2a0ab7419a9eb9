"""Files of messages over real sockets and through the worker: from one person to the other."""

import pytest

from media.tests.samples import jpeg
from tests.client import Json, People, Person, Refused, eventually, new_client_id


async def upload(person: Person, content: bytes, name: str) -> str:
    """The id of a new medium."""
    medium: Json = await person.ask("POST", "media/", 201, files={"file": (name, content, "")})
    found: str = medium["id"]
    return found


async def opens(person: Person, path: str) -> int:
    """What somebody gets who opens a file."""
    return (await person.http.get(f"{person.server.url}{path}")).status_code


async def test_a_picture_goes_from_one_person_to_the_other(people: People) -> None:
    alice, bob, carol = await people("alice", "bob", "carol")
    chat = await alice.connect(bob)
    at_alice, at_bob, tab = await alice.socket(), await bob.socket(), await alice.socket()
    picture = await upload(alice, jpeg(), "sea.jpg")
    sent = await at_alice.ask(
        "chat:send", chat=chat, client_id="p", kind="image", text="sea", attachments=[picture]
    )
    assert (sent["seq"], sent["duplicate"]) == (1, False)
    for socket in (at_bob, tab):
        message = (await socket.expect("chat:receive"))["message"]
        assert (message["kind"], message["text"], message["client_id"]) == ("image", "sea", "p")
        (file,) = message["attachments"]
        assert (file["id"], file["name"]) == (picture, "sea.jpg")
        if file["state"] == "processing":  # unless the worker was quicker than the sender
            update = await socket.expect("message:updated", 30)
            assert (update["change"], update["by"], update["seq"]) == ("media", None, 2)
            (file,) = update["message"]["attachments"]
        assert file["state"] == "ready"
    assert at_alice.pushes("chat:receive") == []
    paths = (file["url"], file["thumbnail_url"])
    for path in paths:
        assert await opens(bob, path) == await opens(alice, path) == 200
        assert await opens(carol, path) == 404
    assert (await bob.messages(chat))[0]["attachments"] == [file]
    again = await at_alice.ask(
        "chat:send", chat=chat, client_id="p", kind="image", text="sea", attachments=[picture]
    )
    assert (again["seq"], again["duplicate"]) == (1, True)
    # It goes with the message, from the disk too.
    await alice.ask("DELETE", f"chats/{chat}/messages/1/?for=everyone", 204)
    update = await at_bob.expect("message:updated", change="deleted")
    assert update["message"]["attachments"] == []
    for path in paths:
        assert await opens(bob, path) == await opens(alice, path) == 404
    directory = alice.server.data_dir / "media"

    async def is_gone() -> bool:
        return not list(directory.rglob(f"*{picture}*"))

    await eventually(is_gone)


async def test_both_doors_refuse_alike_and_keep_an_order(people: People) -> None:
    alice, bob, carol = await people("alice", "bob", "carol")
    chat = await alice.connect(bob)
    at_alice, at_bob, at_carol = await alice.socket(), await bob.socket(), await carol.socket()
    mine = [await upload(alice, b"text %d" % n, f"{n}.txt") for n in range(11)]
    theirs = await upload(bob, b"theirs", "b.txt")
    for media, more, code in (
        ([theirs], {}, "media_not_found"),
        (["1"], {}, "media_not_found"),
        (mine[:1], {"kind": "image"}, "media_kind"),
        (mine, {}, "invalid"),
        (mine[:1] * 2, {}, "invalid"),
        ([], {"kind": "voice"}, "invalid"),
    ):
        body = {"client_id": new_client_id(), "attachments": media, **more}
        over_http = await alice.refused("POST", f"chats/{chat}/messages/", json=body)
        assert over_http[1] == code, (media, more)
        with pytest.raises(Refused) as refusal:
            await at_alice.ask("chat:send", chat=chat, **body)
        assert refusal.value.data["code"] == code
        with pytest.raises(Refused) as refusal:
            await at_carol.ask("chat:send", chat=chat, **body)
        assert refusal.value.data["code"] == "chat_not_found"
    # Files take a way of their own, and yet nothing overtakes them.
    refs = []
    for n in range(10):
        body = {"chat": chat, "client_id": f"m{n}", "text": f"{n}"}
        if n % 3 != 1:
            body["attachments"] = mine[n : n + 1]
        refs.append(await at_alice.send("chat:send", body))
    assert [(await at_alice.reply(ref))["seq"] for ref in refs] == list(range(1, 11))
    for n in range(10):
        message = (await at_bob.expect("chat:receive"))["message"]
        assert (message["seq"], message["text"]) == (n + 1, f"{n}")
        assert message["kind"] == ("file" if n % 3 != 1 else "text")


async def test_who_is_removed_opens_nothing_more(people: People) -> None:
    alice, bob = await people("alice", "bob")
    await alice.connect(bob)
    new = {"kind": "group", "name": "Walks", "members": [bob.id]}
    group = (await alice.ask("POST", "chats/", 201, json=new))["id"]
    at_bob = await bob.socket()
    file = await upload(alice, b"text", "a.txt")
    await alice.say(group, "", attachments=[file])
    message = (await at_bob.expect("chat:receive"))["message"]
    url = message["attachments"][0]["url"]
    assert await opens(bob, url) == 200
    picture = await alice.ask("POST", f"chats/{group}/avatar/", 201, files={"file": ("a", jpeg())})

    async def is_shown() -> bool:
        return await opens(bob, picture["avatar_url"]) == 200

    await eventually(is_shown, seconds=30)
    await alice.ask("DELETE", f"chats/{group}/participants/{bob.id}/", 204)
    assert await opens(bob, url) == await opens(bob, picture["avatar_url"]) == 404
    assert await bob.refused("GET", f"media/{file}/") == (404, "media_not_found")
    assert await opens(alice, url) == 200
