"""An organisation says it in its own words: in both languages, with gaps that the record fills (7.4)."""

from __future__ import annotations

import pytest
from django.core import mail
from tests.governance.notices.working import work
from tests.makers import a_team
from tests.resolution.makers import a_service, an_incident

from gnomon.governance.kinds import notice_text as NOTICE_TEXT
from gnomon.governance.models import Message, NoticeText
from gnomon.governance.notices import latest
from gnomon.governance.notices.wording import named_notices, usual_wording
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.configuring.plan import apply_configuration
from gnomon.records.configuring.reading import read_configuration
from gnomon.records.configuring.writing import configuration_text
from gnomon.records.ledger.verification import verify_ledger
from gnomon.records.queries import history
from gnomon.records.refusals import InvalidFacts, NotAllowed
from gnomon.standard.collect import collect
from gnomon.standard.plugs import Notice

pytestmark = [pytest.mark.django_db, pytest.mark.clause("7.4")]
SOLVED = "/governance/notices/incident.solved"
WORDS = {
    "title-en": "{number} ({service}) is solved", "text-en": "Dear {requester},\n\n{text}\n\nYour desk",
    "title-zh": "{number} 已解决", "text-zh": "您好，{requester}：{text}",
}  # fmt: skip


@pytest.fixture
def solved(nina, bob):
    """An incident that Bob solved, and of which nobody was told yet."""
    outage = an_incident("No mail", requester=nina, by=nina, service=a_service("Mail"))
    work()
    mail.outbox.clear()
    actions.move(outage, "resolve", by=bob, resolution="Quota {raised}", closure_code="solved")
    return outage


def test_every_notice_has_a_name_of_its_own():
    notices = collect("notices", Notice)
    assert all(notice.key for notice in notices)
    assert len(named_notices()) == len(notices)


def test_words_are_changed_on_a_page_and_every_change_is_in_the_ledger(olga, olga_browser):
    assert olga_browser.post(SOLVED, WORDS | {"because": "Politer."}).status_code == 302
    own = NoticeText.objects.get()
    assert (own.notice, own.title, own.title_zh) == (
        "incident.solved",
        "{number} ({service}) is solved",
        "{number} 已解决",
    )
    olga_browser.post(SOLVED, WORDS | {"title-en": "Solved: {number}"})
    told = list(history(own))
    assert (told[0].because, told[0].actor) == ("Politer.", olga.number)
    assert told[1].changes == {"title": ["{number} ({service}) is solved", "Solved: {number}"]}
    assert verify_ledger().whole


@pytest.mark.usefixtures("mail_on")
def test_what_is_sent_says_it_in_the_language_of_the_reader(olga_browser, nina, solved):
    olga_browser.post(SOLVED, WORDS)
    work()
    told = latest(nina)[0].message
    assert told.titles == {"en": "INC-000001 (Mail) is solved", "zh-hans": "INC-000001 已解决"}
    assert told.text_in("en") == "Dear Nina Park,\n\nQuota {raised}\n\nYour desk", "what fills a gap holds no gaps"
    sent = mail.outbox[0]
    assert sent.subject == "INC-000001 (Mail) is solved"
    assert "Dear Nina Park," in sent.body
    actions.change(nina, by=SYSTEM, language="zh-hans")
    assert "您好，Nina Park：Quota" in _told_in_chinese(nina)


def _told_in_chinese(person):
    message = latest(person)[0].message
    return message.text_in("zh-hans")


def test_without_own_words_everything_is_as_it_was(nina, solved):
    work()
    told = latest(nina)[0].message
    assert told.titles["en"] == "Is it solved? INC-000001: No mail"
    assert (told.text, told.texts) == ("Quota {raised}", {})


def test_back_to_the_usual_words(olga_browser, nina, solved):
    olga_browser.post(SOLVED, WORDS)
    olga_browser.post(SOLVED, WORDS | {"usual": "1"})
    assert NoticeText.objects.get().status == "set_aside"
    work()
    assert latest(nina)[0].message.titles["en"] == "Is it solved? INC-000001: No mail"
    olga_browser.post(SOLVED, WORDS)
    assert NoticeText.objects.get().status == "in_use"


