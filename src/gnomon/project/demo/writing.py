"""Write drawn lives as histories of incidents: the same rules as the one door, many records at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from gnomon.agreements.pins import pins_for
from gnomon.jobs.moments import milliseconds
from gnomon.project.demo.simulation import Life, Step
from gnomon.records.actions.history import Happening, History, HistoryWriter
from gnomon.records.actors import SYSTEM
from gnomon.records.facts import blank, ledgered, row_fact
from gnomon.records.kinds import Change, kind_named
from gnomon.records.models import Comment, LedgerEntry
from gnomon.resolution.incidents import what_follows
from gnomon.resolution.models import Incident
from gnomon.resolution.queries.major import criteria_remembered

AT_ONCE = 1000


class YearWriter:
    """Turns lives into histories by letting a rehearsed incident take every step."""

    def __init__(self, people: Mapping[str, Any], teams: Mapping[str, Any], services: Mapping[str, Any]) -> None:
        self.people, self.teams, self.services = people, teams, services
        self.kind = kind_named("incident")
        self.fields = {field.name: field for field in ledgered(Incident)}
        self.blank = {name: blank(field) for name, field in self.fields.items()}
        self.born = [field for field in self.fields.values() if field.has_default() or field.name == "workflow_version"]
        self.pins = {service.pk: pins_for(service, None) for service in services.values()}
        self.writer = HistoryWriter(self.kind, by=SYSTEM, told_at_once=True)

    def write(self, lives: Iterable[Life]) -> int:
        """Write all lives; how many there were."""
        waiting, done = iter(lives), 0
        while batch := list(islice(waiting, AT_ONCE)):
            with criteria_remembered():
                histories = [self._history(life) for life in batch]
            numbers = self.writer.write(histories, now=datetime.now(UTC))
            self._comments(numbers, batch)
            done += len(batch)
        return done

    def _history(self, life: Life) -> History:
        incident = Incident(status=self.kind.workflow.initial.name, recorded_at=life.recorded_at)
        given = {**self._facts(life.facts), "opened_at": life.opened_at, "status": "new"}
        given |= self.pins[given["service"].pk]
        # what `Incident()` holds by itself is a fact of its birth, as it is for every new record
        given = {field.name: getattr(incident, field.name) for field in self.born} | given
        known = dict(self.blank)
        happenings = [self._happening(incident, known, "recorded", life.by, life.recorded_at, given)]
        happenings += [self._step(incident, known, step) for step in life.steps]
        return History(happenings)

    def _step(self, incident: Incident, known: dict[str, Any], step: Step) -> Happening:
        if step.verb == "commented":
            text = {"text": [None, step.facts["text"]], "internal": [None, False]}
            return Happening(
                "incident:commented", milliseconds(step.at), text, actor=self.people[step.by].number, kept=False
            )
        return self._happening(incident, known, step.verb, step.by, step.at, self._facts(step.facts), step.because)

    def _happening(
        self, incident: Incident, known: dict[str, Any], verb: str, by: str, at: datetime, facts: dict[str, Any],
        because: str = "",
    ) -> Happening:  # fmt: skip
        actor = self.people[by]
        born = verb == "recorded"
        move = None if verb in {"recorded", "changed"} else self.kind.workflow.move(verb)
        if move is not None:
            facts["status"] = move.end
        change = Change(verb=verb, by=actor, at=at, facts=facts, old={} if born else known, because=because, move=move)
        self._put(incident, facts)
        follows = what_follows(incident, change)
        self._put(incident, follows)
        written = {}
        for name in facts | follows:
            value = row_fact(incident, self.fields[name])
            if value != known[name]:
                written[name] = [None if born else known[name], value]
                known[name] = value
        return Happening(f"incident:{verb}", milliseconds(at), written, because, actor.number)

    def _put(self, incident: Incident, facts: Mapping[str, Any]) -> None:
        for name, value in facts.items():
            setattr(incident, name, value)

    def _facts(self, drawn: Mapping[str, Any]) -> dict[str, Any]:
        known = {"service": self.services, "requester": self.people, "assignee": self.people, "team": self.teams,
                 "major_manager": self.people}  # fmt: skip
        return {name: known[name][value] if name in known else value for name, value in drawn.items()}

    def _comments(self, numbers: list[str], lives: list[Life]) -> None:
        """The comments themselves, each pointing to its entry."""
        entries = {
            (number, version): sequence
            for number, version, sequence in LedgerEntry.objects.filter(
                number__in=numbers, verb="incident:commented"
            ).values_list("number", "version", "sequence")
        }
        Comment.objects.bulk_create(
            Comment(
                kind="incident", number=number, text=step.facts["text"], internal=False,
                actor=self.people[step.by].number, happened_at=step.at, recorded_at=step.at,
                entry=entries[number, version],
            )
            for number, life in zip(numbers, lives, strict=True)
            for version, step in enumerate(life.steps, 2)
            if step.verb == "commented"
        )  # fmt: skip
