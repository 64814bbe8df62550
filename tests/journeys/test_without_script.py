"""The life of an incident at browsers without JavaScript: reported, worked, solved, confirmed."""

from __future__ import annotations

import re

import pytest


@pytest.mark.clause("8.6.1")
def test_from_report_to_confirmation(served, visit):
    carol, bob = visit("carol"), visit("bob", "zh-hans")
    home = carol.get("/")
    assert "Report" in home.words

    page = carol.get("/resolution/report")
    reported = carol.send(
        page, page.form_with("title"), title="No mail since nine", description="Outlook says: offline",
        impact="2", urgency="2",
    )  # fmt: skip
    assert reported.status == 200
    number = reported.url.rsplit("/", 1)[-1]
    assert f"/portal/reports/{number}" in reported.url
    address = reported.url.replace("/portal/reports/", "/resolution/incidents/")

    queue = bob.get("/resolution/incidents/?phase=unresolved&sort=due_at")
    assert number in queue.html
    his = bob.get(address)
    assert "No mail since nine" in his.words
    for move, name, facts in [
        ("assign", "team", {"team": 1}), ("wait", "waiting_reason", {"waiting_reason": "user", "because": "问她"}),
        ("resume", "because", {}),
        ("resolve", "resolution", {"resolution": "重启了队列", "closure_code": "solved"}),
    ]:  # fmt: skip
        page = bob.get(f"{address}/{move}")
        form = next(f for f in page.forms if f.action.endswith(move) or any(n == name for n, _v in f.fields))
        done = bob.send(page, form, **facts)
        assert done.status == 200, (move, done.words[:300])
        assert done.url == address
        if move == "wait":
            comment = done.form_with("text")
            assert bob.send(done, comment, text="Are you online again?").status == 200

    hers = carol.get(address)
    assert "Are you online again?" in hers.words
    assert "重启了队列" in hers.words
    assert "Resolved" in hers.words
    page = carol.get(f"/portal/reports/{number}")
    closed = carol.send(page, next(form for form in page.forms if form.action.endswith("/confirm")))
    assert closed.status == 200
    assert "Closed" in closed.words
    told = served.call("GET", f"/api/v1/incidents/{number}", token=served.cast["token"])[1]
    assert (told["status"], told["requester"]) == ("closed", told["closed_by"])


def test_search_filters_and_pages_need_no_script(served, visit):
    bob = visit("bob")
    token = served.cast["token"]
    for n in range(55):
        assert served.call("POST", "/api/v1/incidents", {"title": f"Paged zebra {n}"}, token)[0] == 201
    page = bob.get("/resolution/incidents/")
    filters = next(form for form in page.forms if form.action.endswith("/resolution/incidents/"))
    found = bob.send(page, filters, q="zebra", phase="open")
    assert "50 of 55 records" in found.words
    onward = re.search(r'rel="next" href="([^"]+)"', found.html)
    assert onward is not None
    rest = bob.get(f"/resolution/incidents/{onward[1].replace('&amp;', '&')}")
    assert "Paged zebra 0" in rest.words
    assert "Paged zebra 54" not in rest.words
    assert "q=zebra" in rest.url
