"""Keeps the web server and the worker alive together, and ends them together.

serve ── web (granian) ── its workers
     └── worker

A child that dies is started again, ever later when it keeps dying. Children end with `serve` even
when it is killed outright: each asks the kernel for that, and looks itself where there is no such kernel.
"""

from __future__ import annotations

import ctypes
import errno
import http.client
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from gnomon.project.settling import Wsgi

PR_SET_PDEATHSIG = 1
# Whoever waits for an answer goes first; on a busy machine the worker is left a tenth of a core.
WORKER_GIVES_WAY = 10
GRACE = 30.0  # seconds that a running job or request gets before its process is killed
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
HEALTHY_AFTER = 60.0
HOPELESS = 4  # deaths before the first answer
WILDCARDS = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 — what to ask instead


class CannotServe(Exception):
    """The servers cannot be started; the text says what to do."""


@dataclass
class Child:
    """A process that is started again when it dies."""

    name: str
    arguments: list[str]
    process: subprocess.Popen[bytes] | None = None
    deaths: int = 0
    started: float = 0.0
    start_at: float = 0.0

    def keep_alive(self, now: float) -> None:
        """Start the process when it does not run and its pause is over."""
        if self.process is not None and self.process.poll() is not None:
            self._has_died(now)
        if self.process is None and now >= self.start_at:
            # A session of its own: Ctrl-C reaches `serve` alone, which then ends the children in order.
            self.process = subprocess.Popen(  # noqa: S603 — our own module and numbers
                [sys.executable, "-m", "gnomon.project.serve", *self.arguments, str(os.getpid())],
                start_new_session=True,
                stdin=subprocess.DEVNULL,
                # Two arenas: glibc's eight a core keep freed memory that nobody uses again.
                env={"MALLOC_ARENA_MAX": "2", **os.environ},
            )
            self.started = now

    def _has_died(self, now: float) -> None:
        self.end(signal.SIGKILL)  # what it started must not hold the port
        self.process = None
        self.deaths = 1 if now - self.started > HEALTHY_AFTER else self.deaths + 1
        self.start_at = now + min(FIRST_PAUSE * 2.0 ** (self.deaths - 1), LONGEST_PAUSE)

    def end(self, how: signal.Signals) -> None:
        """Send a signal: TERM to the process alone, which ends its own; KILL to all that it started."""
        if self.process is None:
            return
        try:
            if how == signal.SIGKILL:
                os.killpg(self.process.pid, how)
            else:
                self.process.send_signal(how)
        except ProcessLookupError:
            pass

    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None


@dataclass
class Told:
    """Whether somebody asked the supervisor to stop, and how often."""

    times: int = 0
    before: dict[signal.Signals, Any] = field(default_factory=dict)


def serve(
    host: str = "127.0.0.1",
    port: int = 8000,
    workers: int = 1,
    threads: int = 2,
    *,
    job_workers: int = 1,
    on_ready: Callable[[str], None] = lambda url: None,
) -> None:
    """Run the web server and the worker until SIGTERM or SIGINT; `on_ready` gets the address once it answers.

    Port 0 takes any free one. Two threads are right for the embedded database, which has one writer.
    """
    port = free_port(host, port)
    web = Child("web server", ["web", host, str(port), str(workers), str(threads)])
    children = [web, *(Child("worker", ["worker"]) for _ in range(job_workers))]
    with asked_to_stop() as told:
        try:
            _supervise(children, told, address(host, port), on_ready)
        finally:
            _end_all(children, told)


