"""Two agents move one incident at the same moment: one moves it, the other is told what changed and loses no word."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest


def at_once(*tasks):
    """Run these together; their answers in order."""
    gate, answers = Barrier(len(tasks)), [None] * len(tasks)

    def run(at, task):
        gate.wait()
        answers[at] = task()

    threads = [Thread(target=run, args=(at, task)) for at, task in enumerate(tasks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def an_incident(served, title):
    status, told = served.call("POST", "/api/v1/incidents", {"title": title}, served.cast["token"])
    assert status == 201
    return told["number"]


@pytest.mark.clause("8.6.1")
def test_two_people_at_two_browsers(served, visit):
    alice, bob = visit("alice"), visit("bob")
    for turn in range(3):
        number = an_incident(served, f"No mail {turn}")
        address = f"/resolution/incidents/{number}"
        hers, his = alice.get(f"{address}/resolve"), bob.get(f"{address}/wait")
        words = f"Restarted the queue\r\nof turn {turn}"
        answers = at_once(
            lambda page=hers, words=words: alice.send(
                page, page.form_with("resolution"), resolution=words, closure_code="solved"
            ),
            lambda page=his: bob.send(
                page, page.form_with("waiting_reason"), waiting_reason="user", because="She is away"
            ),
        )
        assert sorted(page.status for page in answers) == [200, 409]  # 200: led to the record's page
        who, other, page = (
            (alice, "Bob Reed", answers[0]) if answers[0].status == 409 else (bob, "Alice Chen", answers[1])
        )
        assert f"{other} changed this record while you were writing" in page.words
        assert "What changed meanwhile" in page.words

        if who is alice:  # Bob was first and it waits; her solution is laid on top
            form = page.form_with("resolution")
            assert dict(form.fields)["resolution"] == f"Restarted the queue\nof turn {turn}"
            assert alice.send(page, form).status == 200
        else:  # it is solved and cannot wait any more: that is said, and his words are still there
            again = bob.send(page, page.form_with("waiting_reason"))
            assert again.status == 409
            assert "cannot take the move" in again.words
            assert dict(again.form_with("waiting_reason").fields)["waiting_reason"] == "user"
            assert "She is away" in again.html
        told = served.call("GET", f"/api/v1/incidents/{number}", token=served.cast["token"])[1]
        assert told["status"] == "resolved"
        assert told["resolution"] == f"Restarted the queue\nof turn {turn}"


def test_eight_programs_and_one_version(served):
    """Each has seen version 1; exactly one write is made on it, and each other is told of that one."""
    number = an_incident(served, "Contested")
    token = served.cast["token"]
    address = f"/api/v1/incidents/{number}"
    answers = at_once(
        *(lambda n=n: served.call("PATCH", address, {"category": f"from {n}", "expect": 1}, token) for n in range(8))
    )
    assert sorted(status for status, _told in answers) == [200] + [409] * 7
    winner = next(told["category"] for status, told in answers if status == 200)
    assert all(told["changed"]["category"] == ["", winner] for status, told in answers if status == 409)
    told = served.call("GET", address, token=token)[1]
    assert (told["category"], told["version"]) == (winner, 2)


def test_many_words_at_once_are_all_kept(served):
    number = an_incident(served, "Talked about")
    token = served.cast["token"]
    answers = at_once(
        *(
            lambda n=n: served.call("POST", f"/api/v1/incidents/{number}/comments", {"text": f"word {n}"}, token)
            for n in range(8)
        )
    )
    assert [status for status, _told in answers] == [201] * 8
    assert served.call("GET", f"/api/v1/incidents/{number}", token=token)[1]["version"] == 9


def test_numbers_given_at_once_are_all_different(served):
    token = served.cast["token"]
    answers = at_once(
        *(lambda n=n: served.call("POST", "/api/v1/incidents", {"title": f"At once {n}"}, token) for n in range(8))
    )
    numbers = [told["number"] for status, told in answers if status == 201]
    assert len(set(numbers)) == 8


@pytest.mark.clause("8.6.1")
def test_two_that_are_merged_into_each_other_at_once(served):
    token = served.cast["token"]
    for turn in range(3):
        one, other = an_incident(served, f"Slow {turn}"), an_incident(served, f"Down {turn}")
        answers = at_once(
            *(
                lambda source=source, target=target: served.call(
                    "POST", f"/api/v1/incidents/{source}/merge", {"into": target, "because": "The same fault"}, token
                )
                for source, target in ((one, other), (other, one))
            )
        )
        assert sorted(status for status, _told in answers)[0] == 200, answers
        assert sorted(status for status, _told in answers)[1] in {409, 422}, answers
        states = [
            served.call("GET", f"/api/v1/incidents/{number}", token=token)[1]["status"] for number in (one, other)
        ]
        assert sorted(states) == ["merged", "new"]
