"""``manage.py demo_data``: a few people with a believable history to look at."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import User
from chat.actions.chats import open_direct_chat
from chat.actions.groups import change_chat, create_group
from chat.actions.members import add_members, set_role
from chat.actions.messages import send_message
from chat.actions.reactions import react
from chat.actions.receipts import raise_mark
from chat.models import Chat, Membership, Message
from chat.schemas.groups import ChangeChat, NewGroup
from chat.schemas.messages import SendMessage
from connections.actions.qr import make_qr, scan
from connections.actions.requests import accept_request
from core.clock import now
from moderation.actions.reports import make_report
from moderation.schemas import MakeReport

PASSWORD = "correct horse battery"

PEOPLE = {
    "alice": ("Alice Moreau", "Gardens, trains, bad puns"),
    "bob": ("Bob Okafor", "On the water until Sunday"),
    "carol": ("Carol Lindqvist-Hernández", ""),
    "dave": ("Dave 🎸", "Band practice Tuesdays"),
    "layla": ("ليلى حداد", "مصورة ورحالة"),
    "yuki": ("結城 ゆき", "珈琲と本"),
}

#: Who talks, how many of the last messages are still unseen, and what was said in turn.
TALKS: tuple[tuple[str, str, int, tuple[str, ...]], ...] = (
    (
        "alice",
        "bob",
        2,
        (
            "Morning! Are you still coming on Saturday?",
            "Of course. Should I bring anything?",
            "Just yourself and that guitar you keep promising to play 🎶",
            "Haha, deal. What time?",
            "Around four. We eat at seven, Carol is making her pie.",
            "The one with the cherries? Then I am there at half past three.",
            "She says you get one slice.\nOne.",
            "We will see about that 😄",
            "By the way: the tickets for the night train came through. Cabin 12.",
            "Brilliant. I owe you coffee until at least Vienna.",
            "https://timetable.example/vienna — platform is on there",
            "Saved. See you Saturday!",
        ),
    ),
    ("carol", "alice", 1, ("Did Bob promise to eat only one slice?", "He did not.", "I knew it.")),
    ("alice", "dave", 0, ("Practice moved to eight.", "👍", "Bring the long cable, please.")),
    ("layla", "alice", 1, ("هل وصلت الصور؟", "نعم، رائعة جدًا! شكرًا لك 🌿", "سأرسل الباقي غدًا.")),
    ("alice", "yuki", 0, ("その本、もう読み終わった？", "はい。続きも借りていい？", "もちろん！")),
    ("bob", "carol", 0, ("How many slices may I really have?", "Two. Tell nobody.")),
)

#: Of the group: who writes what, which of these lines it answers, and who reacts to it.
GROUP_TALK: tuple[tuple[str, str, int | None, dict[str, str]], ...] = (
    ("alice", "So, who brings what on Saturday?", None, {}),
    ("carol", "Pie. Obviously.", 0, {"alice": "😋", "bob": "😋", "dave": "❤️"}),
    ("bob", "I bring the guitar, and an empty stomach.", 0, {"carol": "😂"}),
    ("dave", "Two speakers and the long cable, this time really.", 0, {"alice": "👏"}),
    ("layla", "I can take pictures before it gets dark.", None, {"carol": "🌿"}),
    ("bob", "How many slices was it again?", 1, {}),
    ("carol", "One.", 5, {"alice": "😂", "dave": "😂", "layla": "😂", "bob": "😢"}),
    ("alice", "The table under the big tree is ours from four. See you all!", None, {"dave": "👍"}),
)


class Command(BaseCommand):
    """Makes six people who know one another; all have the same password, which is printed."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Everything goes through the actions that people use; then time is spread over days."""
        if settings.PRODUCTION:
            raise CommandError("demo_data makes people with a known password; not in production.")
        if User.objects.filter(username__in=PEOPLE).exists():
            raise CommandError("Some of these people exist already; use another DATA_DIR.")
        with transaction.atomic():
            people = {
                username: User.objects.create_user(
                    username, PASSWORD, name=name, about=about, email=f"{username}@demo.example"
                )
                for username, (name, about) in PEOPLE.items()
            }
            for days_ago, (one, other, unseen, texts) in enumerate(TALKS):
                chat = _talk(people[one], people[other], unseen, texts)
                _spread(chat, days_ago)
            _spread(_group_talk(people), 0)
            _ask(people["dave"], people["bob"])
            _report(people["carol"], people["bob"])
        names = ", ".join(f"{username}@demo.example" for username in PEOPLE)
        self.stdout.write(
            f"{names}: sign in by the code in the server's terminal,"
            f" over the API also with the password {PASSWORD!r}"
        )


def _ask(one: User, other: User) -> int:
    return scan(scanner_id=one.pk, token=make_qr(owner_id=other.pk).token).pk


def _report(reporter: User, reported: User) -> None:
    """For moderators to look at."""
    message = Message.objects.filter(sender=reported, text__startswith="How many slices may").get()
    wanted = MakeReport(
        reason="other",
        chat=str(message.chat_id),
        seq=message.seq,
        comment="He asks every year.",
    )
    make_report(reporter, wanted)


def _talk(one: User, other: User, unseen: int, texts: tuple[str, ...]) -> Chat:
    accept_request(owner_id=other.pk, request_id=_ask(one, other))
    chat = open_direct_chat(one.pk, str(other.pk))[0].chat
    for n, text in enumerate(texts):
        sender = (one, other)[n % 2]
        message = SendMessage(client_id=f"demo-{chat.pk}-{n}", text=text)
        send_message(sender.pk, str(chat.pk), message)
    last_sender, reader = ((one, other), (other, one))[(len(texts) - 1) % 2]
    raise_mark(last_sender.pk, str(chat.pk), "seen", len(texts))
    raise_mark(reader.pk, str(chat.pk), "seen", len(texts) - unseen)
    return chat


def _group_talk(people: dict[str, User]) -> Chat:
    alice = people["alice"].pk
    named = tuple(str(people[name].pk) for name in ("bob", "carol", "dave"))
    chat, _ = create_group(alice, NewGroup(name="Saturday", members=named))
    group = str(chat.pk)
    change_chat(alice, group, ChangeChat(name="Saturday in the garden 🌳"))
    change_chat(alice, group, ChangeChat(description="From four, until the neighbours complain."))
    set_role(alice, group, named[1], Membership.Role.ADMIN)
    add_members(alice, group, [str(people["layla"].pk)], "user")
    seqs: list[int] = []
    for n, (name, text, answers, reactions) in enumerate(GROUP_TALK):
        reply_to = None if answers is None else seqs[answers]
        message = SendMessage(client_id=f"demo-{group}-{n}", text=text, reply_to=reply_to)
        seqs.append(send_message(people[name].pk, group, message)[1].seq)
        for reader, emoji in reactions.items():
            react(people[reader].pk, group, seqs[-1], emoji)
    for name in ("alice", "carol", "dave"):
        raise_mark(people[name].pk, group, "seen", seqs[-1])
    return chat


def _spread(chat: Chat, days_ago: int) -> None:
    """Moves a talk, written within a second, to where it would stand after days of life."""
    end = now() - timedelta(days=days_ago, minutes=7)
    messages = list(Message.objects.filter(chat=chat).order_by("-seq"))
    for n, message in enumerate(messages):
        message.created_at = end - timedelta(minutes=n * n * 3)
    Message.objects.bulk_update(messages, ["created_at"])
    Chat.objects.filter(pk=chat.pk).update(active_at=end)
