"""Search: Chinese and English by one rule, and always up to date with what was written."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.resolution.makers import a_service, an_incident

from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import kind_named
from gnomon.records.search import asked_words, find_numbers, words_of
from gnomon.records.texts import fault_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("打印机坏了", ["打印", "印机", "机坏", "坏了", "了"]),
        ("Mail is slow", ["mail", "is", "slow"]),
        ("打印机HP-4200 坏", ["打印", "印机", "机", "hp", "4200", "坏"]),
        ("印", ["印"]),
        ("ＶＰＮ １２", ["vpn", "12"]),
        ("snake_case, (brackets)… “quotes” 100%", ["snake", "case", "brackets", "quotes", "100"]),
        ("", []),
        ("？！", []),
    ],
)
def test_the_words_of_a_text(text, words):
    assert words_of(text) == words


def test_what_is_looked_for_has_no_last_sign_of_its_own():
    assert asked_words("打印机") == ["打印", "印机"]  # else 机 would have to begin a word
    assert asked_words("机") == ["机"]


FOUND = [
    ("打印机坏了", "打印机"), ("打印机坏了", "机"), ("打印机坏了", "坏了"), ("打印机坏了", "打"), ("打印机坏了", "了"),
    ("服务器磁盘满", "磁盘"), ("服务器磁盘满", "盘满"), ("服务器磁盘满", "满"),
    ("Outlook 无法启动", "outlook 启动"), ("Outlook无法启动", "无法 OUTLOOK"),
    ("The mail server is slow", "mail"), ("The mail server is slow", "serv"), ("The mail server is slow", "SLOW mail"),
    ("VPN 断线", "ｖｐｎ"), ("Naïve café", "naive cafe"), ("HP-4200", "hp-4200"), ("50% off", "50%"),
    ("𠮷野家 POS", "𠮷"), ("a\U00030000b", "a\U00030000b"),
]  # fmt: skip


@pytest.mark.parametrize(("title", "query"), FOUND)
def test_a_record_is_found_by(title, query):
    number = an_incident(title).number
    an_incident("Something else 别的事情")
    assert find_numbers(query) == [("incident", number)]


@pytest.mark.parametrize(
    ("title", "query"),
    [
        ("打印机坏了", "打机"), ("打印机坏了", "印打"), ("磁盘满", "盘磁"), ("Mail is slow", "ail"),
        ("Mail is slow", "mail fast"), ("Mail is slow", "mailx"), ("打印机", "打印机坏"),
    ],
)  # fmt: skip
def test_a_record_is_not_found_by(title, query):
    an_incident(title)
    assert find_numbers(query) == []


@pytest.mark.parametrize(
    "query",
    ["", "   ", "''", '"', "*", "a* OR b", "NEAR(a b)", "a AND", "-x", "title:mail", "' | '", "a & !b", "\x00"],
)
def test_no_query_is_read_as_an_expression(query):
    an_incident("Mail is slow")
    assert find_numbers(query) == []


def test_number_description_resolution_and_comments_are_searched_newest_first(bob):
    one = an_incident("One", description="The projector hums")
    two = an_incident("Two", by=bob)
    actions.comment(two, "It is the projector", by=bob)
    actions.move(two, "resolve", by=bob, resolution="Replaced the bulb", closure_code="solved")
    assert find_numbers("projector") == [("incident", two.number), ("incident", one.number)]
    assert find_numbers("bulb") == find_numbers("inc-000002") == [("incident", two.number)]
    assert find_numbers("000002") == [("incident", two.number)]


def test_what_is_said_among_staff_is_found_by_staff_alone(bob, carol, bob_browser, carol_browser):
    incident = an_incident("Printer jams", by=carol)
    actions.comment(incident, "The warranty ran out", by=bob)
    actions.comment(incident, "She spilled coffee", by=bob, internal=True)
    number = incident.number
    assert find_numbers("coffee") == []
    for words in ("coffee", "printer coffee", "coffee warranty", "printer"):
        assert find_numbers(words, staff_of=["incident"]) == [("incident", number)]
        for address in (f"/search?q={words}", f"/resolution/incidents/?q={words}", f"/suggest/incident?q={words}"):
            assert (number in bob_browser.get(address).content.decode()) is True, address
            hers = carol_browser.get(address).content.decode()
            assert (number in hers) is ("coffee" not in words), address
    page = bob_browser.get("/resolution/incidents/?q=printer+warranty")
    assert page.context["total"] == 1  # once, though two rows of the index hold the word


def test_what_is_no_longer_so_is_no_longer_found(bob):
    incident = an_incident("Printer jams", by=bob)
    actions.change(incident, by=bob, title="Scanner jams")
    assert find_numbers("printer") == []
    assert find_numbers("scanner") == [("incident", incident.number)]


def test_what_was_taken_back_was_never_found(bob):
    incident = an_incident("Printer jams", by=bob)
    with pytest.raises(Exception, match="not saved"):
        actions.change(incident, by=bob, title="Scanner jams", impact=9)
    assert find_numbers("scanner") == []


def test_kinds_can_be_chosen_and_answers_limited():
    for n in range(3):
        an_incident(f"Mail {n}")
    a_service("Mail")
    assert [kind for kind, _number in find_numbers("mail", ["service"])] == ["service"]
    assert len(find_numbers("mail", ["incident"], most=2)) == 2
    assert len(find_numbers("mail")) == 4


def test_the_middle_of_a_long_text_is_found_and_its_far_end_need_not_be():
    document = actions.record(
        kind_named("document"), by=SYSTEM, title="Plan", text="x " * 9_000 + "needle " + "y " * 10_000 + "haystack"
    )
    assert find_numbers("needle") == [("document", document.number)]
    assert find_numbers("haystack") == []


@given(text=st.text(st.characters(codec="utf-8"), min_size=1, max_size=30))
@example("İstanbul")
@example("ﬁle ½ ⅷ ١٢")
@example("é ñ か゛ カﾞ")
@example("䷀")
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_written_is_found_by_its_own_words(db, text):
    if fault_of(text):
        return
    number = an_incident(description=text).number
    for query in (text, *asked_words(text)[:3]):
        if asked_words(query):
            assert number in [found for _kind, found in find_numbers(query)], query


# --- pages ----------------------------------------------------------------------------------------


def test_the_search_page_finds_over_all_kinds_what_a_person_may_know_of(bob, carol, bob_browser, carol_browser):
    hers, his = an_incident("打印机坏了", by=carol), an_incident("打印机没纸", by=bob)
    service = a_service("打印机服务")
    shown = bob_browser.get("/search?q=打印机").content.decode()
    assert hers.number in shown
    assert his.number in shown
    assert service.number in shown
    shown = carol_browser.get("/search?q=打印机").content.decode()
    assert hers.number in shown
    assert his.number not in shown
    assert service.number in shown


def test_the_number_of_a_record_leads_straight_to_it_unless_one_may_not_know_of_it(bob, bob_browser, carol_browser):
    incident = an_incident(by=bob)
    assert bob_browser.get("/search?q=inc-000001").url == incident.get_absolute_url()
    answer = carol_browser.get("/search?q=INC-000001")
    assert answer.status_code == 200
    assert "No mail arrives" not in answer.content.decode()


def test_a_list_is_searched_within_its_filters(bob_browser):
    one, two = an_incident("Printer jams", category="floor 4"), an_incident("Printer smells")
    page = bob_browser.get("/resolution/incidents/?q=printer&category=floor+4")
    assert [row.number for row in page.context["rows"]] == [one.number]
    assert page.context["total"] == 1
    assert two.number not in page.content.decode()


def test_words_that_are_frequent_of_late_are_found_in_older_records_too(monkeypatch):
    # three old ones, then ten that say nothing, then four new ones: what is read first is shorter than that
    from gnomon.records.search import on_postgresql

    monkeypatch.setattr(on_postgresql, "_sizes", on_postgresql._Sizes())  # nothing is believed yet
    monkeypatch.setattr(on_postgresql, "LARGE", 0)
    monkeypatch.setattr(on_postgresql, "PROBE", 5)
    wanted = [an_incident(f"Gateway {n}").number for n in range(3)]
    for n in range(10):
        an_incident(f"Printer {n}")
    wanted += [an_incident(f"Gateway {n}").number for n in range(4)]
    assert [number for _kind, number in find_numbers("gateway", ["incident"])] == wanted[::-1]
