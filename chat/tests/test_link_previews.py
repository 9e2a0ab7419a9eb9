"""Previews of links in chats: asked for on sending, made by the worker, told to all devices."""

import socket
from collections.abc import Callable, Iterator
from functools import partial
from ipaddress import ip_network
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.erasure import erase
from accounts.models import User
from accounts.tests.acts import clear_erased
from chat.actions import previews
from chat.actions.edits import edit_message
from chat.actions.messages import submit_message
from chat.actions.previews import key_of, make_preview
from chat.actions.removals import delete_for_everyone
from chat.models import ChatEvent, Message
from chat.schemas.messages import SendMessage
from chat.tests.acts import API, make_chat, make_friends, post, sync_once
from connections.tests.acts import as_, at_once
from core.limits import Buckets
from core.tests.site import Site, html, says, serving
from realtime.tests.process import Process, wait_for
from realtime.tests.published import Published

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = html(b"<title>A page</title>")


@pytest.fixture(autouse=True)
def _afresh(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.FETCH_ALLOWED_NETWORKS = [ip_network("127.0.0.1/32")]
    settings.FETCH_PORTS = range(1, 65536)
    monkeypatch.setattr(previews, "_asks", Buckets(100, 1))
    cache.clear()


@pytest.fixture
def site() -> Iterator[Site]:
    """A page for everybody, under each path."""
    with serving(says(PAGE)) as site:
        yield site


def asked() -> list[tuple[int, str]]:
    """The previews the worker has been asked for, by seq and key; no link stands in a job."""
    jobs = ProcrastinateJob.objects.filter(task_name="chat.preview").order_by("id")
    assert not [job for job in jobs if "://" in str([job.args, job.lock])]
    return [(job.args["seq"], job.args["key"]) for job in jobs]


def work() -> None:
    """What waits is done as the worker does it."""
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]  # Django's has
    with app.replace_connector(connector):
        app.run_worker(
            queues=["default"],
            wait=False,
            listen_notify=False,
            install_signal_handlers=False,
            delete_jobs="always",
        )


def preview(chat: str, seq: int = 1) -> Any:
    """What the message holds."""
    return Message.objects.get(chat_id=chat, seq=seq).preview


def test_a_preview_completes_the_message_on_all_devices(
    alice: User, bob: User, chat: str, site: Site, published: Published
) -> None:
    text = f"see {site.url('/a')}."
    body = {"client_id": "a", "text": text}
    sent = as_(alice).post(f"{API}{chat}/messages/", body, format="json").json()
    assert sent["preview"] is None
    published.take()
    work()
    expected = {
        "url": site.url("/a"),
        "title": "A page",
        "description": "",
        "site": "127.0.0.1",
    }
    (push,) = published.take()
    assert (push.event, push.to) == ("message:updated", {alice.pk, bob.pk})
    assert {**push.data, "message": None} == {
        "chat": chat,
        "seq": 2,
        "by": None,
        "change": "media",
        "message": None,
    }
    assert push.data["message"]["preview"] == expected
    assert push.data["message"]["edited_at"] is None
    (shown,) = as_(bob).get(f"{API}{chat}/messages/").json()["results"]
    assert (shown["text"], shown["preview"]) == (text, expected)
    events = sync_once(bob, heads={chat: 0})["events"]
    messages = [event["data"]["message"] for event in events if "message" in event["data"]]
    assert [message["preview"] for message in messages] == [expected] * 2
    repeated = as_(alice).post(f"{API}{chat}/messages/", body, format="json")
    assert (repeated.status_code, repeated.json()["preview"]) == (200, expected)
    assert asked() == []


def test_the_socket_asks_behind_the_commit(
    alice: User, chat: str, process: Process, published: Published
) -> None:
    def send(client_id: str, text: str, **more: Any) -> Any:
        message = SendMessage(client_id=client_id, text=text, **more)

        async def sent() -> Any:
            return await submit_message(alice.pk, chat, message, 0)

        return process.run(sent())

    link = "https://example.com/"
    send("plain", "no link: example.com")
    send("place", link, kind="location", content={"lat": 1, "lon": 2})
    send("without", link, preview=False)
    send("one", link)
    send("one", link)
    send("answer", f"www.example.com {link}", reply_to=1)
    wait_for(lambda: len(asked()) == 2)
    assert asked() == [(4, key_of(link)), (5, key_of("https://www.example.com"))]


def test_no_preview_is_asked_for(alice: User, chat: str, settings: Any) -> None:
    link = "https://example.com/"
    post(alice, chat, link, preview=False)
    post(alice, chat, "https://example.com/" + "x" * settings.PREVIEW_LINK_CHARS)
    post(alice, chat, "ftp://example.com/ example.com")
    settings.LINK_PREVIEWS = False
    post(alice, chat, link)
    assert asked() == []
    assert "link_previews" not in as_(alice).get("/api/v1/server/").json()["features"]
    settings.LINK_PREVIEWS = True
    post(alice, chat, link)
    assert asked() == [(5, key_of(link))]
    settings.LINK_PREVIEWS = False  # meanwhile
    work()
    assert preview(chat, 5) is None


