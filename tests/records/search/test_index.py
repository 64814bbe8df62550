"""The index can be made anew at any time with the same result, and says where it differs from the records."""

from __future__ import annotations

import pytest
from django.db import connection
from tests.resolution.makers import a_service, an_incident

from gnomon.records import actions
from gnomon.records.kinds import kind_named, kinds
from gnomon.records.models import SearchWord
from gnomon.records.search import find_numbers, vocabulary
from gnomon.records.search.asking import understand
from gnomon.records.search.index import put_rows
from gnomon.records.search.matching import among
from gnomon.records.search.rebuilding import differences, rebuild
from gnomon.records.search.tables import KEY, TABLE, bounds, key_of, kind_code, kind_of_key, pk_of
from gnomon.records.search.terms import terms_of

pytestmark = pytest.mark.django_db


def everything():
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {KEY}, words FROM {TABLE} ORDER BY {KEY}")
        return cursor.fetchall()


@pytest.fixture
def told(bob):
    """An incident that was much spoken of."""
    incident = an_incident("打印机坏了", description="Out of paper", service=a_service())
    actions.comment(incident, "Toner too", by=bob)
    actions.comment(incident, "He tried it with jam", by=bob, internal=True)
    actions.move(incident, "resolve", by=bob, resolution="Paper", closure_code="solved")
    return incident


def test_what_was_written_record_by_record_is_what_a_rebuild_would_write(told):
    assert differences() == []
    assert rebuild() == 0


def test_words_among_staff_leave_the_row_of_everybody_else_as_it_stands(told, bob):
    before = dict(everything())
    actions.comment(told, "The fuser is worn", by=bob, internal=True)
    mine, staffs = key_of("incident", told.pk), key_of("incident", told.pk, staff=True)
    assert differences() == []
    assert dict(everything())[mine] == before[mine]
    assert dict(everything())[staffs] != before[staffs]
    actions.comment(told, "We ordered another", by=bob)
    assert differences() == []
    assert "ordered" in dict(everything())[mine]


def test_an_emptied_index_is_made_anew_and_is_the_same(told):
    before = everything()
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE}")
    assert find_numbers("toner") == []
    assert rebuild() == len(before)
    assert everything() == before
    assert find_numbers("toner") == [("incident", told.number)]
    assert find_numbers("jam") == []


def test_a_row_that_differs_and_one_of_nobody_are_named_and_mended(told):
    before = everything()
    mine, nobodys = key_of("incident", told.pk), key_of("service", 999_999)
    put_rows(kind_named("incident"), [(mine, "something else")])
    put_rows(kind_named("service"), [(nobodys, "ghost")])
    assert sorted(differences()) == sorted([mine, nobodys])
    assert rebuild() == 2
    assert everything() == before


def test_a_rebuild_knows_the_words_of_all_records_at_once(told):
    """Two rows hold “paper”, that of the desk and that of staff; “tried” was said among staff, in one row."""
    assert vocabulary.candidates("papr") == []
    rebuild()
    known = dict(SearchWord.objects.values_list("word", "seen"))
    assert (known["paper"], known["toner"], known["tried"]) == (2, 2, 1)
    assert vocabulary.candidates("papr") == ["paper"]
    assert vocabulary.candidates("papre") == ["paper"]
    assert not [word for word in known if not word.isalpha() or len(word) < 4]
    assert vocabulary.learn() == 0  # everything up to here is known


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL keeps the places of words")
def test_for_a_phrase_only_the_rows_that_are_asked_about_are_read(told):
    """A hundred thousand others may hold its words, and to look for the phrase the whole row is read."""
    for _another in range(9):
        an_incident("The printer breaks, then it is off")
    asked = an_incident("VPN breaks off")
    connection.ensure_connection()
    read: list[str] = []
    connection.connection.create_function("instr", 2, lambda text, part: read.append(text) or text.find(part) + 1)
    try:
        phrase = terms_of(understand('"breaks off"'))
        kind = kind_named("incident")
        assert among(phrase, {kind: [told.pk, asked.pk]}, staff_of={"incident"}) == {kind: {asked.pk}}
    finally:
        connection.connection.create_function("instr", 2, None)
    assert len(read) == 1


def test_words_that_nothing_holds_any_more_are_forgotten_with_a_rebuild(told, bob):
    rebuild()
    actions.change(told, by=bob, resolution="Cable")
    actions.change(told, by=bob, description="")
    rebuild()
    assert vocabulary.candidates("papr") == []
    assert vocabulary.candidates("cabel") == ["cable"]
    rebuild()
    assert SearchWord.objects.get(word="cable").seen == 2  # counted anew, not once more


def test_a_key_says_whose_row_it_is():
    for kind in kinds():
        for pk in (1, 2**38):
            for staff in (False, True):
                key = key_of(kind.name, pk, staff)
                first, last = bounds(kind.name)
                assert first <= key <= last < 2**63
                assert pk_of(key) == pk
                assert kind_of_key(key) is kind


def test_no_two_kinds_share_a_code():
    assert len({kind_code(kind.name) for kind in kinds()}) == len(kinds())
