"""What people do in the tests of media, over HTTP, and what the worker does after it."""

import importlib
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, TestCase
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts import tokens
from accounts.models import Device, User

API = "/api/v1/media/"


class Uploader:
    """A signed-in client of somebody's."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.token = tokens.issue(Device.objects.create(user=user)).access
        self.http = Client(headers={"Authorization": f"Bearer {self.token}"})

    def call(self, method: str, path: str, data: Any = b"", **headers: str) -> Any:
        """One request; what waits for a commit happens, in any kind of test."""
        content_type = headers.pop("content_type", "application/json")
        with TestCase.captureOnCommitCallbacks(execute=True):
            return self.http.generic(method, path, data, content_type=content_type, headers=headers)

    def upload(
        self,
        content: bytes,
        name: str = "file",
        content_type: str = "application/octet-stream",
        path: str = API,
        **fields: str,
    ) -> Any:
        """Sends a file in one request."""
        file = SimpleUploadedFile("file", content, content_type)
        file._name = name  # type: ignore[attr-defined]  # its setter makes names safe; we do not
        with TestCase.captureOnCommitCallbacks(execute=True):
            return self.http.post(path, {"file": file, **fields})

    def has(self, content: bytes, name: str = "file", **fields: str) -> dict[str, Any]:
        """Sends a file and waits for the worker; the medium as it is then."""
        answer = self.upload(content, name, **fields)
        assert answer.status_code == 201, answer.content
        work()
        return self.medium(answer.json()["id"])

    def medium(self, medium_id: str) -> dict[str, Any]:
        """A medium by its id."""
        answer = self.get(f"{API}{medium_id}/")
        assert answer.status_code == 200, answer.content
        found: dict[str, Any] = answer.json()
        return found

    def get(self, path: str, **headers: str) -> Any:
        """``call`` with GET."""
        return self.call("GET", path, **headers)

    def delete(self, path: str) -> Any:
        """``call`` with DELETE."""
        return self.call("DELETE", path)


def work() -> int:
    """Runs the jobs that wait, and those they bring, as the worker would; answers how many."""
    importlib.import_module("media.jobs")
    count = 0
    while jobs := list(ProcrastinateJob.objects.filter(queue_name="media", status="todo")):
        for job in jobs:
            with TestCase.captureOnCommitCallbacks(execute=True):
                app.tasks[job.task_name].func(**job.args)
            # The model is read-only for all but us.
            ProcrastinateJob.objects.filter(pk=job.pk)._raw_delete("default")
            count += 1
    return count


def content_of(response: Any) -> bytes:
    """The bytes of an answer."""
    return b"".join(response.streaming_content) if response.streaming else response.content


def code_of(response: Any) -> str:
    """The stable code of a refusal."""
    return str(response.json()["error"]["code"])
