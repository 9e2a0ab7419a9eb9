"""Draws the icons of the installed client, ``web/public/icons``, from ``web/public/icon.svg``.

python -m tests.e2e.icons
"""

import re

from playwright.sync_api import sync_playwright

from tests.browser import find
from tests.e2e.person import FLAGS
from tests.server import ROOT

PUBLIC = ROOT / "web" / "public"
#: By name: pixels, whether the ground reaches the edges, what part of it the picture takes.
ICONS = {
    "icon-192": (192, False, 1.0),
    "icon-512": (512, False, 1.0),
    # Systems cut their own shape out of these, as small as a circle of 80 %.
    "maskable-512": (512, True, 0.8),
    "apple-touch-180": (180, True, 0.95),
}


def main() -> None:
    """Writes them all."""
    icon = (PUBLIC / "icon.svg").read_text()
    inner = re.sub(r"^<svg[^>]*>|</svg>\s*$", "", icon)
    ground, shapes = re.findall(r"<rect[^>]*>", inner)[0], re.sub(r"<rect[^>]*>", "", inner)
    # Small, in the status bar of a phone: white where it is opaque.
    badge = re.sub(r"<circle[^>]*>", "", shapes).replace("#fff4e8", "#fff")
    drawings = {"badge-96": (96, f'<g transform="translate(-16 -16) scale(1.5)">{badge}</g>')}
    for name, (pixels, is_full, part) in ICONS.items():
        back = ground.replace('rx="18"', "") if is_full else ground
        away = 32 * (1 - part)
        turned = f'<g transform="translate({away} {away}) scale({part})">{shapes}</g>'
        drawings[name] = (pixels, back + turned)
    program = find()
    assert program, "no Chromium: run `python -m tests.browser`"
    (PUBLIC / "icons").mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path=program, args=FLAGS).new_page()
        for name, (pixels, drawing) in drawings.items():
            page.set_viewport_size({"width": pixels, "height": pixels})
            page.set_content(
                f"<style>*{{margin:0}}</style><svg xmlns='http://www.w3.org/2000/svg' "
                f"viewBox='0 0 64 64' width='{pixels}' height='{pixels}' "
                f"style='display:block'>{drawing}</svg>"
            )
            page.screenshot(path=PUBLIC / "icons" / f"{name}.png", omit_background=True)


if __name__ == "__main__":
    main()