def test_a_preview_shows_both_languages_and_saves_and_tells_nothing(olga_browser, solved):
    page = olga_browser.post(SOLVED, WORDS | {"try": "1"})
    assert page.status_code == 200
    read = page.content.decode()
    assert "<strong>INC-000001 (Mail) is solved</strong>" in read
    assert "您好，Nina Park：Quota {raised}" in read
    assert not NoticeText.objects.exists()
    assert "INC-000001 (Mail) is solved" not in [message.titles["en"] for message in Message.objects.all()]


def test_a_preview_without_any_record_shows_the_gaps(olga_browser):
    read = olga_browser.get(SOLVED).content.decode()
    assert "Is it solved? ‹number›: ‹title›" in read


@pytest.mark.parametrize("gap", ["password", "__class__", "requester.password", "0", "", "team_id", "description"])
def test_a_gap_that_nothing_fills_is_refused_at_every_door(olga, olga_browser, gap):
    answer = olga_browser.post(SOLVED, WORDS | {"text-zh": f"{{{gap}}}"})
    assert answer.status_code == 422
    assert "There is nothing to fill" in answer.content.decode()
    with pytest.raises(InvalidFacts) as refused:
        actions.record(NOTICE_TEXT, by=olga, notice="incident.solved", title=f"{{{gap}}}")
    assert "Gaps that can be filled: {number} {title} {actor} {text}" in refused.value.fields["title"]


def test_what_requesters_may_read_holds_only_what_they_are_told(olga):
    """The subcategory is told to staff alone; a notice for colleagues may hold it."""
    with pytest.raises(InvalidFacts):
        actions.record(NOTICE_TEXT, by=olga, notice="incident.solved", title="{subcategory}")
    actions.record(NOTICE_TEXT, by=olga, notice="incident.assigned", title="{number}: {subcategory}")


def test_a_notice_keeps_its_text_and_has_one(olga):
    own = actions.record(NOTICE_TEXT, by=olga, notice="incident.solved", title="Solved")
    assert (own.text, own.text_zh) == ("{text}", "{text}"), "what somebody wrote is passed on unless said otherwise"
    with pytest.raises(InvalidFacts, match="never changes"):
        actions.change(own, by=olga, notice="incident.closed")
    with pytest.raises(InvalidFacts, match="has a text of its own already"):
        actions.record(NOTICE_TEXT, by=olga, notice="incident.solved", title="Again")
    with pytest.raises(InvalidFacts, match="There is no notice “incident.nothing”"):
        actions.record(NOTICE_TEXT, by=olga, notice="incident.nothing", title="Nothing")


def test_an_empty_subject_is_the_usual_one_and_empty_words_are_none(olga_browser, nina, solved):
    olga_browser.post(SOLVED, WORDS | {"title-zh": "", "text-en": ""})
    work()
    told = latest(nina)[0].message
    assert told.titles["zh-hans"] == usual_wording(named_notices()["incident.solved"]).titles["zh"].format(
        number="INC-000001", title="No mail"
    )
    assert told.text_in("en") == ""


def test_those_who_may_not_set_it_read_it(bob, bob_browser, carol_browser):
    assert "Is it solved?" in bob_browser.get("/governance/notices/").content.decode()
    assert bob_browser.post(SOLVED, WORDS).status_code == 403
    assert carol_browser.get("/governance/notices/").status_code in (403, 404)
    with pytest.raises(NotAllowed):
        actions.record(NOTICE_TEXT, by=bob, notice="incident.solved", title="Solved")


def test_words_travel_in_the_configuration_file(olga):
    own = actions.record(NOTICE_TEXT, by=olga, notice="incident.closed", title="Over: {number}", text="Two\nlines")
    text = configuration_text(olga, ("notice_text",))
    actions.change(own, by=olga, title="Otherwise")
    apply_configuration(read_configuration(text.encode(), "ours.yaml"), by=olga)
    own.refresh_from_db()
    assert (own.title, own.text, own.text_zh) == ("Over: {number}", "Two\nlines", "")


def test_colleagues_get_their_own_words_too(olga, bob):
    actions.record(NOTICE_TEXT, by=olga, notice="incident.for_team", title="{team}: {number}, {priority}")
    team = a_team("Desk")
    actions.change(bob, by=SYSTEM, team=team)
    an_incident("No mail", team=team, impact=1, urgency=1)
    work()
    assert latest(bob)[0].message.titles["en"] == "Desk: INC-000001, Critical"
