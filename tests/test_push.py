"""From the send to the browser: web process, worker, push service and the badge, as they run."""

from collections.abc import Callable
from pathlib import Path

from notifications.tests.push_service import Browser, serving
from tests.client import eventually, people_of
from tests.server import Server


async def test_a_message_reaches_the_browser_of_who_is_not_looking(
    start_server: Callable[..., Server], tmp_path: Path
) -> None:
    with serving(tmp_path) as (service, certificate):
        server = start_server(
            FETCH_ALLOWED_NETWORKS="127.0.0.1/32",
            FETCH_PORTS=service.origin.rpartition(":")[2],
            SSL_CERT_FILE=str(certificate),
            PUSH_DELAY_SECONDS="0.3",
            BADGE_SECONDS="0.2",
        )
        async with people_of(server) as people:
            alice, bob = await people("alice", "bob")
            chat = await alice.connect(bob)
            browser = Browser(service, "bob")
            await bob.ask("POST", "notifications/push/", 201, json=browser.subscription)

            async def pushes() -> list[dict[str, int]]:
                return browser.take()

            at_alice = await alice.socket()
            service.answers.append((503, {"Retry-After": "1"}))
            for n in range(3):
                await at_alice.ask("chat:send", chat=chat, client_id=f"m{n}", text="a secret")
            badge = (await bob.ask("GET", "notifications/badge/"))["unread"]
            assert await eventually(pushes) == [{"kind": "message", "unread": badge}]
            assert len(service.requests) == 2, "one push, tried again once"

            at_bob = await bob.socket()
            await at_bob.ask("message:seen", chat=chat, seq=3)
            await at_bob.expect("badge", unread=badge - 3)
            await at_alice.ask("chat:send", chat=chat, client_id="m3", text="while he looks")
            await at_bob.expect("badge", unread=badge - 2)
            await at_bob.ask("message:seen", chat=chat, seq=4)
            assert browser.take() == []

            trace = await alice.ask("GET", f"chats/{chat}/messages/1/trace/")
            assert trace["members"][0]["pushed_at"] > trace["stored_at"]
            unpushed = await alice.ask("GET", f"chats/{chat}/messages/4/trace/")
            assert unpushed["members"][0]["pushed_at"] is None
        assert service.troubles == []
        assert "Traceback" not in server.log()