def test_who_sends_very_many_links_gets_fewer_previews(
    alice: User, bob: User, chat: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(previews, "_asks", Buckets(2, 0.001))
    for n in range(4):
        assert post(alice, chat, f"https://example.com/{n}").seq == n + 1
    post(bob, chat, "https://example.com/bob")
    assert [seq for seq, _ in asked()] == [1, 2, 5]


def test_one_link_in_many_chats_is_fetched_once(alice: User, chat: str, site: Site) -> None:
    chats = [chat, *(make_chat(alice, friend) for friend in make_friends(alice, 3))]
    for one in chats:
        post(alice, one, f"look: {site.url('/same')}")
        post(alice, one, f"and {site.url('/nothing', host='localhost.example')}")  # no such host
    work()
    assert [preview(one)["title"] for one in chats] == ["A page"] * 4
    assert [preview(one, 2) for one in chats] == [None] * 4
    assert len(site.heads) == 1


def test_edits_keep_clear_and_renew(alice: User, chat: str, site: Site) -> None:
    a, b = site.url("/a"), site.url("/b")
    post(alice, chat, a)
    work()
    edit_message(alice.pk, chat, 1, f"{a} again")
    assert preview(chat)["url"] == a and asked() == []
    edited = edit_message(alice.pk, chat, 1, f"{b} {a}")
    assert edited["message"]["preview"] is None and asked() == [(1, key_of(b))]
    work()
    assert preview(chat)["url"] == b
    edit_message(alice.pk, chat, 1, "no link")
    assert preview(chat) is None and asked() == []
    body = {"text": a, "preview": False}
    answer = as_(alice).patch(f"{API}{chat}/messages/1/", body, format="json")
    assert answer.status_code == 200 and asked() == []
    # It was not wanted for this link, and the link is the same.
    edit_message(alice.pk, chat, 1, f"{a}!")
    assert preview(chat) is None and asked() == []


@pytest.mark.parametrize("way", ["edited", "deleted", "erased"])
def test_what_happens_while_the_page_is_fetched_counts(
    alice: User, chat: str, published: Published, way: str
) -> None:
    acts: dict[str, Callable[[], Any]] = {
        "edited": partial(edit_message, alice.pk, chat, 1, "other", preview=False),
        "deleted": partial(delete_for_everyone, alice.pk, chat, 1),
        "erased": partial(erase, alice.pk),
    }

    def answer(client: socket.socket, head: bytes) -> None:
        acts[way]()
        connections.close_all()
        client.sendall(PAGE)

    with serving(answer) as site:
        post(alice, chat, site.url())
        work()
        assert preview(chat) is None
        assert "media" not in [push.data.get("change") for push in published.take()]
        # What had happened before is not even fetched for.
        make_preview(int(chat), 1, key_of(site.url()))
        make_preview(int(chat), 9, key_of(site.url()))
        assert len(site.heads) == 1


def test_deleting_and_erasing_take_the_preview(
    alice: User, bob: User, chat: str, site: Site
) -> None:
    post(alice, chat, site.url())
    post(bob, chat, site.url())
    work()
    assert preview(chat, 1) and preview(chat, 2)
    delete_for_everyone(alice.pk, chat, 1)
    erase(bob.pk)
    clear_erased()
    assert preview(chat, 1) is None and preview(chat, 2) is None


def test_previews_and_edits_at_once(alice: User, chat: str, site: Site) -> None:
    links = [site.url("/0"), site.url("/1")]
    for _ in range(8):
        seq = post(alice, chat, links[0]).seq
        answers = at_once(
            [
                partial(make_preview, int(chat), seq, key_of(links[0])),
                partial(edit_message, alice.pk, chat, seq, links[1]),
                partial(make_preview, int(chat), seq, key_of(links[1])),
            ]
        )
        assert [one for one in answers if isinstance(one, Exception)] == []
        assert preview(chat, seq) is None or preview(chat, seq)["url"] == links[1]
        for _ in range(2):  # the second time there is nothing to tell
            make_preview(int(chat), seq, key_of(links[1]))
            assert preview(chat, seq)["url"] == links[1]
        told = ChatEvent.objects.filter(chat_id=chat, message_seq=seq, change="media")
        assert 1 <= told.count() <= 2


def test_texts_without_a_link_cost_no_query_more(alice: User, chat: str) -> None:
    counts = []
    for text in ("hello", "http: // www example.com", "https://example.com"):
        with CaptureQueriesContext(connection) as queries:
            post(alice, chat, text)
        counts.append(len(queries))
    assert counts[0] == counts[1] < counts[2]
