"""``manage.py demo_data``: a few people with a believable history to look at."""

from datetime import timedelta
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import User
from calls.actions import answer_call, leave_call, start_call
from calls.models import Call
from chat.actions.chats import open_direct_chat
from chat.actions.group_avatars import set_group_avatar
from chat.actions.groups import change_chat, create_group
from chat.actions.members import add_members, set_role
from chat.actions.messages import send_message
from chat.actions.pins import pin
from chat.actions.polls import vote
from chat.actions.reactions import react
from chat.actions.receipts import raise_mark
from chat.models import Chat, Membership, Message
from chat.schemas.groups import ChangeChat, NewGroup
from chat.schemas.messages import SendMessage
from chatproject.demo_files import hum, landscape, portrait
from connections.actions.qr import make_qr, scan
from connections.actions.requests import accept_request
from core.clock import now
from media.actions.avatars import set_avatar
from media.actions.processing import process
from media.actions.uploads import Description, receive
from media.models import Medium, Purpose
from moderation.actions.reports import make_report
from moderation.schemas import MakeReport
from statuses.actions import post_status, view_status
from statuses.schemas import PostStatus

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


SHOPPING = """\
charcoal, two bags
lemons
the good olives
cherries (for Carol)
more cherries (for Bob)
"""


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
            group = _group_talk(people)
            _ask(people["dave"], people["bob"])
            _report(people["carol"], people["bob"])
        # Files are decoded here, each in a transaction of its own: the demo is whole even where no
        # worker runs.
        _show_faces(people, group)
        _show_files(people, group)
        _spread(group, 0)
        _call(people["bob"], people["alice"])
        _post_statuses(people)
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


def _show_faces(people: dict[str, User], group: Chat) -> None:
    for seed, name in enumerate(("alice", "bob", "carol", "layla")):
        set_avatar(people[name].pk, _file(people[name], portrait(seed), "me.jpg", Purpose.AVATAR))
    picture = _file(people["alice"], landscape(5), "garden.jpg", Purpose.AVATAR)
    set_group_avatar(people["alice"].pk, str(group.pk), picture)


def _show_files(people: dict[str, User], group: Chat) -> None:
    """An album, a voice note, a plain file and a poll."""
    layla, bob, alice = people["layla"], people["bob"], people["alice"]
    album = tuple(
        str(_file(layla, landscape(seed), f"garden-{seed}.jpg").pk) for seed in (12, 13, 14)
    )
    note = _file(bob, hum(), "voice.wav", Purpose.VOICE)
    plan = _file(alice, SHOPPING.encode(), "shopping.txt")
    question = {"question": "When do we start the fire?", "options": ["Six", "Seven", "When dark"]}
    group_id = str(group.pk)
    for sender, message in (
        (layla, SendMessage(client_id="demo-album", text="From last year", attachments=album)),
        (bob, SendMessage(client_id="demo-voice", kind="voice", attachments=(str(note.pk),))),
        (alice, SendMessage(client_id="demo-file", attachments=(str(plan.pk),))),
        (alice, SendMessage(client_id="demo-poll", kind="poll", content=question)),
    ):
        seq = send_message(sender.pk, group_id, message)[1].seq
    for name, option in (("alice", 1), ("carol", 1), ("dave", 2)):
        vote(people[name].pk, group_id, seq, [option])
    pin(alice.pk, group_id, seq, True)


def _file(owner: User, content: bytes, name: str, purpose: Purpose = Purpose.PLAIN) -> Medium:
    medium = receive(owner.pk, BytesIO(content), len(content), Description(name, "", purpose))
    process(medium.blob_id)
    return medium


def _call(caller: User, called: User) -> None:
    """One that was answered, and one that was not."""
    chat = str(open_direct_chat(caller.pk, str(called.pk))[0].chat.pk)
    call, _ = start_call(caller.pk, chat, "audio")
    answer_call(called.pk, str(call.pk), device_id=0, socket="")
    began = now() - timedelta(minutes=12, seconds=34)
    Call.objects.filter(pk=call.pk).update(created_at=began, started_at=began)
    leave_call(caller.pk, str(call.pk))
    call, _ = start_call(caller.pk, chat, "video")
    leave_call(caller.pk, str(call.pk))


def _post_statuses(people: dict[str, User]) -> None:
    picture = _file(people["layla"], landscape(20, 900, 1600), "evening.jpg")
    shown = PostStatus(kind="image", text="مساء الخير", media=str(picture.pk))
    status, _ = post_status(people["layla"].pk, shown)
    view_status(people["alice"].pk, str(status.pk))
    for name, text, color in (
        ("bob", "Four days to the pie.", "teal"),
        ("alice", "Who took my watering can?", "plum"),
    ):
        post_status(people[name].pk, PostStatus(kind="text", text=text, background=color))


def _spread(chat: Chat, days_ago: int) -> None:
    """Moves a talk, written within a second, to where it would stand after days of life."""
    end = now() - timedelta(days=days_ago, minutes=7)
    messages = list(Message.objects.filter(chat=chat).order_by("-seq"))
    for n, message in enumerate(messages):
        message.created_at = end - timedelta(minutes=n * n * 3)
    Message.objects.bulk_update(messages, ["created_at"])
    Chat.objects.filter(pk=chat.pk).update(active_at=end)
