"""A web process settles once, after the requests that load everything."""

from __future__ import annotations

import gc

import pytest

from gnomon.project import settling


def test_it_settles_once_and_answers_every_request(monkeypatch):
    turns: list[str] = []
    monkeypatch.setattr(settling, "settle", lambda: turns.append("settled"))

    def application(environ, _start):
        turns.append(environ)
        return [b"ok"]

    answer = settling.settled(application, after=3)
    assert [answer(name, None) for name in "abcde"] == [[b"ok"]] * 5
    assert turns == ["a", "b", "settled", "c", "d", "e"]


@pytest.fixture
def thawed():
    yield
    gc.unfreeze()


def test_what_stood_before_is_left_alone_and_what_comes_is_not(thawed):
    before = gc.get_freeze_count()
    settling.settle()
    assert gc.get_freeze_count() > before
    assert len(gc.get_objects()) < gc.get_freeze_count()
