"""Routes of chats."""

from django.urls import path, register_converter
from django.urls.converters import IntConverter

from chat.api import (
    chats,
    forwards,
    group_avatars,
    groups,
    invites,
    messages,
    mine,
    pins,
    polls,
    scheduled,
    search,
    shared,
    stars,
    sync,
)


class SeqConverter(IntConverter):
    """A seq that PostgreSQL can hold; anything longer is no route and so a 404."""

    regex = "[0-9]{1,18}"


register_converter(SeqConverter, "seq")

urlpatterns = [
    path("chats/", chats.ChatsView.as_view()),
    path("chats/forward/", forwards.ForwardView.as_view()),
    path("chats/join/", invites.JoinView.as_view()),
    path("chats/<str:chat>/", chats.ChatView.as_view()),
    path("chats/<str:chat>/avatar/", group_avatars.GroupAvatarView.as_view()),
    path("chats/<str:chat>/me/", mine.MineView.as_view()),
    path("chats/<str:chat>/clear/", mine.ClearView.as_view()),
    path("chats/<str:chat>/messages/", messages.MessagesView.as_view()),
    path("chats/<str:chat>/messages/<seq:seq>/", messages.MessageView.as_view()),
    path("chats/<str:chat>/messages/<seq:seq>/reaction/", messages.ReactionView.as_view()),
    path("chats/<str:chat>/messages/<seq:seq>/status/", messages.MessageStatusView.as_view()),
    path("chats/<str:chat>/scheduled/", scheduled.ScheduledListView.as_view()),
    path("chats/<str:chat>/scheduled/<str:id>/", scheduled.ScheduledView.as_view()),
    path("chats/<str:chat>/scheduled/<str:id>/send/", scheduled.SendNowView.as_view()),
    path("chats/<str:chat>/messages/<seq:seq>/vote/", polls.VoteView.as_view()),
    path("chats/<str:chat>/messages/<seq:seq>/close/", polls.ClosePollView.as_view()),
    path("chats/<str:chat>/messages/<seq:seq>/pin/", pins.PinView.as_view()),
    path("chats/<str:chat>/messages/<seq:seq>/star/", stars.StarView.as_view()),
    path("chats/<str:chat>/pins/", pins.PinsView.as_view()),
    path("chats/<str:chat>/shared/", shared.SharedView.as_view()),
    path("chats/<str:chat>/messages/<seq:seq>/trace/", messages.TraceView.as_view()),
    path("chats/<str:chat>/delivered/", chats.DeliveredView.as_view()),
    path("chats/<str:chat>/seen/", chats.SeenView.as_view()),
    path("chats/<str:chat>/participants/", groups.ParticipantsView.as_view()),
    path("chats/<str:chat>/participants/<str:user>/", groups.ParticipantView.as_view()),
    path("chats/<str:chat>/invites/", invites.InvitesView.as_view()),
    path("chats/<str:chat>/invites/<str:invite>/", invites.InviteView.as_view()),
    path("chats/<str:chat>/join-requests/", invites.JoinRequestsView.as_view()),
    path("chats/<str:chat>/join-requests/<str:id>/approve/", invites.ApproveJoinView.as_view()),
    path("chats/<str:chat>/join-requests/<str:id>/reject/", invites.RejectJoinView.as_view()),
    path("chats/<str:chat>/online-users/", chats.OnlineUsersView.as_view()),
    path("search/", search.SearchView.as_view()),
    path("starred/", stars.StarredView.as_view()),
    path("sync/", sync.SyncView.as_view()),
]
