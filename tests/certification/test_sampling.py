"""Samples as records: drawn by those who audit from what a run froze, never changed, judged by others than the author."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from tests.certification.conftest import Evidence, incidents
from tests.makers import a_person
from tests.resolution.makers import a_service, an_incident

from gnomon.certification.actions import draw_sample, examine, run_checks
from gnomon.certification.models import ConformityRun, NumberChunk, Sample, SampleStratum
from gnomon.certification.numbers import Numbers
from gnomon.certification.queries.samples import redraw, siblings, tally
from gnomon.certification.samples import draw
from gnomon.certification.sampling import recount
from gnomon.organization.models import Person
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.ledger.triggers import unguard
from gnomon.records.models import LedgerEntry
from gnomon.records.refusals import InvalidFacts, MoveRefused, NotAllowed
from gnomon.resolution.models import Incident
from gnomon.standard.plugs import Finding

pytestmark = [pytest.mark.django_db, pytest.mark.clause("9.2")]


@pytest.fixture
def desk() -> list[Incident]:
    """Twelve incidents: nine of Mail, three of Web; INC-000001 by the system, like all."""
    mail, web = a_service("Mail"), a_service("Web")
    return [an_incident(f"Case {n}", service=web if n in (3, 6, 9) else mail) for n in range(1, 13)]


@pytest.fixture
def run(evidence: Evidence, desk: list[Incident]) -> ConformityRun:
    evidence.says("8.6.1-b", Finding(incidents(1, 12), late=incidents(2, 2), failed=incidents(1, 1)))
    evidence.says("8.6.1-d", Finding(()))
    return run_checks(by=SYSTEM)


def test_a_random_sample_tells_all_that_is_needed_to_draw_it_again(run: ConformityRun, dave: Person) -> None:
    sample = draw_sample("8.6.1-b", by=dave, rule=1, size=4, seed="spring", because="Spot check of March")
    assert (sample.number, sample.status, sample.run, sample.size) == ("SMP-000001", "drawn", run, 4)
    assert sample.drawn == draw(incidents(1, 12), "spring", 4)
    assert (sample.population_count, sample.population_digest) == (12, Numbers.of(incidents(1, 12)).digest)
    assert (sample.procedure, sample.suggested) == ("gnomon-sample/1", 9)
    entry, drawn = LedgerEntry.objects.filter(number=sample.number).order_by("version")
    assert drawn.changes["drawn"] == [[], sample.drawn]
    assert (drawn.verb, drawn.actor) == ("sample:draw", SYSTEM.number)
    assert entry.changes["seed"] == [None, "spring"]
    assert entry.changes["population_digest"] == [None, sample.population_digest]
    assert (entry.actor, entry.because) == (dave.number, "Spot check of March")
    assert redraw(sample).faults == []
    assert redraw(sample).numbers == sample.drawn


def test_without_size_and_seed_the_suggested_size_is_drawn_with_a_seed_by_lot(run: ConformityRun, dave: Person) -> None:
    # Of 12 two deviate: (12-n)(11-n)/132 ≤ 1/20 means (12-n)(11-n) ≤ 6.6. 9: 3·2 = 6. So 9 are suggested, not 8: 4·3.
    sample = draw_sample("8.6.1-b", by=dave)
    assert sample.size == sample.suggested == 9
    assert len(sample.seed) == 8
    assert sample.drawn == draw(incidents(1, 12), sample.seed, 9)


def test_strata_by_service_get_their_share_and_are_kept(run: ConformityRun, dave: Person) -> None:
    sample = draw_sample("8.6.1-b", by=dave, method="stratified", stratified_by="service", size=4, seed="7")
    mail = Numbers.of(number for number in incidents(1, 12) if number not in {"INC-000003", "INC-000006", "INC-000009"})
    web = Numbers.of(["INC-000003", "INC-000006", "INC-000009"])
    # 4 of 12: nine of Mail have a share of 3, three of Web of 1.
    assert sample.strata == [["SVC-000001", 9, 3, mail.digest], ["SVC-000002", 3, 1, web.digest]]
    assert sample.drawn == sorted(draw(mail, "7", 3) + draw(web, "7", 1))
    # The records move on; the sample is drawn again from what they were.
    actions.change(Incident.objects.get(number="INC-000003"), by=SYSTEM, service=None)
    assert redraw(sample).faults == []


def test_strata_by_outcome_kind_and_month(run: ConformityRun, dave: Person) -> None:
    def strata(by: str) -> list[tuple[str, int]]:
        made = draw_sample("8.6.1-b", by=dave, rule=1, method="stratified", stratified_by=by, size=6)
        assert redraw(made).faults == []
        return [(key, count) for key, count, _taken, _digest in made.strata]

    assert strata("outcome") == [("failed", 1), ("held", 10), ("late", 1)]
    assert strata("kind") == [("incident", 12)]
    (month,) = strata("month")
    assert month[1] == 12


def test_all_are_taken_and_records_are_named_with_a_reason_each(run: ConformityRun, dave: Person) -> None:
    assert draw_sample("8.6.1-b", by=dave, method="all").drawn == incidents(1, 12)
    failed = draw_sample("8.6.1-b", by=dave, method="all", part="failed", rule=1)
    assert failed.drawn == ["INC-000001"]
    named = draw_sample("8.6.1-b", by=dave, method="judgement", named={"INC-000007": "Reopened twice"})
    assert (named.drawn, named.seed, named.procedure) == (["INC-000007"], "", "")
    assert redraw(named).faults == []


@pytest.mark.parametrize(
    ("order", "field", "says"),
    [
        ({"requirement": "8.6.1-d"}, "requirement", "There is nothing to draw from"),
        ({"requirement": "8.6.1-zz"}, "requirement", "There is no requirement 8.6.1-zz"),
        ({"rule": 9}, "rule", "There is no rule 9"),
        ({"method": "stratified"}, "stratified_by", "Say by what to stratify"),
        ({"stratified_by": "team"}, "stratified_by", "only when drawing in strata"),
        ({"method": "judgement"}, "named", "Name records"),
        ({"method": "judgement", "named": {"INC-000099": "x"}}, "named", "INC-000099: not among the records"),
        ({"method": "judgement", "named": {"INC-000001": " "}}, "named", "for each record its reason"),
        ({"size": 0}, "size", "from 1 to 1000"),
        ({"method": "stratified", "stratified_by": "service", "size": 1}, "size", "There are 2 strata"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_a_sentence(
    run: ConformityRun, dave: Person, order: dict[str, Any], field: str, says: str
) -> None:
    with pytest.raises(InvalidFacts) as refused:
        draw_sample(order.pop("requirement", "8.6.1-b"), by=dave, **order)
    assert says in refused.value.fields[field]
    assert not Sample.objects.exists()


def test_all_of_a_population_that_nobody_can_look_at_is_refused(evidence: Evidence, dave: Person) -> None:
    evidence.says("8.6.1-b", Finding(incidents(1, 1001)))
    run_checks(by=SYSTEM)
    with pytest.raises(InvalidFacts, match="1001 records, more than a person can look at"):
        draw_sample("8.6.1-b", by=dave, method="all")


def test_only_those_who_audit_draw(run: ConformityRun, alice: Person, bob: Person, eve: Person) -> None:
    for person in (alice, bob, eve):
        with pytest.raises(NotAllowed):
            draw_sample("8.6.1-b", by=person)
    outside = a_person("Ella", username="ella", roles=["external_auditor"], access_until="2099-01-01")
    assert draw_sample("8.6.1-b", by=outside).status == "drawn"


def test_a_sample_is_never_changed(run: ConformityRun, dave: Person) -> None:
    sample = draw_sample("8.6.1-b", by=dave, size=2)
    with pytest.raises(NotAllowed):
        actions.change(sample, by=dave, seed="better")
    with pytest.raises(InvalidFacts, match="A sample is drawn once"):
        actions.change(sample, by=SYSTEM, seed="better")


def test_each_record_is_judged_and_the_latest_word_counts(run: ConformityRun, dave: Person) -> None:
    sample = draw_sample("8.6.1-b", by=dave, method="judgement", named=dict.fromkeys(incidents(1, 3), "Looked odd"))
    examine(sample, "INC-000001", "conforming", by=dave)
    examine(sample, "INC-000002", "nonconforming", by=dave, because="No priority for an hour")
    assert (sample.examined_count, sample.deviating_count) == (2, 1)
    with pytest.raises(InvalidFacts, match="1 record was not looked at yet"):
        actions.move(sample, "conclude", by=dave, conclusion="Fine")
    examine(sample, "INC-000002", "not_applicable", by=dave, because="It was a test")
    examine(sample, "INC-000003", "conforming", by=dave)
    assert (sample.examined_count, sample.deviating_count) == (3, 0)
    assert tally(sample) == {"conforming": 2, "nonconforming": 0, "not_applicable": 1, "waiting": 0}
    told = LedgerEntry.objects.filter(number=sample.number, verb="sample:examined").order_by("version")
    assert [entry.changes["outcome"] for entry in told] == [
        [None, "conforming"], [None, "nonconforming"], ["nonconforming", "not_applicable"], [None, "conforming"],
    ]  # fmt: skip
    actions.move(sample, "conclude", by=dave, conclusion="Priorities are set in time.")
    with pytest.raises(MoveRefused, match="nothing is judged in it any more"):
        examine(sample, "INC-000001", "nonconforming", by=dave, because="On second thought")
    sample.examined_count = sample.deviating_count = 0
    recount([sample])
    sample.refresh_from_db()
    assert (sample.examined_count, sample.deviating_count) == (3, 0)


def test_nobody_audits_their_own_work(run: ConformityRun, mona: Person, dave: Person) -> None:
    sample = draw_sample("8.6.1-b", by=mona, method="judgement", named=dict.fromkeys(incidents(1, 2), "Mine"))
    actions.change(Incident.objects.get(number="INC-000001"), by=SYSTEM, owner=mona)
    with pytest.raises(NotAllowed, match="INC-000001 is your own work"):
        examine(sample, "INC-000001", "conforming", by=mona)
    # A question is no work.
    actions.comment(Incident.objects.get(number="INC-000002"), "Why so late?", by=mona)
    examine(sample, "INC-000002", "conforming", by=mona)
    examine(sample, "INC-000001", "conforming", by=dave)


def test_who_wrote_a_record_does_not_judge_it(run: ConformityRun, dave: Person) -> None:
    sample = draw_sample("8.6.1-b", by=dave, method="judgement", named={"INC-000005": "Long"})
    both = a_person("Bob Both", username="both", roles=["agent", "internal_auditor"])
    actions.change(Incident.objects.get(number="INC-000005"), by=both, impact=1, urgency=1)
    with pytest.raises(NotAllowed, match="your own work"):
        examine(sample, "INC-000005", "conforming", by=both)


def test_what_was_found_needs_words_and_a_drawn_record(run: ConformityRun, dave: Person, bob: Person) -> None:
    sample = draw_sample("8.6.1-b", by=dave, method="judgement", named={"INC-000005": "Long"})
    with pytest.raises(InvalidFacts, match="was not drawn in this sample"):
        examine(sample, "INC-000006", "conforming", by=dave)
    with pytest.raises(InvalidFacts, match="Say what you saw"):
        examine(sample, "INC-000005", "nonconforming", by=dave)
    with pytest.raises(InvalidFacts, match="Choose one of"):
        examine(sample, "INC-000005", "perfect", by=dave)
    with pytest.raises(NotAllowed):
        examine(sample, "INC-000005", "conforming", by=bob)


def test_whoever_draws_until_it_fits_is_seen(run: ConformityRun, dave: Person) -> None:
    first = draw_sample("8.6.1-b", by=dave, size=3)
    actions.move(first, "withdraw", by=dave, because="Not to my liking")
    second = draw_sample("8.6.1-b", by=dave, size=3)
    assert [each.number for each in siblings(second)] == [first.number, second.number]


def test_a_population_or_seed_altered_beside_the_ledger_is_noticed(run: ConformityRun, dave: Person) -> None:
    sample = draw_sample("8.6.1-b", by=dave, method="stratified", stratified_by="service", size=4)
    Sample.objects.filter(pk=sample.pk).update(seed="another")
    sample.refresh_from_db()
    assert redraw(sample).faults == ["The seed draws other records than these."]
    unguard(connection)
    stratum = SampleStratum.objects.filter(sample=sample, key="SVC-000002").get()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE certification_samplestratum SET packed = %s WHERE id = %s",
            [Numbers.of(incidents(3, 4)).pack({}), stratum.pk],
        )
    assert "The strata are others" in redraw(sample).faults[0]


def test_chunks_of_strata_are_kept_once(evidence: Evidence, dave: Person) -> None:
    evidence.says("8.6.1-b", Finding([f"INC-{n:06d}" for n in range(1, 400, 3)]))
    run_checks(by=SYSTEM)
    draw_sample("8.6.1-b", by=dave, method="stratified", stratified_by="kind", size=5)
    before = NumberChunk.objects.count()
    draw_sample("8.6.1-b", by=dave, method="stratified", stratified_by="kind", size=5)
    assert NumberChunk.objects.count() == before
