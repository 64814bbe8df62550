"""People who are named in comments: found, told once, made watchers; and nobody learns a name by it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.makers import a_person
from tests.resolution.makers import an_incident

from gnomon.governance.models import Receipt
from gnomon.records import actions
from gnomon.records.ledger.verification import verify_ledger
from gnomon.records.mentions import _MENTION, _readings
from gnomon.records.models import Participant
from gnomon.records.queries import history

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(bob, carol):
    return an_incident("No mail", by=bob, requester=carol)


def named(incident, text, by, **more):
    actions.comment(incident, text, by=by, **more)
    entry = next(e for e in reversed(history(incident)) if e.verb.endswith(":commented"))
    return entry.changes.get("mentioned", [None, []])[1]


NAMING = ("@alice look", "see @Alice Chen please", "(@alice)", "请看 @alice，谢谢", "@ALICE.", "@alice @alice")


@pytest.mark.parametrize("text", NAMING)
def test_a_person_is_named_by_username_or_full_name(incident, bob, alice, text):
    assert named(incident, text, bob) == [alice.number]


def test_a_chinese_name_ends_where_it_ends(incident, bob):
    wang = a_person("王芳", username="wang", roles=["agent"])
    assert named(incident, "@王芳请看一下", bob) == [wang.number]


@pytest.mark.parametrize("text", ["alice@example.org", "mail to x@alice", "@nobody", "@@alice@", "@", "price @ 5"])
def test_what_is_no_mention_names_nobody(incident, bob, alice, text):
    assert named(incident, text, bob) == []


def test_a_name_that_two_people_have_names_neither(incident, bob):
    for n in range(2):
        a_person("Sam Hill", username=f"sam{n}", roles=["agent"])
    assert named(incident, "@Sam Hill", bob) == []


def test_whoever_is_named_watches_and_is_told_once(incident, bob, alice):
    actions.comment(incident, "@alice and again @Alice Chen", by=bob)
    assert Participant.objects.get().person == alice.number
    receipt = Receipt.objects.get()
    assert receipt.person == alice.number
    assert "Bob Reed mentioned you on INC-000001" in str(receipt.message.titles)
    actions.comment(incident, "@alice", by=bob)
    assert Participant.objects.count() == 1
    assert verify_ledger().whole


def test_only_people_who_may_see_the_record_are_named(incident, bob, carol, eve):
    stranger = a_person("Other Customer", username="other", roles=["requester"])
    assert named(incident, f"@eve @other @{carol.username}", bob) == [carol.number]
    assert not Participant.objects.filter(person__in=[eve.number, stranger.number]).exists()


def test_an_internal_note_names_no_requester(incident, bob, carol, alice):
    assert named(incident, "@carol @alice", bob, internal=True) == [alice.number]
    assert [receipt.person for receipt in Receipt.objects.all()] == [alice.number]


def test_a_requester_names_nobody_and_is_offered_nobody(incident, bob, carol, carol_browser, bob_browser, alice):
    assert named(incident, "@bob @Alice Chen", carol) == []
    assert carol_browser.get(f"{incident.get_absolute_url()}/people/mentionable?q=b").json() == {"people": []}
    offers = bob_browser.get(f"{incident.get_absolute_url()}/people/mentionable?q=ali").json()["people"]
    assert offers == [{"name": "Alice Chen", "write": "alice"}]
    mine = bob_browser.get(f"{incident.get_absolute_url()}/people/mentionable?q=carol").json()["people"]
    assert mine == [{"name": "Carol Lane", "write": "carol"}]


def test_the_requester_does_not_read_who_was_named(incident, bob, alice, carol_browser, bob_browser):
    actions.comment(incident, "@alice will look", by=bob)
    assert 'class="mention"' in bob_browser.get(incident.get_absolute_url()).content.decode()
    assert 'class="mention"' not in carol_browser.get(incident.get_absolute_url()).content.decode()


def test_somebody_who_left_is_not_named(incident, bob, olga):
    gone = a_person("Gone Away", username="gone", roles=["agent"])
    actions.move(gone, "leave", by=olga, because="Retired")
    assert named(incident, "@gone", bob) == []


@given(st.text(max_size=300))
def test_any_text_is_read_in_bounded_time_and_pieces(text):
    for match in _MENTION.finditer(text):
        assert 1 <= len(list(_readings(match[1]))) <= 6


def test_a_mention_is_marked_in_the_text_and_leads_to_the_person(incident, bob, alice, bob_browser):
    wang = a_person("王芳", username="wang", roles=["agent"])
    text = "@alice, @Alice Chen and @王芳请看 mail alice@example.org <b>@alice</b> https://example.org/@alice"
    actions.comment(incident, text, by=bob)
    page = bob_browser.get(incident.get_absolute_url()).content.decode()
    told = page.split('class="wrote">')[1].split("</div>")[0]

    def marked(person, written):
        return f'<a class="mention" href="{person.get_absolute_url()}" title="{person.title}">@{written}</a>'

    assert told.startswith(
        f"{marked(alice, 'alice')}, {marked(alice, 'Alice Chen')} and {marked(wang, '王芳')}请看 mail "
    )
    assert f"&lt;b&gt;{marked(alice, 'alice')}&lt;/b&gt;" in told
    assert told.count('class="mention"') == 4, "neither the mail address nor the web address names anybody"


def test_a_name_that_is_markup_stays_text(incident, bob, bob_browser):
    a_person('<img src=x onerror="1">', username="ivy", roles=["agent"])
    actions.comment(incident, "@ivy <script>1</script>", by=bob)
    page = bob_browser.get(incident.get_absolute_url()).content.decode()
    assert "<img src=x" not in page
    assert "<script>1" not in page
