"""`serve` as people meet it: its refusals, and what becomes of its children."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from gnomon.project.serve import CannotServe, Child, address, free_port, serve

SMALL_HOUSE = Path(__file__).parent.parent / "jobs"
SERVE = "from gnomon.project.serve import serve; serve(port=0, on_ready=lambda url: print(url, flush=True))"

needs_proc = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds the children in /proc")


def test_a_taken_port_is_refused_with_what_to_do():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotServe, match=rf"Port {port} on 127\.0\.0\.1 is taken; .* as {port + 1}\."):
            serve(port=port)


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
def test_an_address_of_another_machine_is_refused(host):
    with pytest.raises(CannotServe, match=f"{host} is not an address of this machine"):
        free_port(host, 0)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000/"),
        ("0.0.0.0", "http://127.0.0.1:8000/"),
        ("::", "http://[::1]:8000/"),
        ("desk.example", "http://desk.example:8000/"),
    ],
)
def test_the_address_is_one_that_a_browser_opens(host, url):
    assert address(host, 8000) == url


def test_a_child_that_keeps_dying_is_started_ever_later():
    child = Child("broken", ["no such role"])
    child.process, child.started = _dead(), 100.0
    child.keep_alive(now=101.0)
    # 0.5 s after the first death
    assert (child.process, child.deaths, child.start_at) == (None, 1, 101.5)

    for deaths, pause in [(2, 1.0), (3, 2.0), (4, 4.0), (9, 30.0)]:
        child.process, child.started, child.deaths = _dead(), 101.5, deaths - 1
        child.keep_alive(now=102.0)
        assert (child.deaths, child.start_at) == (deaths, 102.0 + pause)

    # one that was healthy for over a minute starts afresh
    child.process, child.started = _dead(), 102.0
    child.keep_alive(now=163.0)
    assert (child.deaths, child.start_at) == (1, 163.5)


def _dead() -> subprocess.Popen[bytes]:
    process = subprocess.Popen([sys.executable, "-c", ""], start_new_session=True)
    process.wait()
    return process


@pytest.fixture
def served(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """`serve` in a process of its own, over a house with nothing in it but jobs."""
    environment = {**os.environ, "GNOMON_HOME": str(tmp_path), "PYTHONPATH": str(SMALL_HOUSE)}
    environment["DJANGO_SETTINGS_MODULE"] = "small_house"
    environment.pop("GNOMON_DATABASE_URL", None)
    subprocess.run([sys.executable, str(SMALL_HOUSE / "rig.py"), "migrate"], env=environment, check=True)
    process = subprocess.Popen([sys.executable, "-c", SERVE], env=environment, stdout=subprocess.PIPE, text=True)
    yield process
    if process.poll() is None:
        process.terminate()
        process.wait(40)


@needs_proc
def test_a_killed_child_is_replaced_and_all_end_when_told(served):
    url = _ready(served)
    web, worker = _children(served.pid)
    assert _answer(url) == 404  # the small house has no pages; what matters is that it answers

    os.kill(worker, signal.SIGKILL)
    os.kill(_children(web)[0], signal.SIGKILL)
    _wait_for(lambda: len(set(_children(served.pid)) - {web, worker}) == 2)
    _wait_for(lambda: _answer(url) == 404)

    family = _family(served.pid)
    served.send_signal(signal.SIGINT)
    assert served.wait(40) == 0
    assert not [pid for pid in family if _alive(pid)]


@needs_proc
def test_no_child_outlives_a_supervisor_killed_outright(served):
    _ready(served)
    family = _family(served.pid)
    assert len(family) == 3  # the web server, its one process, the worker

    served.kill()
    served.wait()
    _wait_for(lambda: not [pid for pid in family if _alive(pid)])


@needs_proc
def test_a_web_server_killed_outright_leaves_no_process_on_the_port(served):
    url = _ready(served)
    web, _ = _children(served.pid)
    serving = _children(web)
    os.kill(web, signal.SIGKILL)
    _wait_for(lambda: not [pid for pid in serving if _alive(pid)])
    _wait_for(lambda: _answer(url) == 404)


@needs_proc
def test_web_processes_share_what_was_loaded_before_they_began(served):
    _ready(served)
    web, _worker = _children(served.pid)
    serving = _children(web)[0]
    # Django and what it imports are over ten megabytes; a process that had loaded them itself would share none of it.
    assert _megabytes(serving, "Shared_Dirty") > 10


@needs_proc
def test_the_command_becomes_a_supervisor_that_holds_nothing_else(tmp_path):
    code = "from gnomon.project.serve import serve_instead as s; import django.db.models; s('127.0.0.1', 0, 1, 1, job_workers=0)"
    environment = {**os.environ, "GNOMON_HOME": str(tmp_path), "PYTHONPATH": str(SMALL_HOUSE)}
    environment["DJANGO_SETTINGS_MODULE"] = "small_house"
    process = subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert _ready(process).startswith("Gnomon is at http://127.0.0.1:")
        maps = Path(f"/proc/{process.pid}/maps").read_text()
        assert b"supervisor" in Path(f"/proc/{process.pid}/cmdline").read_bytes()
        assert "sqlite3" not in maps  # the command before it had loaded the database layer
    finally:
        process.terminate()
        assert process.wait(40) == 0


def test_a_taken_port_ends_the_command_with_a_sentence(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        told = ["supervisor", "127.0.0.1", port, "1", "1", "0"]
        ran = subprocess.run(
            [sys.executable, "-m", "gnomon.project.serve", *told],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith(f"Port {port} on 127.0.0.1 is taken;")


def _megabytes(pid: int, what: str) -> float:
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(next(line for line in rollup.splitlines() if line.startswith(f"{what}:")).split()[1]) / 1024


def _ready(served: subprocess.Popen[str]) -> str:
    assert served.stdout is not None
    return served.stdout.readline().strip()


def _answer(url: str) -> int:
    try:
        with urlopen(url, timeout=5) as answer:
            return int(answer.status)
    except HTTPError as answer:
        return answer.code
    except OSError:
        return 0


def _children(pid: int) -> list[int]:
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return sorted(int(child) for task in tasks for child in (task / "children").read_text().split())
    except OSError:
        return []


def _family(pid: int) -> list[int]:
    children = _children(pid)
    return children + [one for child in children for one in _family(child)]


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def _wait_for(holds: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"waited {seconds} s in vain"
        time.sleep(0.05)
