"""The AsyncAPI 3.0 document of the socket, made from the tables the socket runs on."""

from functools import cache
from typing import Any

import msgspec
from django.conf import settings

from core.errors import ErrorPayload
from realtime.consumer import SUBPROTOCOL, Auth
from realtime.registry import commands, events

_REF = "#/components/schemas/{name}"


@cache
def document() -> dict[str, Any]:
    """The whole document; it changes only with the code."""
    incoming = {"auth": Auth, **{name: command.shape for name, command in commands.items()}}
    outgoing = {**events, "error": ErrorPayload}
    replies = {name: command.reply for name, command in commands.items() if command.reply}
    shapes = [*incoming.values(), *outgoing.values()]
    schemas, components = msgspec.json.schema_components(shapes, ref_template=_REF)
    by_shape = dict(zip(map(id, shapes), schemas, strict=True))
    messages = {
        f"{direction}.{name}": _message(name, by_shape[id(shape)])
        for direction, table in (("client", incoming), ("server", outgoing))
        for name, shape in sorted(table.items())
    }
    channel = {"$ref": "#/channels/socket"}
    operations: dict[str, Any] = {}
    for name in sorted(incoming):
        operations[f"receive {name}"] = {
            "action": "receive",
            "channel": channel,
            "messages": [{"$ref": f"#/channels/socket/messages/client.{name}"}],
        }
        if reply := ("ready" if name == "auth" else replies.get(name)):
            operations[f"receive {name}"]["reply"] = {
                "messages": [{"$ref": f"#/channels/socket/messages/server.{reply}"}]
            }
    for name in sorted(outgoing):
        operations[f"send {name}"] = {
            "action": "send",
            "channel": channel,
            "messages": [{"$ref": f"#/channels/socket/messages/server.{name}"}],
        }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "chatproject socket",
            "version": settings.VERSION,
            "description": "JSON text frames {event, ref, data}; see docs/protocol.md.",
        },
        "channels": {
            "socket": {
                "address": "/ws/",
                "description": f"Subprotocol {SUBPROTOCOL}, optional.",
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
            }
        },
        "operations": operations,
        "components": {"messages": messages, "schemas": dict(sorted(components.items()))},
    }


def _message(name: str, data: dict[str, Any]) -> dict[str, Any]:
    frame = {"event": {"const": name}, "ref": {}, "data": data}
    required = ["event", "data"]
    return {"name": name, "payload": {"type": "object", "required": required, "properties": frame}}