def free_port(host: str, port: int) -> int:
    """The port to listen on; CannotServe with what to do when it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise CannotServe(f"Port {port} needs an administrator's rights; choose one above 1023, as 8000.") from None
        except OSError as why:
            if why.errno == errno.EADDRINUSE:
                raise CannotServe(
                    f"Port {port} on {host} is taken; stop the program that has it, "
                    f"or choose another port, as {port + 1}."
                ) from None
            raise CannotServe(
                f"{host} is not an address of this machine ({why.strerror}); "
                "use 127.0.0.1, or 0.0.0.0 to be reached from others."
            ) from None
        found: int = probe.getsockname()[1]
        return found


def address(host: str, port: int) -> str:
    """The address that a person on this machine opens."""
    seen = WILDCARDS.get(host, host)
    return f"http://[{seen}]:{port}/" if ":" in seen else f"http://{seen}:{port}/"


@contextmanager
def asked_to_stop() -> Iterator[Told]:
    """Note SIGTERM, SIGINT and SIGHUP instead of dying of them."""
    told = Told()

    def note(_number: int, _frame: object) -> None:
        told.times += 1

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        told.before[number] = signal.signal(number, note)
    try:
        yield told
    finally:
        for number, handler in told.before.items():
            signal.signal(number, handler)


def _supervise(children: list[Child], told: Told, url: str, on_ready: Callable[[str], None]) -> None:
    ready = False
    while not told.times:
        now = time.monotonic()
        for child in children:
            child.keep_alive(now)
            if child.deaths >= HOPELESS and not ready:
                raise CannotServe(
                    f"The {child.name} stopped {child.deaths} times while starting; its own message is above."
                )
        if not ready and answers(url):
            ready = True
            on_ready(url)
        time.sleep(0.5 if ready else 0.1)


def answers(url: str) -> bool:
    """Whether a web server gives any answer there, good or bad."""
    asked = urlsplit(url)
    connection = http.client.HTTPConnection(asked.hostname or "", asked.port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def _end_all(children: list[Child], told: Told) -> None:
    for child in children:
        child.end(signal.SIGTERM)
    deadline, patience = time.monotonic() + GRACE, told.times + 1
    # A second Ctrl-C means now.
    while any(child.runs() for child in children) and time.monotonic() < deadline and told.times < patience:
        time.sleep(0.05)
    for child in children:
        child.end(signal.SIGKILL)
        if child.process is not None:
            child.process.wait()


# --- what the children run --------------------------------------------------------------------


def end_with(parent: int, how: signal.Signals) -> None:
    """Send this process a signal when its parent ends, and kill it should it not end in time."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, how)
    if os.getppid() != parent:  # it ended before we could ask
        raise SystemExit(1)

    def look() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), how)
        time.sleep(GRACE)
        os._exit(1)

    threading.Thread(target=look, name="parent", daemon=True).start()


def web_application() -> Wsgi:
    """The web application inside a process of granian, which it does not outlive."""
    end_with(os.getppid(), signal.SIGKILL)
    from gnomon.project.wsgi import application

    return application


def load_before_forking() -> None:
    """Load the application once, into memory that the web processes then share instead of each having their own."""
    from django.db import connections
    from django.urls import get_resolver

    import gnomon.project.wsgi  # noqa: F401 — loading is all that is wanted
    from gnomon.project.settling import settle

    get_resolver()._populate()
    connections.close_all()  # a connection must not be used on both sides of a fork
    settle()  # objects that the collector never looks at stay on shared pages


def _web(host: str, port: str, workers: str, threads: str) -> None:
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    os.environ["GNOMON_WEB_PROCESSES"] = workers  # they share what is limited
    if multiprocessing.get_start_method() == "fork":
        load_before_forking()
    Server(
        "gnomon.project.serve:web_application",
        factory=True,
        interface=Interfaces.WSGI,
        address=host,
        port=int(port),
        workers=int(workers),
        blocking_threads=int(threads),
        websockets=False,
        log_level=LogLevels.warning,
        workers_kill_timeout=int(GRACE) - 5,
        respawn_failed_workers=int(workers) > 1,
    ).serve()


def _worker() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gnomon.project.settings")
    import django

    django.setup()
    from gnomon.jobs.worker import work_until_told

    os.nice(WORKER_GIVES_WAY)
    work_until_told()


def serve_instead(host: str, port: int, workers: int, threads: int, *, job_workers: int) -> NoReturn:
    """Become the supervisor, without what the command before loaded to make ready: as many megabytes as a web process."""
    sys.stdout.flush()
    sys.stderr.flush()
    told = ["supervisor", host, *map(str, (port, workers, threads, job_workers))]
    os.execv(sys.executable, [sys.executable, "-m", "gnomon.project.serve", *told])  # noqa: S606 — our own module


def _supervisor(host: str, *numbers: str) -> None:
    port, workers, threads, job_workers = map(int, numbers)
    try:
        serve(host, port, workers, threads, job_workers=job_workers, on_ready=_say_where)
    except CannotServe as why:
        print(why, file=sys.stderr)
        raise SystemExit(2) from None


def _say_where(url: str) -> None:
    print(f"Gnomon is at {url}", flush=True)


def _child(role: str, *arguments: str) -> None:
    if role == "supervisor":
        _supervisor(*arguments)
        return
    end_with(int(arguments[-1]), signal.SIGTERM)
    if role == "web":
        _web(*arguments[:-1])
    else:
        _worker()


if __name__ == "__main__":
    _child(*sys.argv[1:])
