"""Staff in a real browser: forms, cookies and headers must agree."""

import pytest
from playwright.sync_api import Browser, expect

from tests.server import Server

pytestmark = pytest.mark.e2e


def test_an_admin_signs_in_and_reads_every_page_of_the_index(
    browser: Browser, server: Server
) -> None:
    credentials = {"ADMIN_USERNAME": "olga", "ADMIN_PASSWORD": "Kettle-Orbit-77"}
    server.manage("create_admin", **credentials, ADMIN_EMAIL="olga@example.com")
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{server.url}/admin/")
    page.get_by_label("Username").fill("olga")
    page.get_by_label("Password").fill("Kettle-Orbit-77")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Site administration")).to_be_visible()
    links = page.locator("#content-main th a").evaluate_all("all => all.map(a => a.href)")
    assert len(links) > 10
    for link in links:
        answer = page.goto(link)
        assert answer is not None
        assert answer.status == 200, link
    page.goto(f"{server.url}/api/v1/users/me/")
    expect(page.get_by_text('"username": "olga"')).to_be_visible()
    context.close()
