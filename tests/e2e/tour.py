"""A walk through every screen of the client, on a server with a plausible history."""

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from typing import Any

from playwright.sync_api import Page, expect

from chatproject.demo_files import landscape, portrait
from tests.e2e.account import Account
from tests.e2e.person import DECODED_MS, code_for, wait_for
from tests.server import Server

#: Pixels, and whether one touches them.
SIZES: dict[str, Any] = {
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True},
    "tablet": {"viewport": {"width": 820, "height": 1180}, "has_touch": True},
    "desktop": {"viewport": {"width": 1440, "height": 900}, "has_touch": False},
}
#: Minutes.
DAY = 24 * 60
GROUP = "Lake weekend 🏕️"

MINE = "mira@example.com"
PEOPLE = {
    "lena": ("Lena Hoffmann", "Coffee first ☕"),
    "omar": ("عمر الحداد", "مرحبا"),
    "tomasz": ("Tomasz Brzęczyszczykiewicz-Wiśniewski", ""),
    "priya": ("Priya Raman 🌿", "Out in the garden"),
    "jo": ("Jo", ""),
    "sofia": ("Sofía Ibáñez", "Lisboa ↔ Madrid"),
    "dad": ("Dad", ""),
}
#: For each chat, oldest first: minutes ago, whether it is mine, and the text.
TALKS: dict[str, list[tuple[int, bool, str]]] = {
    "lena": [
        (1510, False, "Did you book the cabin?"),
        (1508, True, "Yes! Two nights, the one by the lake"),
        (1507, True, "https://example.com/cabins/lakeside-2"),
        (1480, False, "That looks wonderful. I can bring the stove and the good coffee"),
        (64, False, "Train leaves 08:12 from platform 4, I checked twice"),
        (63, False, "Shall we meet at the bakery at half past seven?"),
        (58, True, "Perfect. I’ll get us cardamom buns before the queue starts"),
        (57, True, "🥐🥐"),
        (
            9,
            False,
            "One more thing: the forecast says rain on Sunday morning, so pack the big jacket",
        ),
        (8, False, "And the cards. I intend to win this time"),
        (4, True, "You said that last year 😄"),
        (3, True, "Jacket and cards are packed"),
        (2, False, "See you tomorrow!"),
    ],
    "omar": [
        (210, False, "صباح الخير! هل وصلت الصور؟"),
        (205, True, "وصلت، شكرا جزيلا 🙏"),
        (31, False, "ممتاز. سأرسل الباقي مساء اليوم"),
        (30, False, "وعندي سؤال عن الرحلة"),
    ],
    "tomasz": [
        (300, False, "The draft is in the shared folder"),
        (290, True, "Reading it now, thank you!"),
    ],
    "priya": [
        (1700, True, "How are the tomatoes?"),
        (1650, False, "Taking over the balcony 🍅🍅🍅"),
    ],
    "jo": [(4000, False, "ok"), (3990, True, "👍")],
    "sofia": [
        (6000, False, "I’m in town next week, from Tuesday to Friday. Dinner, or a long walk?"),
    ],
    "dad": [(9000, True, "Landed safely ❤️"), (8990, False, "Good. Call when you’re home.")],
}


def _account(server: Server, online: ExitStack, who: str, name: str, about: str = "") -> Account:
    account = Account(server, f"{who}@example.com", online)
    account.introduce(name, about, f"{who}.home")
    return account


