"""Who erases their account is gone from everything the server keeps.

People write an unmistakable text wherever they can; afterwards it is looked for everywhere. Tables,
keys and files are found by themselves: who adds a place where people write adds it to ``plant``.
"""

import secrets
from datetime import UTC, datetime, timedelta

import httpx

from media.tests.samples import jpeg
from tests.client import Json, People, Person, eventually
from tests.residue import database, files_with, keys_with, log_lines_with, tables_with
from tests.server import Server
from tests.test_media import begin, ready

#: Where it has to be found before, or the search finds nothing at all.
WRITTEN = {
    *("accounts_user", "accounts_device", "chat_message", "chat_edit", "chat_membership"),
    *("chat_scheduled", "chat_searchentry", "media_medium", "media_upload"),
    *("moderation_report", "statuses_status"),
}


class Traces:
    """What to look for: a text, a number, and the ids of files."""

    def __init__(self) -> None:
        self.text = f"canary{secrets.token_hex(6)}"
        self.phone = f"+4915{secrets.randbelow(10**9):09}"
        self.files: list[str] = []


async def plant(alice: Person, bob: Person, traces: Traces) -> tuple[str, str]:
    """Alice writes wherever she can; the chat with bob, and a group with him."""
    text = traces.text
    chat = await alice.connect(bob)
    profile = {"username": text, "name": text.title(), "about": f"about {text}"}
    await alice.ask("PATCH", "users/me/", json=profile)
    await add_phone(alice, traces.phone)
    walks = {"kind": "group", "name": "Walks", "members": [bob.id]}
    group = (await alice.ask("POST", "chats/", 201, json=walks))["id"]
    await alice.ask("PATCH", f"chats/{group}/", json={"description": "ours"})

    await alice.say(chat, text, client_id=text)
    edited = await alice.say(group, f"{text} first")
    await alice.ask(
        "PATCH", f"chats/{group}/messages/{edited['seq']}/", json={"text": f"{text} then"}
    )
    await bob.say(chat, "what do you mean?", reply_to=1)
    await alice.say(chat, f"see http://127.0.0.1:1/{text}")
    here = {"lat": 1, "lon": 2, "name": text}
    await alice.say(chat, "", kind="location", content=here)
    card = {"name": text, "phones": [traces.phone]}
    await alice.say(chat, "", kind="contact", content=card)
    poll = {"question": f"{text}?", "options": [text, "no"]}
    seq = (await alice.say(group, "", kind="poll", content=poll))["seq"]
    await bob.ask("PUT", f"chats/{group}/messages/{seq}/vote/", json={"options": [0]})
    await alice.ask("PUT", f"chats/{group}/messages/{seq}/star/")
    await alice.ask("PUT", f"chats/{chat}/messages/2/reaction/", json={"emoji": "👍"})
    await alice.ask("DELETE", f"chats/{chat}/messages/2/", 204)
    await alice.ask("PATCH", f"chats/{chat}/me/", json={"draft": text})
    later = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    await alice.say(group, text, send_at=later)
    await alice.ask("POST", "statuses/", 201, json={"kind": "text", "text": text})
    call = await alice.ask("POST", "calls/", 201, json={"chat": chat, "media": "audio"})
    await alice.ask("POST", f"calls/{call['id']}/end/")
    await alice.ask("POST", "connections/qr/", 201)

    comment = {"reason": "other", "user": bob.id, "comment": text}
    await alice.ask("POST", "reports/", 201, json=comment)
    seen = {"reason": "spam", "chat": group, "seq": edited["seq"]}
    await bob.ask("POST", "reports/", 201, json=seen)

    sent = {"file": (f"{text}.txt", text.encode(), "text/plain")}
    traces.files.append((await alice.ask("POST", "media/", 201, files=sent))["id"])
    with_file = await alice.say(chat, "", attachments=traces.files)
    # What he has passed on keeps its place in his group, without the file and its name.
    passed = {"from": [{"chat": chat, "seq": with_file["seq"]}], "to": [group]}
    await bob.ask("POST", "chats/forward/", 201, json=passed)
    sent = {"file": (f"{text}.jpg", jpeg(), "image/jpeg")}
    traces.files.append((await alice.ask("POST", "media/", 201, files=sent))["id"])
    await ready(alice, traces.files[-1])
    await alice.ask("POST", "users/me/avatar/", 201, files=sent)
    unfinished = await begin(alice, f"begun {text}".encode(), f"{text}.part")
    traces.files.append(unfinished.split("/")[-2])

    made = await alice.ask("POST", "users/me/export/", 202)

    async def is_ready() -> bool:
        return bool((await alice.ask("GET", "users/me/export/"))["state"] == "ready")

    await eventually(is_ready)
    traces.files.append(made["id"])
    return chat, group


