"""One Chromium for the tests of a module: the one that the machine has, or that the environment lets us install."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-quic", "--no-first-run",
)  # fmt: skip
# Playwright's own loop runs in this thread; the ORM would take it for an asynchronous program.
UNSAFE = "DJANGO_ALLOW_ASYNC_UNSAFE"


def chromium() -> str:
    """The path of a Chromium, installed if the environment asks for it; empty when there is none."""
    named = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), "")
    if not named and os.environ.get("GNOMON_INSTALL_CHROMIUM") == "1" and shutil.which("apt-get"):
        for words in (["update"], ["install", "-y", "-q", "chromium", "fonts-noto-cjk"]):
            subprocess.run(["apt-get", *words], check=False, capture_output=True, timeout=600)
        named = shutil.which("chromium") or ""
    return named


@contextmanager
def launched() -> Iterator[Any]:
    """A running browser; the test is skipped with a sentence when the machine has none."""
    path = chromium()
    if not path:
        pytest.skip("The browser tests were left out: no Chromium was found; install it or name it in CHROMIUM.")
    from playwright.sync_api import sync_playwright

    os.environ[UNSAFE] = "true"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield running
        running.close()
    os.environ.pop(UNSAFE, None)
