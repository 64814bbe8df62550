"""Whatever an object-centric log says, each format of OCEL 2.0 carries it out and in again; others read it too."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import r4pm
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.evaluation.mining.lives import make_lives

from gnomon.integrations.object_log import object_log, staged_log
from gnomon.integrations.object_log_forms import FORMS
from gnomon.organization.actions import make_token
from gnomon.organization.models import Person
from gnomon.records.actors import SYSTEM
from gnomon.records.imports.object_logs.staged import EVENT, OBJECT, SORTS, Happened, Staged, Thing
from gnomon.records.imports.ocel import is_ocel, read_object_log
from gnomon.records.imports.refusals import UnreadableFile
from gnomon.records.kinds import kind_named
from gnomon.records.refusals import Refused

INCIDENT = "incident"
# What XML can say; beyond it only control characters and halves of signs.
SIGNS = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff")
TEXTS = st.text(SIGNS | st.sampled_from("\t\n\r"), max_size=12)
TIMES = st.datetimes().map(lambda at: at.replace(microsecond=0).isoformat() + "Z") | st.just("1970-01-01T00:00:00Z")
VALUES = {
    "string": TEXTS,
    "time": TIMES,
    "integer": st.integers(-(2**63), 2**63 - 1).map(str),
    "float": st.floats(allow_nan=False, allow_infinity=False).map(json.dumps),
    "boolean": st.sampled_from(["true", "false"]),
}
NAMES = st.text(st.characters(categories=("L", "N", "Zs", "Po")), min_size=1, max_size=6)


@contextmanager
def a_stage() -> Iterator[Staged]:
    with TemporaryDirectory() as folder, closing(sqlite3.connect(Path(folder) / "x.sqlite3")) as database:
        yield Staged(database, "log")


def content(staged: Staged) -> dict[str, Any]:
    """All that a log says; in what order it tells of types, values and ties means nothing."""
    return {
        "types": {what: {one.name: dict(one.attributes) for one in staged.types(what)} for what in (EVENT, OBJECT)},
        "events": {one.id: (one.type, one.time, dict(one.told), sorted(one.ties)) for one in staged.events()},
        "objects": {one.id: (one.type, sorted(one.states), sorted(one.ties)) for one in staged.objects()},
    }


@st.composite
def logs(draw: Any) -> tuple[dict[str, Any], list[Happened], list[Thing]]:
    types: dict[str, dict[str, dict[str, str]]] = {}
    for what in (EVENT, OBJECT):
        attributes = st.dictionaries(NAMES, st.sampled_from(SORTS), max_size=3)
        names = NAMES | st.sampled_from(["object", "map_type", "Map Type"])
        found = draw(st.dictionaries(names, attributes, min_size=1, max_size=3))
        # Two names that differ in nothing but case, or begin as SQLite's own columns do, have a test of their own.
        types[what] = {
            type_: {n: s for n, s in own.items() if [m.lower() for m in own].count(n.lower()) == 1 and not n.startswith("ocel_")}
            for type_, own in found.items()
        }  # fmt: skip
    ids = draw(st.lists(TEXTS.filter(bool), min_size=1, max_size=5, unique=True))
    ties = st.lists(st.tuples(st.sampled_from(ids), TEXTS), max_size=3, unique=True)
    things = []
    for name in ids:
        type_ = draw(st.sampled_from(sorted(types[OBJECT])))
        states = [
            (attribute, time, draw(VALUES[sort]))
            for attribute, sort in types[OBJECT][type_].items()
            for time in draw(st.lists(TIMES, max_size=3))
        ]
        things.append(Thing(name, type_, states, draw(ties)))
    events = []
    for name in draw(st.lists(TEXTS.filter(bool), max_size=5, unique=True)):
        type_ = draw(st.sampled_from(sorted(types[EVENT])))
        told = {a: draw(VALUES[sort]) for a, sort in types[EVENT][type_].items() if draw(st.booleans())}
        events.append(Happened(name, type_, draw(TIMES), told, draw(ties)))
    return types, events, things


@settings(deadline=None, max_examples=40)
@given(logs(), st.sampled_from(sorted(FORMS)))
def test_whatever_a_log_says_each_format_carries(log: Any, form: str) -> None:
    types, events, things = log
    with a_stage() as told, a_stage() as heard, TemporaryDirectory() as folder:
        told.begin()
        for what, own in types.items():
            for name, attributes in own.items():
                told.declare(what, name, attributes)
        for event in events:
            told.add_event(event)
        for thing in things:
            told.add_object(thing)
        told.end()
        path = Path(folder) / "log"
        path.write_bytes(b"".join(FORMS[form].pieces(told)))
        assert is_ocel(path.read_bytes()[:4096])

        read_object_log(path, heard)

        assert content(heard) == content(told)


def test_what_a_format_cannot_say_is_refused_or_marked() -> None:
    """SQLite names no two columns that differ in case alone; XML says a control character as a replacement."""
    with a_stage() as staged:
        staged.begin()
        staged.declare(OBJECT, "a", {"Size": "integer", "size": "integer"})
        staged.add_object(Thing("x\x01", "a"))
        staged.end()
        with pytest.raises(Refused, match="Take JSON or XML"):
            b"".join(FORMS["ocel.sqlite"].pieces(staged))
        assert 'id="x\ufffd"'.encode() in b"".join(FORMS["ocel.xml"].pieces(staged))


@pytest.mark.django_db
@pytest.mark.parametrize("form", sorted(FORMS))
def test_others_read_every_format_of_ours(bob: Person, tmp_path: Path, form: str) -> None:
    """r4pm finds the same numbers of events, objects and steps in each format as we do in the ledger."""
    make_lives(bob)
    path = tmp_path / f"log.{form.rpartition('.')[2]}"
    path.write_bytes(b"".join(object_log(kind_named(INCIDENT), bob, form=form)))

    log = r4pm.import_item("OCEL", str(path))

    with staged_log(kind_named(INCIDENT), bob, {}) as staged:
        ours = content(staged)
    assert r4pm.bindings.num_events(log) == len(ours["events"]) > 20
    assert r4pm.bindings.num_objects(log) == len(ours["objects"]) > 8
    theirs = tmp_path / "theirs.json"
    r4pm.export_item(log, str(theirs))
    told = json.loads(theirs.read_text())
    ties = {(one["id"], tie["objectId"], tie["qualifier"]) for one in told["events"] for tie in one["relationships"]}
    assert ties == {(name, other, how) for name, (_t, _a, _v, some) in ours["events"].items() for other, how in some}
    values = {
        (one["id"], a["name"], a["value"])
        for one in told["events"]
        for a in one["attributes"]
        if a["value"] is not None
    }
    assert values == {(name, *pair) for name, (_t, _a, told_, _s) in ours["events"].items() for pair in told_.items()}


@pytest.mark.parametrize("prefix", ["o:", "对象:"])
def test_xml_under_a_prefix_is_the_same_log(tmp_path: Path, prefix: str) -> None:
    path = tmp_path / "log.xml"
    with a_stage() as told, a_stage() as heard:
        told.begin()
        told.declare(OBJECT, "order", {"size": "integer"})
        told.declare(EVENT, "placed", {})
        told.add_event(Happened("e1", "placed", "2026-01-05T09:00:00Z", {}, [("o1", "of")]))
        told.add_object(Thing("o1", "order", [("size", "2026-01-05T09:00:00Z", "3")]))
        told.end()
        text = b"".join(FORMS["ocel.xml"].pieces(told)).decode()
        under = re.sub(r"<(/?)([a-z])", rf"<\1{prefix}\2", text)
        path.write_text(
            under.replace(f"<{prefix}log", f'<{prefix}log xmlns:{prefix}="urn:ocel"'.replace(':="', '="'), 1)
        )
        assert is_ocel(path.read_bytes()[:4096])

        read_object_log(path, heard)

        assert content(heard) == content(told)
    assert not is_ocel(f'<{prefix}log xmlns:{prefix[:-1]}="urn:xes"><{prefix}trace/>'.encode())


XML = '<?xml version="1.0"?>\n<log>\n<object-types/>\n<objects>{}</objects>\n</log>'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (XML.format("<object"), "breaks in line 4"),
        (XML.format("")[:-6], "breaks in line 5"),
        ('<!DOCTYPE log [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>' + XML[22:].format("&b;"), "declares entities"),
        ('<!DOCTYPE log SYSTEM "file:///etc/passwd">' + XML[22:].format(""), "declares entities or a document type"),
        (XML.format("<x>" * 200 + "</x>" * 200), "goes too far in line 4"),
        (XML.format(f'<object id="{"9" * 1_100_000}"/>'), "goes too far in line"),
        (
            XML.format("<object><attributes><attribute>" + "9" * 1_100_000 + "</attribute></attributes></object>"),
            "goes too far",
        ),
        (XML.format('<object id="' + "x" * 40_000_000), "goes too far in line"),
        ("<log><what/></log>", "no objects and events of OCEL 2.0"),
    ],
    ids=range(9),
)
def test_xml_that_is_broken_or_hostile_says_where(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "log.xml"
    path.write_text(text)
    with a_stage() as staged, pytest.raises(UnreadableFile, match=says):
        read_object_log(path, staged)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("DROP TABLE event_object", "no table “event_object”"),
        (
            "ALTER TABLE object_map_type RENAME COLUMN ocel_type_map TO other",
            "“object_map_type” has no column “ocel_type_map”",
        ),
        ("ALTER TABLE event_done RENAME COLUMN ocel_time TO at", "“event_done” has no column “ocel_time”"),
        (
            "ALTER TABLE object_object RENAME COLUMN ocel_qualifier TO how",
            "“object_object” has no column “ocel_qualifier”",
        ),
    ],
)
def test_a_database_of_another_schema_names_what_is_missing(tmp_path: Path, change: str, says: str) -> None:
    path = tmp_path / "log.sqlite"
    with a_stage() as staged:
        staged.begin()
        staged.add_event(Happened("e", "done", "2026-01-05T09:00:00Z", {}))
        staged.end()
        path.write_bytes(b"".join(FORMS["ocel.sqlite"].pieces(staged)))
    with closing(sqlite3.connect(path)) as database:
        database.execute(change)
        database.commit()
    before = path.read_bytes()
    with a_stage() as staged, pytest.raises(UnreadableFile, match=says):
        read_object_log(path, staged)
    assert path.read_bytes() == before


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["xes", *sorted(FORMS)])
def test_the_doors_of_each_format(
    bob: Person, alice: Person, alice_browser: Client, eve_browser: Client, tmp_path: Path, form: str
) -> None:
    make_lives(bob)
    _token, secret = make_token(alice, name="logs", by=SYSTEM)
    token = {"Authorization": f"Bearer {secret}"}
    url = f"/integrations/export/incident.{form}"
    answer: Any = alice_browser.get(url, {"priority": "2"})
    heard: Any = alice_browser.get(f"/api/v1/event-logs/incident?format={form}&priority=2", headers=token)
    assert (answer.status_code, heard.status_code) == (200, 200)
    path = tmp_path / "log"
    for told in (answer, heard):
        path.write_bytes(b"".join(told.streaming_content))
        assert form in told["Content-Disposition"]
        if form != "xes":
            with a_stage() as staged:
                read_object_log(path, staged)
                assert len(content(staged)["events"]) == 5 + 8
    assert eve_browser.get(url).status_code == 403
    assert alice_browser.get(url.replace("incident", "cat")).status_code == 404
    assert alice_browser.get("/api/v1/event-logs/incident?format=pdf", headers=token).status_code == 422