def furnish(server: Server, online: ExitStack) -> tuple[str, str]:
    """Makes the people and what they wrote; the ids of the chat and of the group to show."""
    mira = _account(server, online, "mira", "Mira Okafor", "Somewhere with a lake")
    shown = ""
    ages: list[str] = []
    others: dict[str, Account] = {}
    for name, (full, about) in PEOPLE.items():
        other = _account(server, online, name, full, about)
        others[name] = other
        chat = other.connect(mira)
        shown = shown or chat
        for number, (minutes, is_mine, text) in enumerate(TALKS[name]):
            sender = mira if is_mine else other
            body = {"text": text, "client_id": f"{name}{number}"}
            seq = sender.post(f"chats/{chat}/messages/", body)["seq"]
            ages.append(f"({chat}, {seq}, {minutes})")
            if is_mine and name != "tomasz":
                other.post(f"chats/{chat}/seen/", {"seq": seq})
            elif is_mine:
                other.post(f"chats/{chat}/delivered/", {"seq": seq})
            elif name != "omar" or number == 0:
                mira.post(f"chats/{chat}/seen/", {"seq": seq})
        if name in ("lena", "priya"):
            other.come_online()
    for seed, name in enumerate(("lena", "sofia", "priya")):
        file = {"file": ("me.jpg", portrait(seed), "image/jpeg")}
        others[name].http.post("users/me/avatar/", files=file).raise_for_status()
    group = _gather(mira, others, ages)
    others["lena"].post("statuses/", {"kind": "text", "text": "Packed!", "background": "teal"})
    others["sofia"].post(
        "statuses/", {"kind": "text", "text": "Lisboa, à noite", "background": "plum"}
    )
    newcomer = _account(server, online, "kenji", "Kenji Watanabe")
    newcomer.scan(mira)
    awaited = _account(server, online, "amara", "Amara Diallo")
    mira.scan(awaited)
    # History cannot be written through the API, so its times are set from behind.
    server.manage(
        "shell",
        "-c",
        "from datetime import timedelta\n"
        "from django.utils.timezone import now\n"
        "from chat.models import Message\n"
        f"for chat, seq, minutes in [{', '.join(ages)}]:\n"
        "    Message.objects.filter(chat=chat, seq=seq)"
        ".update(created_at=now() - timedelta(minutes=minutes))\n",
    )
    return shown, group


def _gather(mira: Account, others: dict[str, Account], ages: list[str]) -> str:
    """A group with a poll, a place, answers and reactions; its id."""
    lena, priya, jo = (others[name] for name in ("lena", "priya", "jo"))
    body = {"kind": "group", "name": GROUP, "members": [lena.id, priya.id, jo.id]}
    group: str = mira.post("chats/", body)["id"]
    ages.append(f"({group}, 1, {70 * DAY})")
    about = "Two nights by the lake. Bring a jacket, leave the laptop."
    mira.http.patch(f"chats/{group}/", json={"description": about}).raise_for_status()
    ages.append(f"({group}, 2, {70 * DAY})")

    def say(minutes: int, sender: Account, text: str, **more: object) -> str:
        message = {"text": text, "client_id": f"g{minutes}", **more}
        seq = sender.post(f"chats/{group}/messages/", message)["seq"]
        ages.append(f"({group}, {seq}, {minutes})")
        return f"chats/{group}/messages/{seq}/"

    def put(account: Account, path: str, body: dict[str, object]) -> None:
        account.http.put(path, json=body).raise_for_status()

    for sender, days, seeds in ((mira, 64, (3, 21, 8)), (jo, 33, (5,)), (priya, 31, range(16, 22))):
        say(days * DAY, sender, "", attachments=_pictures(sender, seeds))
    list_ = _upload(
        priya, "Packing list.pdf", b"%PDF-1.7" + b" tent, stove, cards" * 9000, "application/pdf"
    )
    say(30 * DAY, priya, "Tell me what is missing", attachments=[list_])
    say(4 * DAY, jo, "", attachments=[_upload(jo, "Tickets.zip", b"PK\x03\x04" * 9000, "")])
    say(
        3 * DAY,
        lena,
        "The hut: https://example.com/huts/lakeside and the way up, www.example.org/trail",
    )
    ask = say(45, lena, "Who brings the stove?")
    answer = say(44, mira, "I do! And the good coffee ☕", reply_to=int(ask.split("/")[3]))
    for account, emoji in ((lena, "❤️"), (priya, "🎉"), (jo, "❤️")):
        put(account, f"{answer}reaction/", {"emoji": emoji})
    tent = "Then I take the tent. @mira.home can you fit it in the car?"
    say(31, priya, tent, mentions=[mira.id])
    question = {
        "question": "When do we leave?",
        "options": ["Friday after work", "Saturday, early", "Saturday, after a long breakfast"],
        "multiple": True,
    }
    poll = say(20, jo, "", kind="poll", content=question)
    for account, options in ((lena, [1]), (priya, [0, 1]), (mira, [1])):
        put(account, f"{poll}vote/", {"options": options})
    pictures = _pictures(lena, (13, 14))
    say(13, lena, "Last year’s view", attachments=pictures)
    cabin = {"lat": 47.5596, "lon": 10.7498, "name": "The cabin by the lake"}
    place = say(12, lena, "", kind="location", content=cabin)
    put(mira, f"{place}pin/", {})
    late = say(11, mira, "I will be there at seven")
    mira.http.patch(late, json={"text": "I’ll be there at half past seven"}).raise_for_status()
    seq = mira.http.get(f"chats/{group}/").json()["head"]
    for account in (mira, lena, priya, jo):
        account.post(f"chats/{group}/seen/", {"seq": seq})
    return group


