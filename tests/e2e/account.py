"""Someone who uses the API directly, to furnish what a browser then shows."""

from contextlib import ExitStack
from typing import Any

import httpx
from websockets.sync.client import connect

from tests.e2e.person import code_for
from tests.server import Server


class Account:
    """Someone who uses the API directly, ``until`` its connections are closed.

    They log in like a browser, which may take the session over: ``Person.enter``.
    """

    def __init__(self, server: Server, address: str, until: ExitStack) -> None:
        http = httpx.Client(base_url=f"{server.url}/api/v1/", timeout=30)
        self.http = until.enter_context(http)
        self.until = until
        self.post("auth/otp/request/", {"identifier": address}, 202)
        code = code_for(server.data_dir, address)
        device = {"name": "Chrome on Linux", "platform": "web"}
        proof = {"identifier": address, "code": code, "device": device, "cookie": True}
        answer = self.post("auth/otp/verify/", proof)
        self.id: str = answer["user"]["id"]
        self.access: str = answer["access"]
        self.bearer = {"Authorization": f"Bearer {self.access}"}
        self.http.headers.update(self.bearer)
        self.server = server

    def come_online(self) -> None:
        """Opens a socket that stays."""
        url = self.server.socket_url
        self.until.enter_context(connect(url, additional_headers=self.bearer, max_queue=None))

    def post(self, path: str, body: dict[str, Any], *fine: int) -> Any:
        """Posts, and answers what the server says."""
        response = self.http.post(path, json=body)
        assert response.status_code in (fine or (200, 201)), response.text
        return response.json()

    def introduce(self, name: str, about: str = "", username: str = "") -> None:
        """Fills in the profile."""
        profile = {"name": name, "about": about, "username": username}
        given = {key: value for key, value in profile.items() if value}
        self.http.patch("users/me/", json=given).raise_for_status()

    def chats(self) -> list[str]:
        """The ids of their chats."""
        return [chat["id"] for chat in self.http.get("chats/").json()["results"]]

    def scan(self, other: "Account") -> str:
        """Scans the other's code; the request's id."""
        token = other.post("connections/qr/", {})["token"]
        return str(self.post("connections/scan/", {"token": token})["id"])

    def connect(self, other: "Account") -> str:
        """Scans the other's code, who accepts; the id of their chat."""
        other.post(f"connections/requests/{self.scan(other)}/accept/", {})
        return str(self.post("chats/", {"kind": "direct", "user": other.id})["id"])
