"""What a record cannot hold is refused in a sentence, at the one door, whoever sent it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.organization.makers import a_field
from tests.resolution.makers import a_service, an_incident

from gnomon.agreements.kinds import service_level_agreement as AGREEMENT
from gnomon.governance.kinds import document as DOCUMENT
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import kinds
from gnomon.records.models import LedgerEntry
from gnomon.records.queries import history
from gnomon.records.refusals import InvalidFacts, Refused
from gnomon.records.texts import fault_of, fault_of_json
from gnomon.resolution.kinds import incident as INCIDENT
from gnomon.resolution.models import Incident

pytestmark = pytest.mark.django_db


def refusal(field, **facts):
    """The sentence about `field` when an incident is recorded with these facts; nothing was written."""
    before = LedgerEntry.objects.count()
    with pytest.raises(InvalidFacts) as refused:
        an_incident(**facts)
    assert refused.value.says.endswith(".")
    assert LedgerEntry.objects.count() == before
    return refused.value.fields[field]


def attempt(action, *facts, **more):
    """What the action made, and the sentence of its refusal; one of them is empty."""
    try:
        return action(*facts, **more), ""
    except Refused as refused:
        return None, refused.says


# --- titles ---------------------------------------------------------------------------------------


def test_a_title_of_ten_thousand_characters_is_refused_with_what_fits():
    assert "at most 300 characters (it has 10000)" in refusal("title", title="x" * 10_000)


@pytest.mark.parametrize("empty", ["", "   ", "\n\t"])
def test_a_title_of_nothing_but_space_is_no_title(empty):
    assert refusal("title", title=empty) == "“title” must be filled."


@pytest.mark.parametrize("bad", ["a\x00b", "half \ud800 pair", "\udfff"])
def test_what_no_database_keeps_is_refused(bad):
    assert "a character that cannot be kept" in refusal("title", title=bad)
    assert "a character that cannot be kept" in refusal("description", title="Fine", description=bad)


@pytest.mark.parametrize(
    "odd",
    ["<script>alert(1)</script>", "'; DROP TABLE resolution_incident; --", "{{ settings.SECRET_KEY }}", "%s %(x)s",
     "打印机坏了 🖨️", "\u202ereversed", "a\r\nb", "=1+1"],
)  # fmt: skip
def test_all_else_is_kept_as_it_was_typed(odd):
    incident = an_incident(title=odd)
    incident.refresh_from_db()
    assert incident.title == odd == history(incident)[0].changes["title"][1]


def test_a_description_may_be_long_but_not_endless():
    assert an_incident(description="x" * 1_000_000).version == 1
    assert "at most 1000000 characters" in refusal("description", description="x" * 1_000_001)


# --- wrong types and sizes ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", 42), ("title", ["a"]), ("title", {"a": 1}), ("title", b"bytes"), ("title", True),
        ("description", 4.5),
        ("impact", 0), ("impact", 4), ("impact", -1), ("impact", 2**70), ("impact", "high"), ("impact", 1.5),
        ("impact", True), ("impact", float("inf")), ("impact", float("nan")), ("impact", [1]),
        ("urgency", "1e400"),
        ("priority", 5), ("channel", "pigeon"), ("waiting_reason", "weather"),
        ("service", "SVC-000001"), ("service", 1), ("requester", a_service),
        ("opened_at", "yesterday"), ("opened_at", datetime(2026, 3, 10)), ("opened_at", 1_700_000_000),
        ("is_major", "perhaps"), ("is_major", None),
        ("reopen_count", -1), ("reopen_count", 2**63),
        ("source", float("inf")), ("source", {"a": float("nan")}), ("source", {"a": 2**60}), ("source", {1: "a"}),
        ("source", {"a": "\ud800"}), ("source", {"\x00": 1}), ("source", {"a": b"bytes"}), ("source", {"a": {1, 2}}),
        ("external_number", "x" * 81),
    ],
)  # fmt: skip
def test_a_value_of_the_wrong_kind_is_named(field, value):
    says = refusal(field, **{"title": "Fine", "urgency": 1, "impact": 1, field: value})
    assert says
    assert "Traceback" not in says


def test_every_wrong_field_is_named_at_once():
    with pytest.raises(InvalidFacts) as refused:
        an_incident(title="", impact=9, channel="pigeon")
    assert set(refused.value.fields) == {"title", "impact", "channel"}


def test_a_field_that_does_not_exist_is_named():
    assert refusal("colour", colour="red") == "Unknown field."


@pytest.mark.parametrize("name", ["id", "number", "version", "recorded_at", "due_at", "resolve_met"])
def test_bookkeeping_and_projections_cannot_be_given(name):
    assert refusal(name, **{name: 1}) == "Unknown field."


def test_values_nested_too_deeply_are_refused_before_anything_recurses():
    nested = []
    for _ in range(900):
        nested = [nested]
    assert "nested too deeply" in refusal("source", source={"a": nested})


def test_the_value_that_a_kind_thinks_about_is_checked_before_it_thinks():
    """Impact 9 has no row in the priority matrix; the answer is a sentence, not a fault of ours."""
    incident = an_incident(impact=1, urgency=1)
    with pytest.raises(InvalidFacts) as refused:
        actions.change(incident, by=SYSTEM, impact=9)
    assert set(refused.value.fields) == {"impact"}
    assert (incident.impact, incident.priority) == (1, 1)


def test_a_rule_that_the_database_keeps_is_told_as_a_sentence():
    a_field("room")
    with pytest.raises(InvalidFacts, match="would break the rule “a custom field of a kind has one meaning”"):
        a_field("room")


def test_a_name_that_is_taken_is_said_to_be_taken(bob, olga):
    with pytest.raises(InvalidFacts) as refused:
        actions.change(olga, by=olga, username="bob")
    assert refused.value.fields == {"username": "Another record already has this username."}


@pytest.mark.parametrize("reason", ["x" * 4001, "\x00", "\ud800"])
def test_a_reason_that_cannot_be_kept_is_refused(reason):
    incident = an_incident()
    with pytest.raises(InvalidFacts) as refused:
        actions.change(incident, by=SYSTEM, category="mail", because=reason)
    assert list(refused.value.fields) == ["because"]


@pytest.mark.parametrize("text", ["", " \n ", "x" * 100_001, "\x00", "\ud83d"])
def test_a_comment_that_cannot_be_kept_is_refused(text):
    incident = an_incident()
    with pytest.raises(InvalidFacts) as refused:
        actions.comment(incident, text, by=SYSTEM)
    assert list(refused.value.fields) == ["text"]
    assert incident.version == 1


# --- properties -----------------------------------------------------------------------------------

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@given(value=JSON)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_json_is_given_it_is_kept_whole_or_refused(db, value):
    incident, says = attempt(an_incident, source=value)
    assert (incident is None) == says.endswith(".")
    if incident is None:
        return
    stored = Incident.objects.get(pk=incident.pk).source
    assert stored == value or not value
    assert history(incident)[0].changes.get("source", [None, {}])[1] == stored or not value


@given(text=st.text(st.characters(codec=None), max_size=40))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_text_is_given_it_is_kept_whole_or_refused(db, text):
    if fault_of(text):
        with pytest.raises(InvalidFacts):
            an_incident(description=text)
    else:
        incident = an_incident(description=text)
        assert Incident.objects.get(pk=incident.pk).description == text
        assert history(incident)[0].changes.get("description", ["", ""])[1] == text


ANYTHING = JSON | st.datetimes() | st.datetimes(timezones=st.just(UTC)) | st.binary(max_size=3)


@given(data=st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_value_in_any_field_of_any_kind_breaks_the_door(db, data):
    kind = data.draw(st.sampled_from([kind for kind in kinds() if kind.fields]))
    given_facts = data.draw(st.dictionaries(st.sampled_from(kind.fields), ANYTHING, max_size=3))
    made, says = attempt(actions.record, kind, by=SYSTEM, **{"title": "Anything", **given_facts})
    assert (made is None) == says.endswith(".")


def test_what_is_deep_or_large_is_measured_not_walked_into():
    assert fault_of_json({"a": [1, 2.5, None, True, "b"]}) == ""
    assert "too large" in fault_of_json({"a": [2**53]})
    assert fault_of_json(object()).startswith("The value must be made of")


def test_documents_and_agreements_are_held_to_the_same(db):
    with pytest.raises(InvalidFacts):
        actions.record(DOCUMENT, by=SYSTEM, title="Plan", next_review_date="soon")
    with pytest.raises(InvalidFacts):
        actions.record(AGREEMENT, by=SYSTEM, title="Mail", targets=[{"priority": float("inf")}])
    assert INCIDENT.model is Incident
