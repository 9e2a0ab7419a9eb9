"""Routes of chats."""

from django.urls import path, register_converter
from django.urls.converters import IntConverter

from chat import api


class SeqConverter(IntConverter):
    """A seq that PostgreSQL can hold; anything longer is no route and so a 404."""

    regex = "[0-9]{1,18}"


register_converter(SeqConverter, "seq")

urlpatterns = [
    path("chats/", api.ChatsView.as_view()),
    path("chats/<str:chat>/", api.ChatView.as_view()),
    path("chats/<str:chat>/messages/", api.MessagesView.as_view()),
    path("chats/<str:chat>/messages/<seq:seq>/", api.MessageView.as_view()),
    path("chats/<str:chat>/messages/<seq:seq>/status/", api.StatusView.as_view()),
    path("chats/<str:chat>/delivered/", api.DeliveredView.as_view()),
    path("chats/<str:chat>/seen/", api.SeenView.as_view()),
    path("chats/<str:chat>/online-users/", api.OnlineUsersView.as_view()),
    path("sync/", api.SyncView.as_view()),
]
