"""A browser without JavaScript: it reads pages, fills forms as they stand, and keeps cookies."""

from __future__ import annotations

import urllib.error
import urllib.request
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlencode, urljoin


@dataclass
class Form:
    """A form as it stands in a page: where it goes, and what it would send."""

    action: str
    method: str = "get"
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    """Collects the forms of a page and the words that people see."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.words: list[str] = []
        self._inside: Form | None = None
        self._area = self._option = None
        self._select = ""

    def handle_starttag(self, tag: str, given: Any) -> None:
        facts = dict(given)
        if tag == "form":
            self._inside = Form(facts.get("action") or "", (facts.get("method") or "get").lower())
            self.forms.append(self._inside)
        if self._inside is None:
            return
        name = facts.get("name")
        if tag == "input" and name and facts.get("type") not in {"submit", "file", "button"}:
            ticks = facts.get("type") in {"checkbox", "radio"}
            if not ticks or "checked" in facts:
                self._inside.fields.append((name, facts.get("value") or ("on" if ticks else "")))
        elif tag == "textarea" and name:
            self._area = (name, [])
        elif tag == "select" and name:
            self._select = name
            self._inside.fields.append((name, ""))
        elif tag == "option" and self._select and "selected" in facts:
            self._inside.fields = [(n, v) for n, v in self._inside.fields if n != self._select]
            self._inside.fields.append((self._select, facts.get("value") or ""))
        elif tag == "button":
            self._inside.buttons.append(facts.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea" and self._area and self._inside:
            name, parts = self._area
            # A browser drops the line end that follows the tag.
            self._inside.fields.append((name, "".join(parts).removeprefix("\n")))
            self._area = None

    def handle_data(self, words: str) -> None:
        if self._area:
            self._area[1].append(words)
        self.words.append(words)


@dataclass
class Page:
    """What came back: where it stands, how it went, and what it says."""

    url: str
    status: int
    html: str

    def __post_init__(self) -> None:
        reader = _Reader()
        reader.feed(self.html)
        self.forms, self.words = reader.forms, " ".join(" ".join(reader.words).split())

    def form_with(self, name: str) -> Form:
        """The form that has a field of this name."""
        return next(form for form in self.forms if any(n == name for n, _value in form.fields))


class Visitor:
    """Somebody at a browser."""

    def __init__(self, root: str, language: str = "en") -> None:
        self.root, self.cookies = root, CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        self._opener.addheaders = [("Accept-Language", language)]

    def get(self, path: str) -> Page:
        return self._ask(urllib.request.Request(urljoin(self.root, path)))

    def send(self, page: Page, form: Form, **typed: Any) -> Page:
        """Send a form of a page, with these fields typed anew."""
        kept = [(name, value) for name, value in form.fields if name not in typed]
        body = urlencode(kept + [(name, str(value)) for name, value in typed.items()])
        target = urljoin(page.url, form.action or page.url)
        if form.method == "get":
            return self.get(f"{target}?{body}")
        return self._ask(urllib.request.Request(target, body.encode(), headers={"Origin": self.root.rstrip("/")}))

    def sign_in(self, username: str, password: str) -> Page:
        page = self.get("/sign-in")
        return self.send(page, page.form_with("password"), username=username, password=password)

    def _ask(self, request: urllib.request.Request) -> Page:
        try:
            with self._opener.open(request, timeout=60) as answer:
                return Page(answer.url, answer.status, answer.read().decode())
        except urllib.error.HTTPError as answer:
            return Page(answer.url, answer.code, answer.read().decode())
