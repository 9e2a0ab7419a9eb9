"""Voting."""

from core.schema import Input, Seq


class Vote(Input):
    """The options of a poll that the person chooses, by index; none: takes the vote back."""

    options: tuple[int, ...]


class VoteInChat(Vote, kw_only=True):
    """``message:vote``."""

    chat: str
    seq: Seq
