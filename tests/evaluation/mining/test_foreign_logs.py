"""Logs from elsewhere: sent, looked at, mined and forgotten, by their owner alone; broken and odd ones in a table."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation
from tests.conftest import SignIn
from tests.evaluation.mining.test_doors import Run, gnomon, rest
from tests.integrations.test_event_logs import SMALL
from tests.records.imports.test_ocel import LOG as OCEL

from gnomon.evaluation.actions import foreign_logs
from gnomon.evaluation.actions.foreign_logs import choose_columns, forget_log, forget_old_logs, read_log, receive_log
from gnomon.evaluation.forgetting import destroy_logs
from gnomon.evaluation.models import ForeignLog
from gnomon.evaluation.queries.foreign_logs import events_file
from gnomon.jobs.models import QueuedJob
from gnomon.organization.models import Person
from gnomon.records.actors import SYSTEM
from gnomon.records.erasing import Forgotten
from gnomon.records.imports.refusals import UnreadableFile
from gnomon.records.models import LedgerEntry

__all__ = ["gnomon", "rest"]
pytestmark = pytest.mark.django_db

# By hand: a went New → Work → Done in 1 h + 2 h; b went New → Work → New → Done; c only New.
CSV = """工单编号,状态,时间,备注
a,新建,2026-01-05 09:00,你好
a,处理,2026-01-05 10:00,
a,完成,2026-01-05 12:00,
b,新建,2026/1/6 9:00,
b,处理,2026/1/6 9:30,
b,新建,2026/1/6 10:00,
b,完成,2026年1月6日 11:00:00,
c,新建,2026-01-07T08:00:00+08:00,
"""


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, settings: Any) -> None:
    settings.HOME = tmp_path


def sent(text: bytes | str, name: str = "log.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text)


def zipped(name: str, text: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, text)
    return packed.getvalue()


def look(log: ForeignLog) -> tuple[Any, ...]:
    assert (log.state, log.says) == ("read", "")
    found = log.look
    return found["form"], found["cases"], found["events"], found["activities"], found["left_out"]


@pytest.mark.parametrize(
    ("bytes_", "expected"),
    [
        (CSV.encode(), ("CSV", 3, 8, 3, 0)),
        (CSV.encode("gbk"), ("CSV", 3, 8, 3, 0)),
        (CSV.encode("utf-8-sig"), ("CSV", 3, 8, 3, 0)),
        (CSV.encode("utf-16"), ("CSV", 3, 8, 3, 0)),
        (gzip.compress(CSV.encode("gbk")), ("CSV", 3, 8, 3, 0)),
        (CSV.replace(",", ";").encode(), ("CSV", 3, 8, 3, 0)),
        # Broken in the middle: a row without case, one without time, one whose time is none, one cut off.
        ((CSV + ",新建,2026-01-05,\nd,新建,,\nd,新建,soon,\nd,新").encode(), ("CSV", 3, 8, 3, 4)),
        (SMALL.encode(), ("XES", 1, 3, 3, 0)),
        (gzip.compress(SMALL.encode("utf-8-sig")), ("XES", 1, 3, 3, 0)),
        (json.dumps(OCEL).encode(), ("OCEL 2.0", 2, 4, 2, 0)),
        (json.dumps(OCEL, ensure_ascii=False).encode("gb18030"), ("OCEL 2.0", 2, 4, 2, 0)),
    ],
    ids=[
        "utf-8",
        "gbk",
        "bom",
        "utf-16",
        "gbk gz",
        "semicolons",
        "broken rows",
        "xes",
        "xes bom gz",
        "ocel",
        "ocel gb",
    ],
)
def test_what_is_in_a_log_is_told(bob: Person, bytes_: bytes, expected: Any) -> None:
    assert look(receive_log(sent(bytes_), by=bob)) == expected


@pytest.mark.parametrize(
    ("bytes_", "says"),
    [
        (SMALL[: len(SMALL) // 2].encode(), "breaks in line"),
        (gzip.compress(CSV.encode() * 50)[:200], "is damaged after"),
        (json.dumps(OCEL)[:-40].encode(), "breaks after"),
        (b"SQLite format 3\0" + b"\xff" * 4000, "is a damaged database"),
        (b'<!DOCTYPE log [<!ENTITY x "y">]><log/>', "declares entities"),
        (b"PK\x03\x04 no archive", "damaged .zip"),
        (zipped("a.csv", CSV).replace(b"a.csv", b"b.csv", 1), "damaged .zip"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "is not UTF-8"),
        (b"", "is empty"),
        (b"case,activity,timestamp\n", "no event that can be used"),
        (b"case,activity,timestamp\na,New,soon\n", "whose time cannot be read"),
    ],
    ids=["xes", "gz", "json", "sqlite", "entities", "zip", "zip within", "png", "empty", "no rows", "no times"],
)
def test_what_cannot_be_read_says_why_by_its_own_name(bob: Person, bytes_: bytes, says: str) -> None:
    log = receive_log(sent(bytes_, "theirs.bin"), by=bob)
    assert log.state == "refused"
    assert says in log.says
    assert "theirs.bin" in log.says


def test_problems_tell_how_often_and_where_first(bob: Person, bob_browser: Client) -> None:
    new = "New,2026-01-05T09:00:00Z\n"
    text = f"case,activity,timestamp\na,{new}a,{new},{new}a,Done,soon\n"
    log = receive_log(sent(text), by=bob)
    told = {(one["text"].split(";")[0], one["count"], one["row"], one["value"]) for one in log.look["problems"]}
    assert told == {
        ("Events without a case", 1, 4, ""), ("Events whose time cannot be read", 1, 5, "soon"),
        ("Events that stand there twice, with the same case, activity and time", 1, 0, ""),
    }  # fmt: skip
    page = bob_browser.get(f"/evaluation/mining/logs/{log.pk}/", headers={"Accept-Language": "zh-CN"}).content.decode()
    assert "时间无法读取" in page


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("1712011200000", "2024-04-01T22:40:00.000Z"),  # 19,814 days of 86,400,000 ms, and 81,600 s
        ("946684800000", "2000-01-01T00:00:00.000Z"),  # 10,957 days
        ("0", "1970-01-01T00:00:00.000Z"),
        ("-1712011200000", "1915-10-02T01:20:00.000Z"),  # 19,815 days before 1970, and 4,800 s of that day
        ("20240401", "2024-03-31T16:00:00.000Z"),
        ("20240402064000", "2024-04-01T22:40:00.000Z"),
        ("20240401T224000Z", "2024-04-01T22:40:00.000Z"),
        ("2024-04-01 22:40:00 UTC", "2024-04-01T22:40:00.000Z"),
        ("2024-4-1T22:40Z", "2024-04-01T22:40:00.000Z"),
        ("2024年4月2日6时40分", "2024-04-01T22:40:00.000Z"),
        ("2024.4.2 6：40：00", "2024-04-01T22:40:00.000Z"),
        ("2024年4月2日 星期二 06:40:00", "2024-04-01T22:40:00.000Z"),
        ("2024/4/2", "2024-04-01T16:00:00.000Z"),
        # Twelve hours, or a zone, that nobody here knows: better none than a wrong one.
        ("2024/4/1 10:40 PM", None),
        ("2024年4月1日 下午10:40", None),
        ("2024/4/1 22:40 CET", None),
        ("20241301064000", None),  # no thirteenth month, and no milliseconds of the year 2611
        ("202404020640", None),
        ("1712011200", None),
        ("999999999999999", None),
        ("-99999999999999", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-31T23:59:59-14:00", None),
    ],
)
def test_a_time_is_what_it_says_or_none(bob: Person, settings: Any, text: str, at: str | None) -> None:
    settings.TIME_ZONE = "Asia/Shanghai"
    log = receive_log(sent(f"case,activity,timestamp\na,New,{text}\nb,New,2999-01-05T09:00:00Z\n"), by=bob)
    assert look(log) == ("CSV", *((2, 2, 1, 0) if at else (1, 1, 1, 1)))
    assert at is None or log.look["first"] == at


@pytest.mark.parametrize("text", ["202404020640", "1712011200"])
def test_digits_that_may_mean_several_times_are_refused_with_what_to_do(bob: Person, text: str) -> None:
    log = receive_log(sent(f"case,activity,timestamp\na,New,{text}\n"), by=bob)
    assert log.state == "refused"
    assert "can be meant in several ways" in log.says
    assert "Write times as 2026-01-05T09:00:00Z." in log.says


def test_the_pages_of_a_log_and_every_number_with_its_cases(bob: Person, bob_browser: Client) -> None:
    answer = bob_browser.post("/evaluation/mining/logs/", {"file": sent(CSV.encode("gbk"), "旧系统.csv")})
    log = ForeignLog.objects.get()
    at = f"/evaluation/mining/logs/{log.pk}/"
    assert (answer.status_code, answer["Location"]) == (302, at)
    assert "旧系统.csv" in bob_browser.get("/evaluation/mining/logs/").content.decode()
    assert "GB18030" in bob_browser.get(at).content.decode()
    page = bob_browser.get(f"{at}map/").content.decode()
    assert "<svg" in page
    assert "新建" in page
    assert bob_browser.get(f"{at}variants/").status_code == 200
    assert "新建 → 处理" in bob_browser.get(f"{at}bottlenecks/").content.decode()

    from gnomon.evaluation.mining.looks import question_about

    question = question_about(log)
    graph = question.graph()
    listed = [(question.listed("activity", n.name), n.cases) for n in graph.nodes]
    listed += [(question.listed("step", f"{e.start}~{e.end}"), e.cases) for e in graph.edges]
    listed += [(question.listed("variant", way.key), way.cases) for way in question.variants()]
    assert len(listed) == 3 + 4 + 3
    for url, count in listed:
        assert f"Cases: {count}, " in bob_browser.get(url).content.decode(), url
    case = bob_browser.get(f"{at}case?case=b").content.decode()
    assert case.count("<tr>") == 1 + 4
    assert bob_browser.get(f"{at}case?case=z").status_code == 404
    assert bob_browser.get(f"{at}cases/?which=dance.x").status_code == 404


def test_names_of_activities_may_hold_what_stands_between_them(bob: Person, bob_browser: Client) -> None:
    log = receive_log(sent("case,activity,time\na,Draft,1\na,~In~review~,2\na,v1.0,3\nb,Draft,1\nb,v1.0,2\n"), by=bob)

    from gnomon.evaluation.mining.looks import cases_behind, question_about

    question = question_about(log)
    edges = {f"{one.start}~{one.end}": one.cases for one in question.graph().edges}
    assert edges == {"Draft~~In~review~": 1, "~In~review~~v1.0": 1, "Draft~v1.0": 1}
    for step, count in edges.items():
        assert len(cases_behind(question, f"step.{step}")) == count


def test_columns_and_objects_are_chosen_where_nobody_can_tell(bob: Person, bob_browser: Client) -> None:
    text = "Ticket,Was,When\na,New,2026-01-05T09:00:00Z\na,Done,2026-01-05T10:00:00Z\n"
    log = receive_log(sent(text), by=bob)
    at = f"/evaluation/mining/logs/{log.pk}/"
    assert "Name the column yourself" in bob_browser.get(at).content.decode()
    assert bob_browser.get(f"{at}map/").status_code == 404
    assert bob_browser.post(at, {"case": "Ticket", "activity": "Was", "time": "Else"}).status_code == 200
    assert bob_browser.post(at, {"case": "Ticket", "activity": "Was", "time": "When"}).status_code == 302
    log.refresh_from_db()
    assert look(log) == ("CSV", 1, 2, 2, 0)

    # What nothing came of is chosen anew.
    wrong = {"case": "Ticket", "activity": "Was", "time": "Was"}
    bob_browser.post(at, wrong)
    assert "no event that can be used" in bob_browser.get(at).content.decode()
    bob_browser.post(at, {**wrong, "time": "When"})
    log.refresh_from_db()
    assert look(log) == ("CSV", 1, 2, 2, 0)

    lonely = {"id": "S1", "type": "service", "attributes": [], "relationships": []}
    ocel = receive_log(sent(json.dumps({**OCEL, "objects": [*OCEL["objects"], lonely]})), by=bob)
    bob_browser.post(f"/evaluation/mining/logs/{ocel.pk}/", {"about": "service"})
    ocel.refresh_from_db()
    assert (ocel.state, "holds no event of the objects “service”" in ocel.says) == ("refused", True)
    bob_browser.post(f"/evaluation/mining/logs/{ocel.pk}/", {"about": "team"})
    ocel.refresh_from_db()
    assert (ocel.look["about"], ocel.look["events"]) == ("team", 3)

    ocel = receive_log(sent(json.dumps(OCEL)), by=bob)
    assert ocel.look["types"] == {"incident": 2, "team": 2}
    bob_browser.post(f"/evaluation/mining/logs/{ocel.pk}/", {"about": "team"})
    ocel.refresh_from_db()
    assert (ocel.look["about"], ocel.look["events"]) == ("team", 3)


def test_a_log_is_its_owners_alone_and_no_record(
    bob: Person, alice_browser: Client, bob_browser: Client, eve_browser: Client, carol_browser: Client
) -> None:
    before = LedgerEntry.objects.count()
    log = receive_log(sent(CSV), by=bob)
    assert LedgerEntry.objects.count() == before
    for place in ("", "map/", "variants/", "bottlenecks/", "cases/", "case?case=a"):
        assert alice_browser.get(f"/evaluation/mining/logs/{log.pk}/{place}").status_code == 404
        assert bob_browser.get(f"/evaluation/mining/logs/{log.pk}/{place}").status_code == 200
    for browser in (eve_browser, carol_browser):
        assert browser.get("/evaluation/mining/logs/").status_code == 403
        assert browser.post("/evaluation/mining/logs/", {"file": sent(CSV)}).status_code == 403
    assert ForeignLog.objects.count() == 1


def test_logs_are_forgotten_by_wish_by_time_and_with_a_person(bob: Person, bob_browser: Client) -> None:
    one, twin, other = (receive_log(sent(text), by=bob) for text in (CSV, CSV, CSV + "d,新建,2026-01-07,张伟\n"))
    assert one.path == twin.path
    bob_browser.post(f"/evaluation/mining/logs/{one.pk}/", {"forget": "1"})
    assert not events_file(one.pk).exists()
    assert Path(twin.path).exists()  # the same file was sent twice
    assert destroy_logs(Forgotten(bob.number, ("张伟",), frozenset(), "ERA-000001", SYSTEM)) == 1
    assert not Path(other.path).exists()
    ForeignLog.objects.update(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    assert bob_browser.get(f"/evaluation/mining/logs/{twin.pk}/").status_code == 404
    forget_old_logs()
    forget_old_logs()
    assert ForeignLog.objects.count() == 0
    assert not Path(twin.path).exists()
    assert not events_file(twin.pk).exists()


NAMED = (CSV + "d,新建,2026-01-07,张伟\n").encode("gbk")


@pytest.mark.parametrize(
    "bytes_", [gzip.compress(NAMED), gzip.compress(CSV.encode())[:-9] + NAMED], ids=["gz", "damaged gz"]
)
def test_a_log_is_forgotten_with_a_person_however_it_is_packed(bob: Person, bytes_: bytes) -> None:
    log = receive_log(sent(bytes_), by=bob)
    assert destroy_logs(Forgotten(bob.number, ("李雷",), frozenset(), "ERA-000001", SYSTEM)) == 0
    assert destroy_logs(Forgotten(bob.number, ("张伟",), frozenset(), "ERA-000001", SYSTEM)) == 1
    assert not Path(log.path).exists()


def test_a_large_log_waits_for_the_worker(bob: Person, bob_browser: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(foreign_logs, "AT_ONCE", 100)
    log = receive_log(sent(gzip.compress(CSV.encode())), by=bob)
    assert log.state == "waiting"
    assert "The log is being read" in bob_browser.get(f"/evaluation/mining/logs/{log.pk}/").content.decode()
    (job,) = QueuedJob.objects.filter(name="evaluation:read_log")
    read_log(**job.facts)
    log.refresh_from_db()
    assert look(log) == ("CSV", 3, 8, 3, 0)
    forget_log(log)
    read_log(**job.facts)  # runs at least once, maybe after the log is gone
    assert ForeignLog.objects.count() == 0


def test_a_small_log_whose_reader_was_ended_is_read_by_the_worker(bob: Person, monkeypatch: Any) -> None:
    def ended(_log: int) -> None:
        raise SystemExit

    reading = foreign_logs._read
    monkeypatch.setattr(foreign_logs, "_read", ended)
    with pytest.raises(SystemExit):
        receive_log(sent(CSV), by=bob)
    monkeypatch.setattr(foreign_logs, "_read", reading)
    waiting = ForeignLog.objects.get()
    assert waiting.state == "waiting"
    job = QueuedJob.objects.get(name="evaluation:read_log")
    assert job.run_after > datetime.now(UTC) + timedelta(minutes=1)
    read_log(**job.facts)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.look["cases"]) == ("read", 3)
    monkeypatch.setattr(foreign_logs, "_read", ended)
    read_log(**job.facts)  # it was read, so nobody reads it again


def test_what_nobody_foresaw_ends_in_a_sentence_at_every_door(
    bob: Person, bob_browser: Client, rest: Callable[..., Any], gnomon: Run, tmp_path: Path, monkeypatch: Any
) -> None:
    def breaks(*_given: Any) -> None:
        raise ZeroDivisionError("nobody thought of it")

    log = receive_log(sent(CSV, "theirs.csv"), by=bob)
    with monkeypatch.context() as broken:
        broken.setattr("gnomon.evaluation.mining.files._moment", breaks)
        says = "theirs.csv could not be read, for a reason that nobody foresaw: ZeroDivisionError. Save it in another"
        at = f"/evaluation/mining/logs/{log.pk}/"
        assert bob_browser.post(at, {"case": "工单编号", "activity": "状态", "time": "时间"}).status_code == 302
        log.refresh_from_db()
        assert (log.state, log.says.startswith(says)) == ("refused", True)
        assert says in bob_browser.get(at).content.decode()
        told = rest(bob, f"mining-logs/{log.pk}").json()
        assert (told["state"], told["says"].startswith(says)) == ("refused", True)
        (tmp_path / "theirs.csv").write_text(CSV)
        code, _out, err = gnomon("look", str(tmp_path / "theirs.csv"))
        assert (code, says in err) == (2, True)

        broken.setattr(foreign_logs, "AT_ONCE", 10)
        large = receive_log(sent(CSV, "large.csv"), by=bob)
        (job,) = QueuedJob.objects.filter(name="evaluation:read_log").exclude(key=None)
        with pytest.raises(UnreadableFile, match="nobody foresaw"):  # so that people hear of it
            read_log(**job.facts)
        large.refresh_from_db()
        assert large.state == "refused"
    read_log(**job.facts)  # tried again
    large.refresh_from_db()
    assert (large.state, large.says) == ("read", "")


def test_a_look_that_cannot_be_kept_ends_in_a_sentence_too(bob: Person, monkeypatch: Any) -> None:
    monkeypatch.setattr("gnomon.evaluation.mining.looks.look_of", lambda _read: {"often": {1, 2}})  # no JSON
    log = receive_log(sent(CSV, "theirs.csv"), by=bob)
    assert (log.state, "nobody foresaw" in log.says, log.look) == ("refused", True, {})
    assert not events_file(log.pk).exists()


def test_columns_chosen_while_a_worker_reads_are_not_lost(bob: Person, monkeypatch: Any) -> None:
    from gnomon.evaluation.mining import looks

    monkeypatch.setattr(foreign_logs, "AT_ONCE", 10)
    log = receive_log(sent("case,activity,time,was\na,New,1,Old\n"), by=bob)
    look_of = looks.look_of

    def slowly(read: Any) -> Any:
        monkeypatch.setattr(looks, "look_of", look_of)
        with translation.override("zh-hans"):  # whoever chooses may speak otherwise than whoever sent
            choose_columns(log, {"activity": "was"}, by=bob)
        return look_of(read)

    monkeypatch.setattr(looks, "look_of", slowly)
    first = QueuedJob.objects.get(name="evaluation:read_log")
    read_log(**first.facts)
    log.refresh_from_db()
    assert log.state == "waiting"
    (second,) = QueuedJob.objects.filter(name="evaluation:read_log").exclude(pk=first.pk)
    read_log(**second.facts)
    log.refresh_from_db()
    assert (log.state, log.look["activity"], log.look["often"]) == ("read", "was", [{"name": "Old", "times": 1}])
    assert events_file(log.pk).exists()


def test_there_are_limits(bob: Person, bob_browser: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr("gnomon.evaluation.mining.files.MOST_EVENTS", 5)
    assert "holds more than 5 events" in receive_log(sent(CSV), by=bob).says
    monkeypatch.setattr(foreign_logs, "MOST_BYTES", 10)
    answer = bob_browser.post("/evaluation/mining/logs/", {"file": sent(CSV)})
    assert answer.status_code == 422
    assert "may have at most" in answer.content.decode()
    monkeypatch.setattr(foreign_logs, "MOST_LOGS", 1)
    with pytest.raises(UnreadableFile, match="keep 1 logs already"):
        receive_log(sent(CSV), by=bob)


def test_rest_and_command_tell_the_same(
    bob: Person, alice: Person, rest: Callable[..., Any], client: Client, gnomon: Run, tmp_path: Path, sign_in: SignIn
) -> None:
    from gnomon.organization.actions import make_token

    _token, secret = make_token(bob, name="logs", by=SYSTEM)
    token: Any = {"Authorization": f"Bearer {secret}"}
    answer = client.post("/api/v1/mining-logs", {"file": sent(CSV)}, headers=token)
    assert answer.status_code == 201, answer.content
    log = answer.json()
    at = f"/api/v1/mining-logs/{log['id']}"
    path = tmp_path / "log.csv"
    path.write_text(CSV)
    _code, out, err = gnomon("look", str(path), "--json")
    looked = json.loads(out or err)
    assert {name: looked[name] for name in log["look"]} == log["look"]
    for question in ("map", "variants", "bottlenecks", "cases"):
        heard = client.get(f"{at}/{question}", headers=token).json()
        words = ("--file", str(path)) if question in {"map", "variants"} else (str(path),)
        told = json.loads(gnomon(question, *words, "--json")[1])
        assert unlisted({n: v for n, v in told.items() if n in heard}) == unlisted(heard)
    behind = client.get(f"{at}/cases?which=step.%E6%96%B0%E5%BB%BA~%E5%A4%84%E7%90%86", headers=token).json()
    assert [one["case"] for one in behind["cases"]] == ["a", "b"]
    assert client.get(f"{at}/dance", headers=token).status_code == 404
    assert client.post("/api/v1/mining-logs", {}, headers=token).status_code == 422
    assert rest(alice, f"mining-logs/{log['id']}").status_code == 404
    assert rest(bob, "mining-logs", scopes=["incident:read"]).status_code == 403
    assert client.delete(at, headers=token).status_code == 204
    assert client.get("/api/v1/mining-logs", headers=token).json() == {"logs": []}
    assert "nothing that cases can be asked for" in gnomon("cases", str(path), "--which", "dance")[2]
    assert "not as “colour”" in gnomon("look", str(path), "--column", "colour=red")[2]


def unlisted(told: Any) -> Any:
    """Without addresses: a file that is not kept has none."""
    if isinstance(told, dict):
        return {name: unlisted(value) for name, value in told.items() if name != "list"}
    return [unlisted(one) for one in told] if isinstance(told, list) else told
