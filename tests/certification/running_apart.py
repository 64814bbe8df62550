"""Conformity runs in a process of their own: `python running_apart.py MODE …` prints what there is then, as JSON.

begin        record three incidents, check for the first time, and record one more
run          check, amending the last run
compare      check, amending the last run; then check again, asking about all records; tells of both
ask          ask as a click does, and carry it out as a worker does
told         nothing but tell
each MODE …  one mode after the other, each in a process of its own, and how each ended with what it told

`dies-asking` and `dies-keeping` check and are killed: while checks are asked, or when every row is written and not one
committed. With `--beside NAME FOLDER` a run begins to keep what it saw only once another one saw it too.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import django

django.setup()

from gnomon.certification.actions import ask_for_run, carry_out, run_checks  # noqa: E402
from gnomon.certification.actions import run as running  # noqa: E402
from gnomon.certification.models import CarriedResult, ConformityRun  # noqa: E402
from gnomon.certification.queries import is_whole, newest_run  # noqa: E402
from gnomon.records import actions  # noqa: E402
from gnomon.records.actors import SYSTEM  # noqa: E402
from gnomon.records.kinds import kind_named  # noqa: E402

ASKED_BEFORE_DEATH = 40
LONGEST_WAIT = 120.0


def die(*_given: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Dying:
    """Dies after so many checks."""

    def __init__(self, left: int) -> None:
        self.left = left

    def __call__(self, _rule: str) -> None:
        self.left -= 1
        if not self.left:
            die()


def keep_beside(name: str, folder: Path) -> None:
    """Hold back what was seen, before anything is written, until another process holds it back too."""
    examine = running.examine_live

    def together(*given: Any, **more: Any) -> Any:
        seen = examine(*given, **more)
        (folder / name).touch()
        end = time.monotonic() + LONGEST_WAIT
        while len(list(folder.iterdir())) < 2:
            assert time.monotonic() < end, "the other one did not come"
            time.sleep(0.01)
        return seen

    running.examine_live = together


def an_incident() -> None:
    actions.record(kind_named("incident"), by=SYSTEM, title="No mail", category="mail", impact=2, urgency=2)


def told() -> dict[str, Any]:
    """All runs, whether each is whole, and what the newest says."""
    runs = list(ConformityRun.objects.order_by("id"))
    newest = newest_run()
    verdicts = newest.requirements.order_by("requirement") if newest else []
    return {
        "runs": [[run.number, is_whole(run), run.requirements.count()] for run in runs],
        "newest": newest.number if newest else None,
        "seen": newest.requirements.get(requirement="8.6.1-a1").seen if newest else 0,
        "verdicts": [
            [each.requirement, each.status, each.seen, each.late_count, each.failed_count] for each in verdicts
        ],
        "goes_on_from": sorted(set(CarriedResult.objects.values_list("result__run__number", flat=True))),
    }


def alone(mode: str) -> tuple[int, Any]:
    """How a process that does this ended, 0 or the signal that killed it, and what it told; it knows nothing of others."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.dup2(writing, sys.stdout.fileno())
        main(mode)
        sys.stdout.flush()
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        said = pipe.read()
    _child, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), json.loads(said) if said else None


def main(mode: str, *more: str) -> None:
    if more[:1] == ("--beside",):
        keep_beside(more[1], Path(more[2]))
    if mode == "each":
        json.dump([alone(one) for one in more], sys.stdout)
        return
    if mode == "begin":
        for _turn in range(3):
            an_incident()
        run_checks(by=SYSTEM)
        an_incident()
    elif mode == "compare":
        run_checks(by=SYSTEM)
        amended = told()
        run_checks(by=SYSTEM, full=True)
        json.dump([amended, told()], sys.stdout)
        return
    elif mode == "ask":
        carry_out(ask_for_run(by=SYSTEM).pk)
    elif mode == "dies-keeping":
        running._leave_for_the_next = die
        run_checks(by=SYSTEM)
    elif mode != "told":
        progress = Dying(ASKED_BEFORE_DEATH) if mode == "dies-asking" else lambda _rule: None
        run_checks(by=SYSTEM, progress=progress)
    json.dump(told(), sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
