"""Showing a code."""

import base64
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.test import override_settings
from rest_framework.test import APIClient

from accounts.models import User
from connections.models import QrToken
from connections.tests.acts import API, as_
from core.clock import now, rfc3339


def test_a_code_has_a_long_token_a_link_a_picture_and_an_end(alice: User) -> None:
    before = now()
    response = as_(alice).post(f"{API}qr/")
    assert response.status_code == 201
    qr = response.json()
    assert set(qr) == {"token", "url", "svg", "expires_at"}
    assert len(base64.urlsafe_b64decode(qr["token"])) * 8 >= 128
    assert qr["url"] == f"http://testserver/#/c/{qr['token']}"
    assert rfc3339(before + timedelta(seconds=299)) < qr["expires_at"]
    assert qr["expires_at"] < rfc3339(before + timedelta(seconds=310))


def test_the_picture_scales(alice: User) -> None:
    svg = ElementTree.fromstring(as_(alice).post(f"{API}qr/").json()["svg"])
    assert svg.tag == "{http://www.w3.org/2000/svg}svg"
    assert svg.attrib["viewBox"].startswith("0 0 ")
    assert "width" not in svg.attrib and "height" not in svg.attrib


@override_settings(PUBLIC_URL="https://chat.example.org")
def test_the_link_uses_the_public_address(alice: User) -> None:
    qr = as_(alice).post(f"{API}qr/").json()
    assert qr["url"] == f"https://chat.example.org/#/c/{qr['token']}"


def test_the_token_itself_is_not_kept(alice: User) -> None:
    token = as_(alice).post(f"{API}qr/").json()["token"]
    (row,) = QrToken.objects.values()
    assert all(token not in str(value) for value in row.values())


def test_a_new_code_ends_the_one_before(alice: User, bob: User) -> None:
    old = as_(alice).post(f"{API}qr/").json()["token"]
    new = as_(alice).post(f"{API}qr/").json()["token"]
    assert as_(bob).post(f"{API}scan/", {"token": old}, format="json").status_code == 410
    assert as_(bob).post(f"{API}scan/", {"token": new}, format="json").status_code == 201


def test_a_withdrawn_code_is_gone(alice: User, bob: User) -> None:
    token = as_(alice).post(f"{API}qr/").json()["token"]
    assert as_(alice).delete(f"{API}qr/").status_code == 204
    assert as_(alice).delete(f"{API}qr/").status_code == 204
    assert as_(bob).post(f"{API}scan/", {"token": token}, format="json").status_code == 410


@pytest.mark.django_db
def test_a_code_is_for_signed_in_people() -> None:
    assert APIClient().post(f"{API}qr/").status_code == 401
