"""Take the pictures of docs/screens from the demo: ten pages, in both languages and looks.

    ./run screens                          starts a demo of its own and stops it afterwards
    ./run screens --at http://127.0.0.1:8000   of a demo that runs already
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).parents[1]
PLACE = ROOT / "docs" / "screens"
PORT = 8765
PASSWORD = "lantern-in-fog"  # of the fictional people of the demo
LOOKS = (("en", "en-GB", "light"), ("zh", "zh-CN", "dark"))
QUEUE = "/resolution/incidents/"
WAITING = f"{QUEUE}?phase=unresolved&sort=due_at"


@dataclass(frozen=True)
class Screen:
    """One picture: who looks, where, how wide; `follow` is clicked first, `{first}` is the first row's address."""

    name: str
    who: str
    path: str
    width: int = 1440
    height: int = 900
    follow: str = ""


SCREENS = (
    Screen("home", "bob", "/"),
    Screen("queue", "bob", WAITING),
    Screen("beside", "bob", f"{WAITING}&record={{number}}"),
    Screen("incident", "bob", "{first}"),
    Screen("major", "bob", f"{QUEUE}{{major}}/major"),
    Screen("search", "bob", "/search?q=打印机 status:open"),
    Screen("portal", "carol", "/", 390, 844),
    Screen("workflow", "admin", "/organization/workflows/incident"),
    Screen("quality", "yuan", "/evaluation/"),
    Screen("conformity", "sam", "/certification/"),
)


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--at", default="", help="a demo that runs already")
    words.add_argument("--only", default="", help="the name of one picture")
    given = words.parse_args()
    PLACE.mkdir(parents=True, exist_ok=True)
    with _demo(given.at) as address, _browser() as browser:
        for suffix, language, look in LOOKS:
            for screen in (one for one in SCREENS if given.only in ("", one.name)):
                _take(browser, address, screen, suffix, language, look)
                print(f"{screen.name} ({suffix})", file=sys.stderr)


def _take(browser: Any, address: str, screen: Screen, suffix: str, language: str, look: str) -> None:
    context = browser.new_context(
        base_url=address, locale=language, color_scheme=look,
        viewport={"width": screen.width, "height": screen.height}, timezone_id="Asia/Shanghai",
    )  # fmt: skip
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("#username", screen.who)
    page.fill("#password", PASSWORD)
    page.click("form.form-sheet button.btn-primary")
    page.wait_for_url(f"{address}/")
    if not page.locator("html").get_attribute("lang").startswith(suffix):
        page.click(".top-language button")  # people of the demo have a language of their own
    path = screen.path
    for word, queue, at in (("{first}", WAITING, 12), ("{number}", WAITING, 12), ("{major}", f"{QUEUE}?is_major=true", 0)):
        if word in path:
            page.goto(queue)
            found = page.locator("[data-row] [data-open]").nth(at).get_attribute("href")
            path = path.replace(word, found if word == "{first}" else found.rpartition("/")[2])
    page.goto(path)
    if screen.follow:
        page.click(screen.follow)
        page.wait_for_timeout(700)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=PLACE / f"{screen.name}-{suffix}.jpg", type="jpeg", quality=82)
    context.close()


@contextmanager
def _browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not path:
        raise SystemExit("No Chromium was found. Install it, or name it in CHROMIUM.")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield running
        running.close()


@contextmanager
def _demo(address: str) -> Iterator[str]:
    if address:
        yield address.rstrip("/")
        return
    with tempfile.TemporaryDirectory() as home:
        served = subprocess.Popen(
            [sys.executable, "-m", "gnomon.project.command", "demo", "--port", str(PORT)],
            env={**os.environ, "GNOMON_HOME": home}, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            address = f"http://127.0.0.1:{PORT}"
            _wait_for(f"{address}/healthz")
            yield address
        finally:
            served.terminate()
            served.wait()


def _wait_for(address: str, seconds: int = 300) -> None:
    for _turn in range(seconds):
        try:
            with urlopen(address, timeout=5):  # our own demo
                return
        except (URLError, OSError):
            time.sleep(1)
    raise SystemExit(f"The demo did not answer at {address} within {seconds} s.")


if __name__ == "__main__":
    main()
