"""Everyone can use every screen: axe finds nothing that WCAG 2.2 AA forbids."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.e2e.tour import SIZES, furnish, walk
from tests.server import ROOT, Server, migrated_data_dir

pytestmark = pytest.mark.e2e

AXE = ROOT / "web/node_modules/axe-core/axe.min.js"
#: The rule that is switched off is an experiment of axe's: it wants all text of a row in its name.
RUN = """() => axe.run(document, {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
  rules: { "label-content-name-mismatch": { enabled: false } },
  resultTypes: ["violations"],
})"""


@pytest.fixture(scope="module")
def furnished() -> Iterator[tuple[Server, tuple[str, str]]]:
    """A server of its own, with what is shown there."""
    with ExitStack() as online:
        server = Server(migrated_data_dir()).start()
        online.callback(server.remove)
        yield server, furnish(server, online)


@pytest.mark.parametrize(("size", "theme"), [("phone", "dark"), ("desktop", "light")])
def test_axe_finds_nothing(
    browser: Browser, furnished: tuple[Server, tuple[str, str]], size: str, theme: str
) -> None:
    server, shown = furnished
    context = browser.new_context(
        **SIZES[size],
        color_scheme=theme,  # type: ignore[arg-type]
        reduced_motion="reduce",
        locale="en-GB",
    )
    page = context.new_page()
    source = AXE.read_text()
    found: list[str] = []

    def look(name: str) -> None:
        page.wait_for_timeout(350)  # what fades in has no contrast yet
        if page.evaluate("() => typeof axe") == "undefined":
            page.evaluate(source)
        said: dict[str, Any] = page.evaluate(RUN)
        for rule in said["violations"]:
            found.extend(f"{name}: {rule['help']}: {node['html']}" for node in rule["nodes"])

    walk(page, server, shown, look)
    context.close()
    assert not found, "\n".join(found)
