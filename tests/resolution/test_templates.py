"""Ready replies and ready incidents: their gaps are filled and nothing in them is run."""

from __future__ import annotations

import pytest
from tests.makers import a_person, a_team
from tests.resolution.makers import a_service, an_incident

from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import kind_named
from gnomon.records.refusals import InvalidFacts
from gnomon.resolution import replies
from gnomon.resolution.models import Incident

pytestmark = pytest.mark.django_db


def a_reply(title="Asking", in_use=True, **facts):
    made = actions.record(kind_named("reply_template"), by=SYSTEM, title=title, **facts)
    return actions.move(made, "adopt", by=SYSTEM) if in_use else made


@pytest.fixture
def incident(bob, carol):
    return an_incident(
        "No mail", by=bob, requester=carol, service=a_service("Mail"), category="mailbox", impact=2, urgency=2
    )


def text(incident, by, reply):
    return replies.text(Incident.objects.get(pk=incident.pk), by, reply.number)


def test_gaps_are_filled_from_the_record(incident, bob):
    reply = a_reply(text="Dear {requester}, {number} about {service} is {status}. {me}")
    assert text(incident, bob, reply) == "Dear Carol Lane, INC-000001 about Mail is New. Bob Reed"


def test_what_fills_a_gap_is_not_read_for_gaps(bob):
    sly = an_incident("{me} {requester.password} {{number}}", by=bob)
    assert text(sly, bob, a_reply(text="About: {title}")) == "About: {me} {requester.password} {{number}}"


@pytest.mark.parametrize(
    "gap", ["{nonsense}", "{requester.password}", "{__class__}", "{0}", "{}", "{number!r}", "{number:>99}"]
)
def test_a_gap_that_cannot_be_filled_is_refused_when_it_is_saved(db, gap):
    with pytest.raises(InvalidFacts) as refused:
        a_reply(text=f"Hello {gap}")
    assert "Gaps that can be filled: {requester}" in refused.value.fields["text"]


def test_a_reply_says_something_in_some_language(db):
    with pytest.raises(InvalidFacts, match="at least one language"):
        a_reply(text=" ", text_zh="")


def test_the_requesters_language_decides_and_the_other_stands_in(incident, bob):
    both, english = a_reply(text="Hello {status}", text_zh="您好 {status}"), a_reply(text="Only English")
    chinese = a_person("王芳", username="wang", roles=["requester"], language="zh-hans")
    actions.change(incident, by=bob, requester=chinese)
    assert text(incident, bob, both) == "您好 新建"
    assert text(incident, bob, english) == "Only English"
    actions.change(incident, by=bob, requester=a_person("Jo", roles=["requester"], language="en"))
    assert text(incident, bob, both) == "Hello New"


def test_only_what_is_in_use_and_fits_is_offered(incident, bob, carol):
    team = a_team("Network")
    fitting = a_reply("Fits", text="x", category="mailbox")
    a_reply("Draft", in_use=False, text="x")
    a_reply("Other category", text="x", category="printer")
    a_reply("Other team", text="x", team=team)
    assert [one.title for one in replies.offers(incident, bob)] == ["Fits"]
    assert text(incident, bob, fitting) == "x"
    assert replies.offers(incident, carol) == ()
    assert text(incident, carol, fitting) is None


def test_a_reply_is_taken_with_and_without_scripts(incident, bob_browser, carol_browser):
    reply, here = a_reply("Ask <b>", text="Dear {requester} <script>alert(1)</script>"), incident.get_absolute_url()
    listed = bob_browser.get(f"{here}/replies").content.decode()
    assert "Ask &lt;b&gt;" in listed
    assert f'href="{here}?reply={reply.number}#comment"' in listed
    page = bob_browser.get(f"{here}?reply={reply.number}").content.decode()
    assert "Dear Carol Lane &lt;script&gt;" in page
    told = bob_browser.get(f"{here}/replies/{reply.number}").json()
    assert told["text"] == "Dear Carol Lane <script>alert(1)</script>"
    for place in (f"{here}/replies", f"{here}/replies/{reply.number}"):
        assert carol_browser.get(place).status_code == 404
    assert "Dear Carol" not in carol_browser.get(f"{here}?reply={reply.number}").content.decode()
    assert bob_browser.get(f"{here}/replies/RPT-999999").status_code == 404


def test_a_new_incident_begins_from_a_template(bob_browser, carol_browser):
    mail = a_service("Mail")
    template = actions.record(
        kind_named("incident_template"), by=SYSTEM, title="Mailbox full", subject="Mailbox of … is full",
        description="Quota?", service=mail, impact=3, urgency=2, category="mailbox",
    )  # fmt: skip
    new = "/resolution/incidents/new"
    assert template.number not in bob_browser.get(new).content.decode()  # a draft is not offered
    actions.move(template, "adopt", by=SYSTEM)
    assert f'value="{template.number}"' in bob_browser.get(new).content.decode()
    form = bob_browser.get(f"{new}?template={template.number}").context["form"]
    assert (form["title"].value(), form["impact"].value()) == ("Mailbox of … is full", 3)
    sent = {"title": "Mailbox of Carol is full", "service": mail.pk, "impact": 3, "urgency": 2, "channel": "phone"}
    assert bob_browser.post(f"{new}?template={template.number}", sent).status_code == 302
    assert Incident.objects.get().service == mail
    assert "Mailbox full" not in carol_browser.get(new).content.decode()
