"""A year of incidents drawn from the parameters: what arrives when, and how each one lives.

Pure: the same seed, parameters and end give the same year. Nothing here knows a database.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from gnomon.calendars.calendar import Calendar

ZONE = ZoneInfo("Asia/Shanghai")
MATRIX = ((1, 2, 3), (2, 3, 4), (3, 4, 4))


@dataclass(slots=True)
class Step:
    """Something that happens to an incident: a move, a change or a comment, by a person, at a moment."""

    verb: str
    by: str
    at: datetime
    facts: dict[str, Any] = field(default_factory=dict)
    because: str = ""


@dataclass(slots=True)
class Life:
    """An incident from its report to the end of the year, or of itself."""

    opened_at: datetime
    recorded_at: datetime
    by: str
    facts: dict[str, Any]
    steps: list[Step] = field(default_factory=list)

    @property
    def told_until(self) -> datetime:
        return self.steps[-1].at if self.steps else self.recorded_at


class Year:
    """Draws the year before `end`."""

    def __init__(self, parameters: dict[str, Any], office: Calendar, end: datetime, requesters: Sequence[str]) -> None:
        self.p = parameters
        self.office = office
        self.end = end.astimezone(UTC).replace(microsecond=0)
        self.chance = random.Random(parameters["seed"])  # noqa: S311 - a drawn year, not a secret
        self.requesters = requesters
        self.agents: dict[str, list[str]] = {}
        for username, _name, roles, team, _language in parameters["people"]:
            if team and "agent" in roles:
                self.agents.setdefault(team, []).append(username)
        self.services = parameters["services"]
        self.weights = [service["weight"] for service in self.services]

    def lives(self) -> Iterator[Life]:
        """All incidents of the year in the order of their opening, the major one among them."""
        major = self._major()
        for opened_at in self._arrivals():
            if major is not None and opened_at > major.opened_at:
                yield major
                major = None
            yield self._live(opened_at)

    # --- when ---

    def _arrivals(self) -> list[datetime]:
        start = (self.end - timedelta(days=365)).astimezone(ZONE).replace(hour=0, minute=0, second=0)
        days = [start + timedelta(days=d) for d in range(366)]
        loads = [self._load(day, at / 365) for at, day in enumerate(days)]
        scale = self.p["incidents"] / sum(loads)
        hours = self.p["rhythm"]["hour"]
        moments = []
        for day, load in zip(days, loads, strict=True):
            for _one in range(self._poisson(load * scale)):
                hour = self.chance.choices(range(24), hours)[0]
                moment = day + timedelta(hours=hour, seconds=self.chance.randrange(3600))
                if moment < self.end:
                    moments.append(moment.astimezone(UTC))
        return sorted(moments)

    def _load(self, day: datetime, share_of_year: float) -> float:
        rhythm = self.p["rhythm"]
        load: float = rhythm["weekday"][day.weekday()]
        works = bool(self.office.hours_on(day.date()))
        if works and day.weekday() >= 5:
            load = rhythm["weekday"][0]  # a make-up workday is a Monday in disguise
        if not works and day.weekday() < 5:
            load *= rhythm["holiday"]
        load *= 1 + rhythm["growth"] * share_of_year
        return load * (self.p["bad_month"]["arrivals"] if self._is_bad(day) else 1.0)

    def _is_bad(self, moment: datetime) -> bool:
        begins, ends = self._bad_month()
        return begins <= moment < ends

    def _bad_month(self) -> tuple[datetime, datetime]:
        here = self.end.astimezone(ZONE).replace(day=1, hour=0, minute=0, second=0)
        months = here.year * 12 + here.month - 1 - self.p["bad_month"]["months_ago"]
        begins = here.replace(year=months // 12, month=months % 12 + 1)
        following = months + 1
        return begins, here.replace(year=following // 12, month=following % 12 + 1)

    def _poisson(self, mean: float) -> int:
        """By inversion over chunks, so that a large mean does not underflow."""
        count = 0
        while mean > 30:
            count += self._poisson(30.0)
            mean -= 30
        threshold, product = math.exp(-mean), self.chance.random()
        while product > threshold:
            count += 1
            product *= self.chance.random()
        return count

    # --- how ---

    def _live(self, opened_at: datetime) -> Life:
        p, chance = self.p["life"], self.chance
        service = chance.choices(self.services, self.weights)[0]
        impact = chance.choices((1, 2, 3), p["impact"])[0]
        urgency = chance.choices((1, 2, 3), p["urgency"])[0]
        if impact == urgency == 1 and service["criticality"] == 1:
            urgency = 2  # the year has one major incident, and that is drawn by itself
        priority = MATRIX[impact - 1][urgency - 1]
        late = chance.random() < p["recorded_late"]
        recorded_at = opened_at + timedelta(minutes=chance.uniform(70, 400) if late else chance.uniform(0.2, 9))
        channel = chance.choices(list(p["channel"]), list(p["channel"].values()))[0]
        requester = chance.choice(self.requesters)
        desk = chance.choice(self.agents["desk"])
        life = Life(
            opened_at=opened_at,
            recorded_at=recorded_at,
            by=requester if channel == "portal" else desk,
            facts={
                "title": chance.choice(service["titles"]), "service": service["name"]["en"], "requester": requester,
                "channel": channel, "impact": impact, "urgency": urgency, "priority": priority,
                "category": chance.choice(service["categories"]) if chance.random() < p["categorised"] else "",
                "team": "desk",
            },
        )  # fmt: skip
        self._work(life, service, priority, desk)
        return self._cut(life)

    def _work(self, life: Life, service: dict[str, Any], priority: int, desk: str) -> None:
        p, chance = self.p["life"], self.chance
        slower = self.p["bad_month"]["slower"] if self._is_bad(life.opened_at) else 1.0
        now = self._after(life.recorded_at, self._drawn(p["respond_minutes"][priority - 1] * slower), priority)
        if chance.random() < p["cancelled"]:
            life.steps.append(Step("cancel", desk, now, because="Reported twice 重复报告"))
            return
        if chance.random() < p["at_first_contact"]:
            if chance.random() < p["noted"]:
                said = life.recorded_at + timedelta(seconds=chance.uniform(20, 50))
                life.steps.append(Step("commented", desk, said, {"text": chance.choice(SAYINGS)}))
            self._resolve(life, desk, now)
            return
        team = service["team"] if chance.random() > p["reassigned"] else chance.choice(list(self.agents))
        agent = chance.choice(self.agents[team])
        life.steps.append(Step("assign", desk, now, {"team": team, "assignee": agent}))
        now = self._after(now, self._drawn(20 * slower), priority)
        life.steps.append(Step("start", agent, now))
        if chance.random() < p["commented"]:
            now += timedelta(minutes=chance.uniform(2, 25))
            life.steps.append(Step("commented", agent, now, {"text": chance.choice(SAYINGS)}))
        if team != service["team"]:
            agent = chance.choice(self.agents[service["team"]])
            now = self._after(now, self._drawn(90), priority)
            life.steps.append(
                Step(
                    "assign", life.steps[-1].by, now, {"team": service["team"], "assignee": agent}, "Not ours 不属本组"
                )
            )
            now = self._after(now, self._drawn(40), priority)
            life.steps.append(Step("start", agent, now))
        now = self._wait(life, agent, now, priority)
        done = self._after(now, self._drawn(p["resolve_minutes"][priority - 1] * slower), priority)
        due = self._due(life.opened_at, service, priority)
        if done > due and chance.random() < p["escalated_when_late"]:
            before = max(due - timedelta(minutes=chance.uniform(5, 60)), now + timedelta(minutes=2))
            if before < done:
                life.steps.append(
                    Step("escalate", agent, before, {"team": service["team"]}, "Will not make the target 将要超时")
                )
                life.steps.append(Step("start", agent, before + timedelta(minutes=8)))
                done = max(done, before + timedelta(minutes=20))
        self._resolve(life, agent, done)

    def _wait(self, life: Life, agent: str, now: datetime, priority: int) -> datetime:
        waits, chance = self.p["life"]["waits"], self.chance
        if chance.random() >= waits["share"]:
            return now
        now = self._after(now, self._drawn(45), priority)
        reasons = ("user", "supplier", "change")
        reason = chance.choices(reasons, [waits[r] for r in reasons])[0]
        life.steps.append(Step("wait", agent, now, {"waiting_reason": reason}))
        now += timedelta(hours=self._drawn(waits["hours"]))
        life.steps.append(Step("resume", agent, now))
        return now

    def _resolve(self, life: Life, agent: str, now: datetime) -> None:
        chance, closure = self.chance, self.p["closure"]
        code = chance.choices(list(closure), list(closure.values()))[0]
        facts = {"resolution": chance.choice(CURES), "closure_code": code}
        life.steps.append(Step("resolve", agent, now, dict(facts)))
        if chance.random() < self.p["life"]["reopened"]:
            again = now + timedelta(hours=chance.uniform(3, 60))
            requester = life.facts["requester"]
            life.steps.append(Step("reopen", requester, again, because="It is back 问题又出现了"))
            now = self._after(again, self._drawn(300), 2)
            life.steps.append(Step("resolve", agent, now, dict(facts)))
        closes = now + timedelta(days=self.p["life"]["closes_after_days"], minutes=chance.uniform(0, 50))
        life.steps.append(Step("close", agent, closes, {} if life.facts["category"] else {"category": ""}))

    def _major(self) -> Life | None:
        m = self.p["major"]
        begins, _ends = self._bad_month()
        opened_at = (begins + timedelta(days=11, hours=m["hour"])).astimezone(UTC)
        service = next(s for s in self.services if s["name"]["en"] == m["service"])
        agent = self.agents[service["team"]][0]
        declared = opened_at + timedelta(minutes=m["minutes_to_declare"])
        resolved = opened_at + timedelta(hours=m["hours_to_resolve"])
        life = Life(
            opened_at, opened_at + timedelta(minutes=2), "bob",
            {
                "title": m["title"], "service": service["name"]["en"], "requester": "carol", "channel": "monitoring",
                "impact": 1, "urgency": 1, "priority": 1, "category": service["categories"][0], "team": "desk",
            },
        )  # fmt: skip
        life.steps = [
            Step("assign", "bob", opened_at + timedelta(minutes=5), {"team": service["team"], "assignee": agent}),
            Step("start", agent, opened_at + timedelta(minutes=8)),
            Step("changed", "alice", declared, {"is_major": True, "major_manager": "alice"}, "All warehouses stand 全部仓库停摆"),
            Step("changed", "alice", opened_at + timedelta(minutes=m["minutes_to_inform"]),
                 {"management_informed_at": opened_at + timedelta(minutes=m["minutes_to_inform"])}),
            Step("commented", agent, opened_at + timedelta(minutes=50),
                 {"text": "The message broker is out of disk; space is being cleared. 消息中间件磁盘写满，正在清理。"}),
            Step("resolve", agent, resolved, {"resolution": "Disk cleared, broker restarted, bookings replayed. "
                 "清理磁盘、重启中间件并补录。", "closure_code": "solved"}),
            Step("close", "alice", resolved + timedelta(days=3)),
        ]  # fmt: skip
        return self._cut(life) if opened_at < self.end else None

    # --- moments ---

    def _after(self, start: datetime, minutes: float, priority: int) -> datetime:
        """Grave incidents are worked at any hour, the others in office hours."""
        if priority <= 2:
            return start + timedelta(minutes=minutes)
        return self.office.add(start, int(minutes * 60)) + timedelta(seconds=self.chance.randrange(50))

    def _due(self, opened_at: datetime, service: dict[str, Any], priority: int) -> datetime:
        """The target without pauses: what the desk has in mind. Critical services count every hour of the day."""
        minutes = self.p["targets"]["resolve"][priority - 1]
        if service["criticality"] == 1:
            return opened_at + timedelta(minutes=minutes)
        return self.office.add(opened_at, minutes * 60)

    def _drawn(self, median: float) -> float:
        return median * math.exp(self.chance.gauss(0, self.p["life"]["spread"]))

    def _cut(self, life: Life) -> Life:
        """What the year's end has not seen has not happened; moments never run backwards."""
        last = life.recorded_at
        kept = []
        for step in life.steps:
            step.at = max(step.at, last + timedelta(seconds=1))
            if step.at >= self.end:
                break
            kept.append(step)
            last = step.at
        life.steps = kept
        return life


SAYINGS = (
    "Looked at it with the user; seems to follow the last update. 已与用户确认，疑似与最近更新有关。",
    "Collected the logs. 已收集日志。",
    "Restarted the component; watching. 已重启组件，观察中。",
    "Reproduced on our side. 我方已复现。",
    "Asked the supplier for their reading. 已请供应商判断。",
)
CURES = (
    "Restarted the component and checked with the user. 重启组件并与用户确认。",
    "Replaced the faulty part. 更换故障部件。",
    "Corrected the setting. 更正配置。",
    "Cleared space and set an alert. 清理空间并设置告警。",
    "Unlocked and explained. 解锁并说明原因。",
)
