"""What people have shared in a chat: media, files and links, for whom and how fast."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.erasure import erase
from accounts.models import User
from chat.actions.clearing import clear_chat
from chat.actions.edits import edit_message
from chat.actions.removals import delete_for_everyone, delete_for_me
from chat.models import Message
from chat.tests.acts import API, bare_group, fill, make_group, post, refusal, rows_read
from chat.tests.group_acts import add, remove
from chat.tests.test_attachments import send, upload
from connections.tests.acts import as_
from core.clock import now, rfc3339
from media.models import Blob
from media.tests.acts import work
from media.tests.conftest import empty_directory
from media.tests.samples import jpeg, recording

__all__ = ["empty_directory"]

pytestmark = pytest.mark.django_db

KINDS = ("media", "files", "links")


def shared(user: User, chat: str, kind: str, **query: Any) -> Any:
    """The answer to whoever asks for one of the lists."""
    return as_(user).get(f"{API}{chat}/shared/", {"kind": kind, **query})


def seqs(user: User, chat: str, kind: str) -> list[int]:
    """The places of the messages that somebody finds in a list."""
    answer = shared(user, chat, kind)
    assert answer.status_code == 200, answer.content
    assert answer.json()["next"] is None
    return [message["seq"] for message in answer.json()["results"]]


def all_of(user: User, chat: str) -> list[list[int]]:
    """The same of all three."""
    return [seqs(user, chat, kind) for kind in KINDS]


def share_all(sender: User, chat: str) -> None:
    """A picture, a file and a link at three places; that the picture is ready takes a fourth."""
    send(sender, chat, upload(sender, jpeg()))
    send(sender, chat, upload(sender))
    post(sender, chat, "see https://example.com")
    work()


def test_each_list_has_its_kinds_the_newest_first(alice: User, bob: User, chat: str) -> None:
    picture, film = upload(alice, jpeg()), upload(alice, recording())
    song = upload(alice, recording("ogg", "", "libopus"))
    note = upload(alice, recording("ogg", "", "libopus"), kind="voice")
    text = upload(alice, name="plan.txt")
    for media in ((picture,), (film,), (film, picture), (song,), (note,), (text,), (text, picture)):
        assert send(alice, chat, *media).status_code == 201
    post(alice, chat, "only words")
    post(alice, chat, "", kind="location", content={"lat": 1, "lon": 2})
    work()
    # A voice note is spoken, not shared; what goes together with a file is among the files.
    assert all_of(bob, chat) == [[3, 2, 1], [7, 6, 4], []]
    first = shared(bob, chat, "media").json()
    assert first["users"].keys() == {str(alice.pk)}
    album = first["results"][0]
    assert [one["kind"] for one in album["attachments"]] == ["video", "image"]
    assert (album["status"], album["starred"]) == (None, False)
    assert shared(alice, chat, "media").json()["results"][0]["status"] == "sent"


def test_links_are_what_clients_make_links_of(alice: User, bob: User, chat: str) -> None:
    linked = [
        "https://example.com",
        "HTTP://EXAMPLE.COM/a?b=c",
        "look:\nhttps://example.com.",
        "(www.example.com)",
        "これhttps://example.com",
        'the "https://example.com"',
    ]
    plain = ["https:// example", "http is fine", "wwwexample.com", "xhttps://example.com", "www.x"]
    for text in linked + plain:
        post(alice, chat, text)
    assert seqs(bob, chat, "links") == list(range(len(linked), 0, -1))
    caption = send(alice, chat, upload(alice, jpeg()), text="from www.example.com").json()["seq"]
    work()
    assert seqs(bob, chat, "links")[0] == caption and seqs(bob, chat, "media") == [caption]
    edit_message(alice.pk, chat, 1, "no link any more")
    assert seqs(bob, chat, "links")[-1] == 2


def test_what_cannot_be_opened_is_not_there(alice: User, bob: User, chat: str) -> None:
    broken = upload(alice, jpeg()[:300])
    send(alice, chat, upload(alice, jpeg()))
    send(alice, chat, broken)
    assert seqs(bob, chat, "media") == []  # not decoded yet
    work()
    assert seqs(bob, chat, "media") == [1]
    Blob.objects.update(state="rejected")
    assert seqs(bob, chat, "media") == []


def test_one_finds_what_one_may_see(alice: User, bob: User, carol: User, dave: User) -> None:
    group = bare_group(alice, bob, carol)
    share_all(alice, group)
    assert all_of(bob, group) == all_of(carol, group) == [[1], [2], [3]]
    delete_for_me(bob.pk, group, 1)
    assert (all_of(bob, group), all_of(alice, group)) == ([[], [2], [3]], [[1], [2], [3]])
    clear_chat(carol.pk, group)
    assert all_of(carol, group) == [[], [], []]
    share_all(alice, group)
    assert all_of(carol, group) == [[5], [6], [7]]
    for seq in (5, 6, 7):
        delete_for_everyone(alice.pk, group, seq)
    assert (all_of(carol, group), all_of(alice, group)) == ([[], [], []], [[1], [2], [3]])
    Message.objects.filter(seq=2).update(expires_at=now() - timedelta(seconds=1))
    assert all_of(alice, group) == [[1], [], [3]]
    remove(alice, group, bob)
    for stranger in (bob, dave):
        for kind in (*KINDS, "smoke"):
            assert refusal(shared(stranger, group, kind)) == (404, "chat_not_found")


def test_who_comes_later_finds_what_came_later(alice: User, bob: User, erin: User) -> None:
    group = make_group(alice, bob)
    share_all(alice, group)
    assert add(alice, group, erin).status_code == 201
    assert all_of(erin, group) == [[], [], []]
    share_all(bob, group)
    later = all_of(erin, group)
    assert [len(one) for one in later] == [1, 1, 1]
    assert [len(one) for one in all_of(bob, group)] == [2, 2, 2]


def test_what_waits_for_its_time_is_not_there(alice: User, chat: str) -> None:
    later = rfc3339(now() + timedelta(hours=1))
    picture = upload(alice, jpeg())
    work()
    assert send(alice, chat, picture, send_at=later, text="www.example.com").status_code == 201
    assert all_of(alice, chat) == [[], [], []]


@pytest.mark.django_db(transaction=True)
def test_it_goes_with_whoever_erases_their_account(alice: User, bob: User, chat: str) -> None:
    share_all(alice, chat)
    share_all(bob, chat)
    erase(alice.pk)
    assert all_of(bob, chat) == [[5], [6], [7]]


def test_bad_questions_are_refused(alice: User, chat: str) -> None:
    for query in ({"kind": "smoke"}, {"kind": ""}, {}):
        answer = as_(alice).get(f"{API}{chat}/shared/", query)
        assert refusal(answer) == (400, "invalid"), query
        assert "kind" in str(answer.json()["error"])
    assert refusal(shared(alice, chat, "media", cursor="x")) == (400, "cursor_invalid")
    assert refusal(shared(alice, chat, "media", limit="0")) == (400, "invalid")
    assert refusal(shared(alice, "x", "media")) == (404, "chat_not_found")


def test_the_lists_have_pages(alice: User, bob: User, chat: str) -> None:
    for n in range(5):
        post(alice, chat, f"https://example.com/{n}")
        post(bob, chat, "nice")
    found: list[int] = []
    cursor: str | None = ""
    for length in (2, 2, 1):
        page = shared(bob, chat, "links", limit=2, cursor=cursor).json()
        assert len(page["results"]) == length
        found += [one["seq"] for one in page["results"]]
        # What comes meanwhile moves nothing.
        post(alice, chat, "https://example.com/new")
        cursor = page["next"]
    assert (found, cursor) == ([9, 7, 5, 3, 1], None)


def test_a_longer_page_costs_no_more_queries(alice: User, bob: User, chat: str) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert shared(bob, chat, "media").status_code == 200
        return len(queries)

    picture = upload(alice, jpeg())
    work()
    send(alice, chat, picture)
    count()  # what is asked once a process
    one = count()
    for _ in range(20):
        send(alice, chat, picture)
    assert count() == one
    assert len(shared(bob, chat, "media").json()["results"]) == 21


def test_a_long_chat_is_not_read_through(alice: User, bob: User, chat: str) -> None:
    fill(chat, alice, 2000)
    send(alice, chat, upload(alice, jpeg()))
    send(alice, chat, upload(alice))
    post(alice, chat, "www.example.com")
    work()
    for kind, seq in zip(KINDS, (2001, 2002, 2003), strict=True):
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE chat_message")
        assert seqs(bob, chat, kind) == [seq]
        read = rows_read(lambda kind=kind: seqs(bob, chat, kind), "chat_message")  # type: ignore[misc]
        assert read <= 20, (kind, read)
