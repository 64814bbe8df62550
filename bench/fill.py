"""Fill an installation with incidents up to a number, with all that belongs to them.

    GNOMON_HOME=/tmp/big ./run bench fill 1000000 [--no-seal]

The demo organisation comes first (about 10,000 incidents); then lives are drawn until there are N. Each leaves
the ledger entries that its moves would have left, digests and seals right, its comments, clocks and words, by
the bulk path of imports. 20 % are new, 10 % in progress, 20 % resolved, 50 % closed, as in the comparison with
others: two to eight entries each, six on average. With GNOMON_DATABASE_URL the same on PostgreSQL.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any

AT_ONCE = 2000
MATRIX = ((1, 2, 3), (2, 3, 4), (3, 4, 4))
# English and Chinese of one fault, its category, and its weight; 打印机 is in 7 of 100.
FAULTS = (
    ("Printer jams on every second page", "打印机每隔一页就卡纸", "printer", 5),
    ("Printer prints nothing but blanks", "打印机只打出白纸", "printer", 2),
    ("Cannot send mail to anybody outside", "无法向外部发送邮件", "mailbox", 9),
    ("Shared mailbox is not visible", "共享邮箱不可见", "mailbox", 6),
    ("VPN breaks off every few minutes", "VPN 每几分钟断开", "vpn", 10),
    ("No wireless in the meeting room", "会议室没有无线网络", "wireless", 9),
    ("Laptop does not start after update", "笔记本更新后无法启动", "laptop", 9),
    ("Screen flickers when docked", "扩展坞上屏幕闪烁", "screen", 5),
    ("Scanner does not book goods", "扫描枪无法入库", "picking", 9),
    ("Stock differs from the shelf", "库存与货架不符", "stock", 6),
    ("Drive is full, cannot save files", "磁盘已满无法保存", "capacity", 7),
    ("Please restore a deleted folder", "请恢复被删除的文件夹", "restore", 5),
    ("Account is locked after holidays", "假期后账号被锁定", "account", 8),
    ("Password reset link has expired", "密码重置链接已过期", "account", 5),
    ("Report shows the figures of yesterday", "报表显示昨天的数据", "report", 5),
)
PLACES = (
    "floor 3 三楼",
    "hall B 乙库",
    "Suzhou 苏州",
    "dock 7 七号站台",
    "head office 总部",
    "night shift 夜班",
    "gate 2 二号门",
)
SENTENCES = (
    "It began this morning and happens to everybody in the room. 今天早上开始，同一房间的人都遇到。",
    "Restarting did not help, and the cable is in place. 重启无效，线缆已插好。",
    "Last week it still worked. 上周还正常。",
    "The light on the front blinks amber. 前面板的灯闪黄色。",
    "We need it before the truck leaves at four. 四点发车前需要恢复。",
    "A colleague sees the same on another machine. 同事在另一台机器上看到同样的情况。",
    "The message says that the connection was refused. 提示连接被拒绝。",
    "It may have to do with the update of Sunday. 可能与周日的更新有关。",
)
SAYINGS = (
    "Looked at it with the user. 已与用户确认。", "Collected the logs. 已收集日志。",
    "Reproduced on our side. 我方已复现。", "Asked the supplier. 已询问供应商。",
)  # fmt: skip
CURES = ("Restarted and checked. 重启并确认。", "Replaced the part. 更换部件。", "Corrected the setting. 更正配置。")
SYLLABLES = ("ka", "ro", "mi", "ten", "su", "vel", "dor", "an", "qi", "lo", "be", "zan", "fu", "ger", "no", "ti")


class Lives:
    """Draws histories; the same seed gives the same."""

    def __init__(self, seed: int) -> None:
        from gnomon.agreements.pins import pins_for
        from gnomon.organization.models import Person, Team
        from gnomon.portfolio.models import Service
        from gnomon.records.actions.history import born_facts
        from gnomon.records.definitions import version_in_force
        from gnomon.records.facts import blank, fact, ledgered
        from gnomon.records.kinds import kind_named
        from gnomon.resolution.models import Incident

        self.chance = random.Random(seed)  # noqa: S311 - drawn lives, not a secret
        self.kind = kind_named("incident")
        workflow = self.kind.workflow_version(version_in_force(self.kind))
        self.blank = {field.name: blank(field) for field in ledgered(Incident)}
        born = born_facts(self.kind, workflow)
        self.born = {name: value for name, value in born.items() if value != self.blank[name]}
        active = Person.objects.filter(status="active")
        people = list(active.values_list("number", "roles"))
        self.requesters = [number for number, roles in people if roles == ["requester"]]
        self.agents: dict[str, list[str]] = {}
        for number, team, roles in active.values_list("number", "team__number", "roles"):
            if team and "agent" in roles:
                self.agents.setdefault(team, []).append(number)
        self.teams = [n for n in Team.objects.values_list("number", flat=True) if n in self.agents]
        self.services = [
            (service.number, service.team.number, {k: fact(v) for k, v in pins_for(service, None).items()})
            for service in Service.objects.select_related("team").filter(team__isnull=False)
        ]
        self.weights = [weight for *_rest, weight in FAULTS]

    def draw(self, at: datetime) -> Any:
        """The history of one incident that opened at a moment."""
        from gnomon.records.actions.history import Happening, History
        from gnomon.records.facts import moment_text

        chance, known, told = self.chance, dict(self.blank), []
        clock = at

        def say(verb: str, by: str, after: float, because: str = "", **facts: Any) -> None:
            nonlocal clock
            clock += timedelta(seconds=round(after))
            changed = {name: [known[name], value] for name, value in facts.items() if value != known[name]}
            known.update(facts)
            told.append(Happening(f"incident:{verb}", int(clock.timestamp() * 1000), changed, because, by))

        def comment(by: str, after: float, text: str, internal: bool) -> None:
            nonlocal clock
            clock += timedelta(seconds=round(after))
            facts: dict[str, list[Any]] = {"text": [None, text], "internal": [None, internal]}
            told.append(Happening("incident:commented", int(clock.timestamp() * 1000), facts, actor=by, kept=False))

        end = chance.choices(("new", "in_progress", "resolved", "closed"), (20, 10, 20, 50))[0]
        english, chinese, category, _weight = chance.choices(FAULTS, self.weights)[0]
        service, team, pins = chance.choice(self.services)
        impact, urgency = chance.choices((1, 2, 3), (10, 35, 55), k=2)
        requester, agent = chance.choice(self.requesters), chance.choice(self.agents[team])
        desk = chance.choice(self.agents[self.teams[0]])
        machine = f"{chance.choice(SYLLABLES)}{chance.choice(SYLLABLES)}{chance.choice(SYLLABLES)}"
        description = " ".join((*chance.sample(SENTENCES, 3), f"Machine {machine}, tag {chance.randrange(16**6):06x}."))
        say(
            "recorded", requester, chance.uniform(10, 600),
            **{
                **self.born, "title": f"{english} · {chance.choice(PLACES)} {chinese}", "description": description,
                "requester": requester, "service": service, "channel": "portal", "category": category,
                "impact": impact, "urgency": urgency, "priority": MATRIX[impact - 1][urgency - 1], "team": team,
                "opened_at": moment_text(at), **{name: value for name, value in pins.items() if value is not None},
            },
        )  # fmt: skip
        told[0].facts = {name: [None, new] for name, (_old, new) in told[0].facts.items()}
        if end == "new":
            comment(desk, chance.uniform(60, 900), chance.choice(SAYINGS), chance.random() < 0.1)
            return History(told)
        now = clock + timedelta(seconds=600)
        say("assign", desk, 600, status="assigned", assignee=agent, responded_at=moment_text(now))
        say("start", agent, chance.expovariate(1 / 1800), status="in_progress")
        comment(agent, chance.uniform(60, 900), chance.choice(SAYINGS), chance.random() < 0.1)
        if end == "in_progress":
            return History(told)
        if end == "closed":
            say("wait", agent, chance.uniform(60, 7200), status="waiting", waiting_reason="user")
            say("resume", agent, chance.uniform(60, 40_000), status="in_progress", waiting_reason="")
        else:
            say("changed", agent, 60, category=category + " device")
        pause = round(chance.expovariate(1 / 10_000)) + 60
        say(
            "resolve", agent, pause, status="resolved", resolution=chance.choice(CURES), closure_code="solved",
            resolved_at=moment_text(clock + timedelta(seconds=pause)), first_contact_resolution=False,
        )  # fmt: skip
        if end == "closed":
            say("close", agent, 3 * 86_400, status="closed", closed_by=agent,
                closed_at=moment_text(clock + timedelta(days=3)))  # fmt: skip
        return History(told)


def comments_of(numbers: list[str], histories: list[Any]) -> None:
    """The comments themselves, each pointing to its entry."""
    from gnomon.records.actions.history import insert_rows
    from gnomon.records.models import LedgerEntry

    found = LedgerEntry.objects.filter(number__in=numbers, verb="incident:commented")
    entries = {(n, v): s for n, v, s in found.values_list("number", "version", "sequence")}
    columns = ("kind", "number", "text", "internal", "actor", "happened_at", "recorded_at", "entry")
    insert_rows("records_comment", columns, [
        ("incident", number, one.facts["text"][1], one.facts["internal"][1], one.actor, one.at, one.at,
         entries[number, version])
        for number, history in zip(numbers, histories, strict=True)
        for version, one in enumerate(history.happenings, 1)
        if not one.kept
    ])  # fmt: skip


def fill(target: int, say: Any) -> int:
    """Top the installation up to `target` incidents; how many were added."""
    from django.db import transaction

    from gnomon.records.actions.history import HistoryWriter
    from gnomon.records.actors import SYSTEM
    from gnomon.resolution.models import Incident

    there = Incident.objects.count()
    missing = max(0, target - there)
    lives = Lives(seed=there)
    writer = HistoryWriter(lives.kind, by=SYSTEM, told_at_once=True)
    end, years = datetime.now(UTC).replace(microsecond=0) - timedelta(days=6), timedelta(days=3 * 365)
    began = time.monotonic()
    done = 0
    while done < missing:
        count = min(AT_ONCE, missing - done)
        histories = [lives.draw(end - years * (1 - (done + n) / missing)) for n in range(count)]
        with transaction.atomic():
            numbers = writer.write(histories, now=datetime.now(UTC))
            comments_of(numbers, histories)
        done += count
        if done % 20_000 < AT_ONCE:
            pace = done / (time.monotonic() - began)
            say(f"{there + done:,} incidents, {pace:,.0f} a second, {(missing - done) / pace:,.0f} s to go")
    return done


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("incidents", type=int, help="how many there shall be")
    parser.add_argument("--no-seal", action="store_true", help="leave the sealing to the worker")
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gnomon.project.settings")
    import django
    from django.conf import settings

    django.setup()
    from gnomon.project.beginning import prepare
    from gnomon.records.clockwork import refresh_statistics
    from gnomon.records.ledger.seal import seal_ledger
    from gnomon.records.search.vocabulary import learn_anew

    def say(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    began = time.monotonic()
    prepare(demo=True, say=say)
    ready = time.monotonic()
    added = fill(asked.incidents, say)
    learn_anew()
    refresh_statistics()
    written = time.monotonic()
    if not asked.no_seal:
        seal_ledger(batch=50_000)
    print(
        f"{added:,} incidents in {written - ready:.0f} s, sealed in {time.monotonic() - written:.0f} s, "
        f"all in {time.monotonic() - began:.0f} s; {settings.DATABASES['default']['ENGINE'].rpartition('.')[2]}"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
