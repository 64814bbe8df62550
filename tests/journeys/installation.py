"""An installation in a folder of its own, served by processes that can be killed."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


class Installation:
    """`gnomon init` in `home`, and `gnomon serve` as often as it is asked for."""

    def __init__(self, home: Path, settings: str = "gnomon.project.settings") -> None:
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("GNOMON_", "DJANGO_"))}
        self.environment = {
            **clean, "GNOMON_HOME": str(home), "DJANGO_SETTINGS_MODULE": settings,
            "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}", "GNOMON_LOG_LEVEL": "ERROR",
        }  # fmt: skip
        self.home = home
        self.port = _free_port()
        self.served: subprocess.Popen[bytes] | None = None

    def gnomon(self, *words: str, stdin: str = "") -> str:
        """What a command says; fails with its own words when it does."""
        ended = subprocess.run(
            [sys.executable, "-m", "gnomon.project.command", *words], env=self.environment, cwd=ROOT, input=stdin,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    def run(self, script: str) -> Any:
        """What a script of this folder prints as JSON."""
        ended = subprocess.run(
            [sys.executable, str(Path(__file__).parent / script)], env=self.environment, cwd=ROOT,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert ended.returncode == 0, ended.stderr
        return json.loads(ended.stdout)

    def token(self, person: str) -> str:
        secret: str = json.loads(self.gnomon("token", "create", "--person", person, "--json"))["token"]
        return secret

    def serve(self) -> None:
        """Start the servers and wait until they answer."""
        self.begin()
        self.wait_until_ready()

    def begin(self) -> None:
        with (self.home / "serve.log").open("ab") as log:
            self.served = subprocess.Popen(
                [sys.executable, "-m", "gnomon.project.command", "serve", "--port", str(self.port)],
                env=self.environment, cwd=ROOT, stdout=log, stderr=log,
            )  # fmt: skip

    def wait_until_ready(self, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while not self.answers():
            assert time.monotonic() < end, (self.home / "serve.log").read_text()[-2000:]
            time.sleep(0.05)

    def answers(self) -> bool:
        try:
            return self.call("GET", "/healthz")[0] in (200, 503)
        except (OSError, HTTPException):
            return False

    def call(self, method: str, path: str, body: Any = None, token: str = "", timeout: float = 20) -> tuple[int, Any]:
        """Status and JSON of one call; OSError or HTTPException when nobody, or only half of somebody, answers."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        try:
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            text = answer.read()
        finally:
            connection.close()
        return answer.status, json.loads(text) if text else None

    # --- processes ---

    def supervisor(self) -> int:
        assert self.served is not None
        return self.served.pid

    def children(self, of: int | None = None) -> dict[str, int]:
        """The processes of the servers by what they are: web, worker, and the one inside web that answers."""
        found = {}
        for pid in _children(of or self.supervisor()):
            words = _command_line(pid)
            if "gnomon.project.serve" in words:
                found[words[words.index("gnomon.project.serve") + 1]] = pid
        if "web" in found:
            inner = _children(found["web"])
            if inner:
                found["answering"] = inner[0]
        return found

    def stop(self) -> None:
        """End everything, in order if it can be."""
        if self.served is None:
            return
        family = [self.served.pid, *family_of(self.served.pid)]
        self.served.terminate()
        try:
            self.served.wait(20)
        except subprocess.TimeoutExpired:
            self.served.kill()
            self.served.wait()
        for pid in family:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.served = None


def wait_until_gone(pids: list[int], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while any(map(_alive, pids)):
        assert time.monotonic() < end, f"{pids} still run"
        time.sleep(0.02)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _children(pid: int) -> list[int]:
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return sorted(int(child) for task in tasks for child in (task / "children").read_text().split())
    except OSError:
        return []


def family_of(pid: int) -> list[int]:
    """All processes below this one."""
    children = _children(pid)
    return children + [one for child in children for one in family_of(child)]


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def _command_line(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return []
