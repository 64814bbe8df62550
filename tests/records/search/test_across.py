"""Search over all kinds: filters by name in both languages, ranking, typing errors, and who may find what."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.makers import a_person, a_team
from tests.resolution.makers import a_service, an_incident

from gnomon.records import actions
from gnomon.records.kinds import kind_named
from gnomon.records.listing import Listing
from gnomon.records.search import holding, vocabulary
from gnomon.records.search.across import record_by_number, search

pytestmark = pytest.mark.django_db


def numbers(answer, kind="incident"):
    return [record.number for group in answer.groups if group.kind.name == kind for record in group.records]


@pytest.fixture
def desk(bob):
    """Printers of two teams, one of them resolved."""
    network, places = a_team("Network 网络组"), a_team("Workplace 桌面组")
    one = an_incident("打印机坏了 Printer", team=network, category="printer", impact=1, urgency=1)
    two = an_incident("打印机没纸 Printer", team=places, assignee=bob)
    three = an_incident("打印机丢失 Printer", team=network)
    actions.move(three, "resolve", by=bob, resolution="Found", closure_code="solved")
    return one.number, two.number, three.number


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("打印机", (1, 2, 3)), ("printer", (1, 2, 3)), ("打印机 team:network", (1, 3)), ("打印机 team:net", (1, 3)),
        ("打印机 团队:网络组", (1, 3)), ("打印机 团队：网络 状态：打开", (1,)), ("team:network status:open 打印机", (1,)),
        ("打印机 status:resolved", (3,)), ("打印机 状态:已解决", (3,)), ("打印机 -status:resolved", (1, 2)),
        ("打印机 -坏了", (2, 3)), ("打印机 is:open", (1, 2)), ("打印机 is:mine", (2,)), ("打印机 assignee:me", (2,)),
        ("打印机 处理人:我", (2,)), ("打印机 assignee:bob", (2,)), ("打印机 assignee:none", (1, 3)),
        ("打印机 is:unassigned", (1, 3)), ("打印机 priority:critical", (1,)), ("打印机 优先级:<2", (1,)),
        ("打印机 category:printer", (1,)), ("打印机 opened:today", (1, 2, 3)), ("打印机 opened:<1h", (1, 2, 3)),
        ("打印机 opened:>1h", ()), ("打印机 opened:<2020", ()), ("打印机 opened:2020..", (1, 2, 3)),
        ("打印机 kind:incident", (1, 2, 3)), ("打印机 种类:事件", (1, 2, 3)), ("打印机 kind:service", ()),
        ("打印机 -kind:incident", ()), ("kind:incident is:resolved", (3,)), ('"打印机 坏了"', ()), ('"机坏了"', (1,)),
        ("resolved:none kind:incident 打印机", (1, 2)), ("打印机 -resolved:none", (3,)), ("is:major kind:incident", ()),
        ("-打印机 kind:incident", ()), ("-没纸 kind:incident", (1, 3)), ("number:INC-000002", (2,)),
        ("team:network,workplace 打印机", (1, 2, 3)), ("team:network status:open 打印机 -丢失", (1,)),
        ('-team:network "打印机没纸 printer"', (2,)), ('status:open "打印机" -"没纸 printer"', (1,)),
    ],
)  # fmt: skip
def test_a_question_finds(desk, bob, typed, found):
    answer = search(typed, bob, exactly=True)
    assert sorted(numbers(answer)) == [desk[n - 1] for n in found]
    assert answer.notes == []


def test_breached_and_due(bob):
    late = an_incident("Printer", impact=1, urgency=1, at=timezone.now() - timedelta(days=3))
    soon = an_incident("Printer", impact=1, urgency=1)
    type(late).objects.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(hours=3))
    type(soon).objects.filter(pk=soon.pk).update(due_at=timezone.now() + timedelta(hours=1))
    assert numbers(search("is:breached", bob)) == [late.number]
    assert numbers(search("printer -is:breached", bob)) == [soon.number]
    assert sorted(numbers(search("due:<2h", bob))) == [late.number, soon.number]
    assert numbers(search("到期时间:>0小时 printer", bob)) == [soon.number]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("taem:network", "There is no filter called “taem”; did you mean “team”? It was searched as words."),
        ("zzz:network", "There is no filter called “zzz”; it was searched as words."),
        ("priority:seven", "“seven” is no value for the filter “Priority”; it was searched as words."),
        ("opened:someday", "“someday” is no value for the filter “Opened at”; it was searched as words."),
        ("opened:>9999999", "“9999999” is no value for the filter “Opened at”; it was searched as words."),
        ("kind:unicorn", "“unicorn” is no value for the filter “Kind of record”; it was searched as words."),
        ("is:purple", "“purple” is no value for the filter “Is”; it was searched as words."),
        ("team:nobody_here", "“nobody_here” is no value for the filter “Team”; it was searched as words."),
    ],
)
def test_what_is_not_understood_is_said_and_searched_as_words(bob, typed, says):
    value = typed.partition(":")[2].lstrip(">")
    incident = an_incident(f"{typed.partition(':')[0]} {value}")
    answer = search(typed, bob, exactly=True)
    assert says in answer.notes
    assert numbers(answer) == [incident.number]


def test_titles_come_first_then_what_is_open_then_the_newest(bob):
    said_later = an_incident("Other", description="toner")
    closed_title = an_incident("toner")
    actions.move(closed_title, "resolve", by=bob, resolution="New", closure_code="solved")
    open_title = an_incident("Toner again")
    newest = an_incident("Another", description="toner")
    ranked = [open_title, closed_title, newest, said_later]
    assert numbers(search("toner", bob)) == [record.number for record in ranked]


def test_a_number_means_a_record(bob, carol, eve):
    hers = an_incident("Printer", by=carol)
    his = an_incident("Printer", by=bob)
    for _further in range(4):  # there are more incidents than people
        an_incident("Printer", by=bob)
    for typed in ("INC-1", "inc1", "INC-000001", "#1", "1", " 0001 ", "inc 1"):
        assert record_by_number(typed, bob) == hers, typed
        assert record_by_number(typed, carol) == hers, typed
        assert record_by_number(typed, eve) is None, typed
    assert record_by_number("INC-2", bob) == his
    assert record_by_number("INC-2", carol) is None
    for typed in ("INC-77", "XYZ-1", "", "1 2", "9" * 30, "INC", "-1"):
        assert record_by_number(typed, bob) is None, typed


# --- typing errors --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "better"),
    [
        ("prnter", "printer"), ("PRINTRE", "printer"), ("kalendar", "calendar"), ("invitatoins twcie", "invitations twice"),
        ("打印几", "打印机"), ("打机坏了", "打印机坏了"), ("打印印机", "打印机"), ("prnter 打印几", "printer 打印机"),
        ("prnter status:open", "printer status:open"),
    ],
)  # fmt: skip
def test_typing_errors_are_forgiven_when_nothing_else_is_found(bob, typed, better):
    incident = an_incident("Printer calendar invitations twice 打印机坏了")
    vocabulary.learn()
    answer = search(typed, bob)
    assert answer.correction is not None
    assert answer.correction.better == better
    assert numbers(answer) == [incident.number]
    assert numbers(search(typed, bob, exactly=True)) == []


@pytest.mark.parametrize(
    ("typed", "better", "found"),
    [
        ("prnter team:network status:open", "printer team:network status:open", (1,)),
        ("打印几 status:resolved", "打印机 status:resolved", (3,)),
        ("prnter 打印几 team:network -丢失", "printer 打印机 team:network -丢失", (1,)),
        ('prnter "打印机坏了" 状态:打开', 'printer "打印机坏了" 状态:打开', (1,)),
        ("打机没纸 assignee:me", "打印机没纸 assignee:me", (2,)),
    ],
)  # fmt: skip
def test_typing_errors_are_forgiven_beside_filters_phrases_and_excluded_words(desk, bob, typed, better, found):
    vocabulary.learn()
    answer = search(typed, bob)
    assert answer.correction is not None
    assert answer.correction.better == better
    assert sorted(numbers(answer)) == [desk[n - 1] for n in found]


@pytest.mark.parametrize("typed", ["vpm", '"prnter"', "-prnter", "xylophon", "打几", "prn"])
def test_what_is_too_short_quoted_or_too_far_off_is_left_as_it_is(bob, typed):
    an_incident("Printer VPN 打印机")
    vocabulary.learn()
    assert search(typed, bob).correction is None


def test_a_word_that_finds_something_is_never_corrected(bob):
    an_incident("Prnter")
    an_incident("Printer")
    vocabulary.learn()
    assert len(numbers(search("prnter", bob))) == 1


def test_a_correction_tells_nobody_of_words_that_they_may_not_read(bob, carol, eve):
    hers = an_incident("No wireless", by=carol)
    an_incident("Severance payroll 裁员名单", by=bob)
    actions.comment(hers, "Bankruptcy looms", by=bob, internal=True)
    vocabulary.learn()
    for typed in ("sevrance", "payrol", "bankrupcy", "裁员明单"):
        assert search(typed, carol).correction is None, typed
        assert search(typed, eve).correction is None, typed
    assert search("bankrupcy", bob).correction is not None
    assert search("wirless", carol).correction is not None


def test_words_are_learnt_once_and_forgotten_with_the_last_record_that_holds_them(bob):
    incident = an_incident("Zeppelin")
    assert vocabulary.learn() > 0
    assert vocabulary.learn() == 0
    assert vocabulary.candidates("zepelin") == ["zeppelin"]
    assert vocabulary.prune() == 0
    actions.change(incident, by=bob, title="Balloon")
    vocabulary.learn()
    assert vocabulary.prune() == 1
    assert vocabulary.candidates("zepelin") == []


# --- who may find what ----------------------------------------------------------------------------


def test_everybody_finds_what_they_may_know_of_by_what_they_may_read(bob, carol, eve):
    hers = an_incident("Printer jams", by=carol, description="floor 3")
    an_incident("Printer smokes", by=bob)
    actions.change(hers, by=bob, external_number="SN4471")
    actions.comment(hers, "spilled coffee", by=bob, internal=True)
    actions.comment(hers, "we come at noon", by=bob)
    assert len(numbers(search("printer", bob))) == 2
    assert numbers(search("printer", carol)) == [hers.number]
    assert search("printer", eve).groups == []
    for typed in ("coffee", "sn4471", "printer coffee", "printer -coffee"):
        assert numbers(search(typed, carol)) == ([hers.number] if "-" in typed else []), typed
    assert numbers(search("noon", carol)) == [hers.number]
    assert numbers(search("sn4471", bob)) == numbers(search("coffee", bob)) == [hers.number]


def test_what_somebody_knows_alone_of_a_kind_is_looked_through_and_the_index_helps_where_it_is_much(
    bob, carol, monkeypatch
):  # fmt: skip
    """Of a million incidents hers are few: the newest of all that hold a word would be read for nothing."""
    hers = [an_incident(title, requester=carol) for title in ("Odd scanner", "Printer", "Printer again")]
    an_incident("Printer of somebody else")
    asked: list[str] = []
    every = holding.hits

    def heard(terms, kinds, **given):
        kinds = list(kinds)
        asked.extend(kind.name for kind in kinds)
        return every(terms, kinds, **given)

    monkeypatch.setattr(holding, "hits", heard)
    assert numbers(search("printer -scanner", carol)) == [hers[2].number, hers[1].number]
    assert "incident" not in asked
    monkeypatch.setattr(holding, "LEFT", 1)
    assert numbers(search("scanner", carol)) == [hers[0].number]
    assert "incident" in asked
    asked.clear()
    assert len(numbers(search("printer", bob))) == 3
    assert "incident" in asked


def test_excluded_words_hide_nothing_by_what_its_reader_is_not_told_of(bob, carol):
    """What is kept from Carol would else be guessed: does her report vanish when she excludes a word?"""
    hers = an_incident("Printer jams", by=carol, description="floor 3")
    actions.change(hers, by=bob, external_number="SN4471 打印机主板")
    actions.comment(hers, "spilled coffee", by=bob, internal=True)
    actions.comment(hers, "we come at noon", by=bob)
    actions.comment(an_incident("Printer smokes", by=bob), "coffee", by=bob)
    for typed, seen in (
        ("printer -sn4471", True), ("printer -主板", True), ("printer -coffee", True), ("-sn4471", True),
        ("-coffee", True), ("printer -jams", False), ("printer -noon", False), ("-noon", False), ("-floor", False),
        ("printer -floor -sn4471", False), ("printer -noo", True), ('printer -"spilled coffee" -"floor 4"', True),
        ('printer -"floor 3"', False), ("sn4471 -x", False),
    ):  # fmt: skip
        assert (hers.number in numbers(search(typed, carol, exactly=True))) == seen, typed
        for as_file in (False, True):
            listing = Listing(kind_named("incident"), carol, {"q": [typed]}, whole=as_file)
            assert (hers.number in listing.numbers()) == seen, f"in the list and its file: {typed}"
    for typed in ("printer -sn4471", "printer -coffee", "-sn4471 kind:incident", "-coffee kind:incident"):
        assert hers.number not in numbers(search(typed, bob, exactly=True)), f"Bob reads it: {typed}"


def test_filters_on_what_a_requester_is_not_told_do_not_exist_for_her(carol):
    an_incident("Printer", by=carol)
    answer = search("printer reopen_count:0", carol, exactly=True)
    assert answer.groups == []


def test_a_bound_is_told_when_words_are_frequent(bob, monkeypatch):
    monkeypatch.setattr("gnomon.records.search.across.COUNTED", 3)
    monkeypatch.setattr("gnomon.records.search.holding.LEFT", 4)
    made = [an_incident(f"Printer {n}", category="rare" if n == 0 else "") for n in range(6)]
    answer = search("printer", bob)
    assert (answer.complete, answer.more) == (False, True)
    assert numbers(answer)[0] == made[-1].number
    rare = search("printer category:rare", bob)  # few are left by the filter, so all of them are looked through
    assert rare.complete
    assert numbers(rare) == [made[0].number]


def test_people_are_found_by_username_in_filters_only(bob):
    robin = a_person("Robin Field", username="rfield", roles=["agent"])
    mine = an_incident("Printer", assignee=robin)
    a_service("Printing")
    assert numbers(search("assignee:rfield", bob)) == [mine.number]