async def add_phone(person: Person, phone: str) -> None:
    """Proves a number."""
    await person.ask("POST", "auth/otp/request/", 202, json={"identifier": phone})
    email, person.email = person.email, phone
    code = await eventually(person._code)
    person.email = email
    await person.ask("POST", "auth/otp/verify/", json={"identifier": phone, "code": code})


async def what_is_read(person: Person, chat: str, group: str, text: str) -> str:
    """All that somebody gets to see, and finds; but no ``client_id``, which goes a moment later."""
    answers: list[Json] = []
    for path in (
        *("chats/", "connections/", "connections/requests/", "statuses/", "calls/", "starred/"),
        f"search/?q={text}",
        *(f"chats/{one}/{what}" for one in (chat, group) for what in ("", "messages/", "pins/")),
        *(
            f"chats/{one}/shared/?kind={kind}"
            for one in (chat, group)
            for kind in ("media", "files", "links")
        ),
    ):
        answers.append(await person.ask("GET", path))
    fresh = {"heads": {chat: 0, group: 0}, "position": 0, "marks": "", "epoch": ""}
    answers.append(await person.ask("POST", "sync/", json=fresh))
    return str(answers).lower().replace(f"'client_id': '{text}'", "")


async def test_an_erased_person_is_nowhere(people: People, server: Server) -> None:
    traces = Traces()
    text = traces.text
    alice, bob = await people(text, "bob")
    at_bob, _ = await bob.socket(), await alice.socket()
    chat, group = await plant(alice, bob, traces)

    async def is_written() -> bool:
        return tables_with(server, text).keys() >= WRITTEN

    await eventually(is_written)  # the search index a moment later
    assert files_with(server, text)
    assert text in await what_is_read(bob, chat, group, text)
    paths = [f"/media/{traces.files[0]}/{text}.txt", f"/media/exports/{traces.files[-1]}/x.zip"]

    await alice.ask("DELETE", "users/me/", 204)
    # At once, whatever the worker does.
    await at_bob.expect("user:erased", user=alice.id)
    assert text not in await what_is_read(bob, chat, group, text)
    assert (await alice.http.get("users/me/")).status_code == 401
    for path in paths:
        for one in (alice, bob):
            answer = await one.http.get(f"{server.url}{path}")
            assert answer.status_code in {401, 404}

    async def is_cleared() -> bool:
        with database(server) as connection:
            row = connection.execute(
                "SELECT cleared_at FROM accounts_user WHERE id = %s", [int(alice.id)]
            ).fetchone()
            jobs = connection.execute(
                "SELECT count(*) FROM procrastinate_jobs WHERE scheduled_at IS NULL"
                " AND status IN ('todo', 'doing') AND queue_name IN ('default', 'media')"
            ).fetchone()
        return row is not None and row[0] is not None and jobs == (0,)

    await eventually(is_cleared, seconds=30)
    for trace in (text, traces.phone):
        assert tables_with(server, trace) == {}
        assert keys_with(server, trace) == []
        assert log_lines_with(server, trace) == []
    assert files_with(server, text, traces.phone, *traces.files) == []
    # What others hold has an author still, who says nothing.
    shown = await bob.messages(chat)
    assert {one["sender"] for one in shown} == {alice.id, bob.id}
    assert [one["text"] for one in shown if one["sender"] == bob.id] == ["what do you mean?"]
    assert httpx.codes.OK == (await bob.http.get(f"users/{alice.id}/")).status_code