def _pictures(owner: Account, seeds: Iterable[int]) -> list[str]:
    """Pictures that the worker has decoded; their ids."""
    made = [_upload(owner, "lake.jpg", landscape(seed), "image/jpeg") for seed in seeds]
    for one in made:

        def is_ready(one: str = one) -> bool:
            return bool(owner.http.get(f"media/{one}/").json()["state"] == "ready")

        wait_for(is_ready, "the picture was not decoded", DECODED_MS)
    return made


def _upload(owner: Account, name: str, content: bytes, mime: str) -> str:
    """A file; its id."""
    file = {"file": (name, content, mime)}
    return str(owner.http.post("media/", files=file).raise_for_status().json()["id"])


def log_in(page: Page, server: Server) -> None:
    """Mira comes in through the login page."""
    page.get_by_role("textbox", name="Email or phone").fill(MINE)
    page.get_by_role("button", name="Continue").click()
    box = page.get_by_role("textbox", name="Code")
    expect(box).to_be_visible()
    box.fill(code_for(server.data_dir, MINE))
    expect(page.get_by_role("link", name="Lena Hoffmann")).to_be_visible()


def walk(page: Page, server: Server, shown: tuple[str, str], keep: Callable[[str], None]) -> None:
    """Stops at every screen, and has it looked at by ``keep``, which is told its name.

    ``shown`` is the answer of ``furnish``; the page is one of somebody who is not logged in.
    """
    chat, group = shown

    def go(path: str) -> None:
        page.goto(f"{server.url}/#{path}")
        page.mouse.move(2, 2)

    page.goto(server.url)
    expect(page.get_by_role("button", name="Continue")).to_be_visible()
    keep("login")
    page.get_by_role("textbox", name="Email or phone").fill("lena@example.com")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("textbox", name="Code")).to_be_visible()
    keep("code")
    page.get_by_role("button", name="Use another").click()
    page.get_by_role("button", name="Use a password").click()
    keep("password")
    page.get_by_role("button", name="Use a code").click()
    log_in(page, server)
    keep("list")
    page.keyboard.press("Control+/")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    keep("shortcuts")
    page.keyboard.press("Escape")
    go(f"/chats/{chat}")
    expect(page.get_by_role("log")).to_contain_text("See you tomorrow!")
    keep("chat")
    go(f"/chats/{group}")
    expect(page.get_by_role("log")).to_contain_text("half past seven")
    keep("group")
    _walk_group(page, go, group, keep)
    go("/people")
    expect(page.get_by_role("button", name="Chat with Jo")).to_be_visible()
    keep("people")
    page.get_by_role("button", name="Options for Jo", exact=True).click()
    keep("menu")
    page.get_by_role("menuitem", name="Block").click()
    keep("block")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Scan a code").first.click()
    expect(page.get_by_role("textbox", name="Paste")).to_be_visible()
    keep("scan")
    page.get_by_role("button", name="Turn on the camera").click()
    page.wait_for_timeout(1500)
    keep("camera")
    page.keyboard.press("Escape")
    go("/settings")
    keep("settings")
    sections = ("profile", "signIn", "notifications", "privacy", "devices", "appearance", "blocked")
    for section in (*sections, "account"):
        go(f"/settings/{section}")
        page.wait_for_timeout(400)
        keep(section)
    page.get_by_role("button", name="Delete my account").click()
    keep("delete")
    page.keyboard.press("Escape")
    go("/statuses")
    expect(page.get_by_role("link", name="Sofía")).to_be_visible()
    keep("statuses")
    page.get_by_role("link", name="Sofía").click()
    expect(page.get_by_text("Lisboa, à noite").last).to_be_visible()
    keep("status")
    page.keyboard.press("Escape")
    go("/calls")
    expect(page.get_by_role("heading", name="Calls", exact=True)).to_be_visible()
    keep("calls")
    go("/notifications")
    expect(page.get_by_role("heading", name="Notifications", exact=True)).to_be_visible()
    keep("notifications")
    go("/")
    page.get_by_role("button", name="My QR").first.click()
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    keep("qr")
    page.keyboard.press("Escape")
    page.context.set_offline(True)
    page.wait_for_timeout(300)
    keep("offline")
    page.context.set_offline(False)


