"""The commands of docs/api.md are run as they stand there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from tests.resolution.makers import an_incident

pytestmark = pytest.mark.django_db
PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^curl .+$", PAGE, re.MULTILINE)


def run(program: Any, command: str) -> Any:
    """The answer to a curl command, sent by the test's own client."""
    words = shlex.split(command.replace("$TOKEN", "TOKEN"))
    method, path, headers, body = "", "", {}, None
    for at, word in enumerate(words):
        if word == "-X":
            method = words[at + 1]
        elif word == "-H":
            name, _colon, value = words[at + 1].partition(": ")
            headers[name.replace("-", "_")] = value
        elif word == "-d":
            body = words[at + 1].encode()
        elif word.startswith("$GNOMON/"):
            path = word.removeprefix("$GNOMON/")
    headers.pop("Authorization"), headers.pop("Content_Type", None)
    method = method or ("POST" if body is not None else "GET")
    if method == "GET":
        return program.get(path, **headers)
    return getattr(program, method.lower())(path, body, **headers)


def test_every_command_works_in_the_order_of_the_page(bobs):
    an_incident()
    assert len(COMMANDS) >= 12
    for command in COMMANDS:
        answer = run(bobs, command)
        assert answer.status_code in (200, 201, 207), f"{command}\n{answer.content!r}"


def test_the_page_names_every_setting_of_the_api():
    settings = (Path(__file__).parents[2] / "src/gnomon/project/settings.py").read_text(encoding="utf-8")
    for name in re.findall(r"GNOMON_(?:API|WEBHOOKS)_\w+", settings):
        assert name in PAGE, name
