"""/metrics, /healthz, /readyz and the connection budget."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from chatproject.budget import connections_needed, shortage
from core.clock import now
from media.actions.media import collect

pytestmark = pytest.mark.django_db


def test_strangers_see_no_metrics(client: Client) -> None:
    answer = client.get("/metrics")
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"


def test_a_wrong_token_sees_no_metrics(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = "s3cret"
    assert client.get("/metrics", headers={"Authorization": "Bearer other"}).status_code == 404


def test_an_empty_token_opens_nothing(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_the_token_sees_metrics(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = "s3cret"
    answer = client.get("/metrics", headers={"Authorization": "Bearer s3cret"})
    assert answer.status_code == 200
    assert b"chatproject_sockets 0.0" in answer.content
    assert b'chatproject_waiting{statement="writer"} 0.0' in answer.content


def test_the_lag_of_each_queue_is_told(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = "s3cret"
    collect.configure(schedule_at=now() - timedelta(seconds=90)).defer(blob_ids=[])
    collect.configure(schedule_at=now() + timedelta(days=1)).defer(blob_ids=[])
    answer = client.get("/metrics", headers={"Authorization": "Bearer s3cret"})
    figures = dict(
        line.rsplit(" ", 1)
        for line in answer.content.decode().splitlines()
        if line.startswith("chatproject_jobs")
    )
    assert figures['chatproject_jobs_due{queue="media"}'] == "1.0"
    assert 90 <= float(figures['chatproject_jobs_oldest_seconds{queue="media"}']) < 150
    assert figures['chatproject_jobs{queue="media",status="todo"}'] == "2.0"
    assert figures['chatproject_jobs_due{queue="notify"}'] == "0.0"
    assert figures['chatproject_jobs_oldest_seconds{queue="notify"}'] == "0.0"


def test_staff_see_metrics_and_others_do_not(client: Client) -> None:
    client.force_login(User.objects.create_user("olga", is_staff=True))
    assert client.get("/metrics").status_code == 200
    client.force_login(User.objects.create_user("alice"))
    assert client.get("/metrics").status_code == 404


def test_health_and_readiness(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    answer = client.get("/readyz")
    assert answer.status_code == 200
    parts = {"database": "ok", "cache": "ok", "queue": "ok"}
    assert answer.json() == {"status": "ok", "parts": parts}


def test_probes_ask_by_address(client: Client, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["chat.example"]
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/healthz", headers={"Host": "10.1.2.3:8000"}).status_code == 200
    assert client.get("/readyz", headers={"Host": "10.1.2.3:8000"}).status_code == 200


def test_a_host_that_is_not_served_gets_the_envelope(client: Client, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["chat.example"]
    answer = client.get("/api/v1/server/", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "invalid"


def test_too_many_web_processes_are_named(settings: Settings) -> None:
    settings.DATABASE_POOL_MAX = 12
    assert shortage(1) is None
    needed = connections_needed(100)
    said = shortage(100)
    assert said is not None
    assert str(needed) in said