def _walk_group(
    page: Page, go: Callable[[str], None], group: str, keep: Callable[[str], None]
) -> None:
    """What can be done in a group."""
    bubble = page.get_by_role("log").locator("[data-row]", has_text="half past seven")
    bubble.get_by_text("half past seven").click(button="right")
    expect(page.get_by_role("menu", name="Message options")).to_be_visible()
    keep("message-menu")
    page.get_by_role("menuitem", name="Reply").click()
    keep("reply")
    page.get_by_role("button", name="Don’t reply").click()
    page.get_by_role("button", name="Attach").click()
    keep("attach")
    page.get_by_role("menuitem", name="Poll").click()
    expect(page.get_by_role("textbox", name="Question")).to_be_visible()
    keep("poll")
    page.keyboard.press("Escape")
    go(f"/chats/{group}/info")
    expect(page.get_by_role("button", name="Options for Jo", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Media, links and files").locator("img")).to_have_count(4)
    keep("group-info")
    go(f"/chats/{group}/shared")
    pictures = page.get_by_role("tabpanel", name="Media").get_by_role("button", name="Open photo")
    expect(pictures).to_have_count(12)
    page.wait_for_load_state("networkidle")
    keep("shared-media")
    for tab in ("Files", "Links"):
        page.get_by_role("tab", name=tab).click()
        expect(page.get_by_role("tabpanel", name=tab).get_by_role("link").first).to_be_visible()
        keep(f"shared-{tab.lower()}")
    go(f"/chats/{group}/info")
    page.get_by_role("button", name="Invite by QR or link").click()
    expect(page.get_by_role("button", name="Create invite")).to_be_visible()
    keep("invite-new")
    page.get_by_role("button", name="Create invite").click()
    expect(page.get_by_role("img", name="QR code that leads")).to_be_visible()
    keep("invite")
    page.keyboard.press("Escape")
    go(f"/chats/{group}/search")
    page.get_by_role("searchbox", name="Search in").fill("stove")
    page.wait_for_timeout(600)
    keep("search-in-chat")
    go("/")
    page.get_by_role("searchbox", name="Search chats and messages").fill("cabin")
    page.wait_for_timeout(600)
    keep("search")
    page.get_by_role("searchbox", name="Search chats and messages").fill("")
    page.get_by_role("button", name="New chat or group").click()
    page.get_by_role("menuitem", name="New group").click()
    expect(page.get_by_role("textbox", name="Group name")).to_be_visible()
    keep("group-new")
    page.keyboard.press("Escape")
