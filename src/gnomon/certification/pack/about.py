"""What a pack says of itself: on what it rests, bag-info.txt, the words to read first, and its verifier."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import PurePosixPath
from typing import Any

from gnomon.certification.catalogue import catalogue
from gnomon.certification.models import ConformityRun
from gnomon.certification.pack.order import FORMAT
from gnomon.jobs.moments import written
from gnomon.records.models import Checkpoint

_ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}")
_RUNS = frozenset({".htm", ".html", ".xhtml", ".svg", ".xml", ".xes", ".mht", ".mhtml", ".js", ".hta"})
# The parts of the verifier, each before those that use it.
PARTS = (
    "reports",
    "places",
    "packed",
    "bagged",
    "ledgered",
    "judged",
    "sampled",
    "drawn",
    "settled",
    "stamped",
    "contents",
    "command",
)
_MAIN = 'if __name__ == "__main__":'


def basis(run: ConformityRun, checkpoint: Checkpoint, made_at: datetime) -> dict[str, Any]:
    """The state of the records that the pack tells."""
    book = catalogue(run.edition)
    return {
        "made_at": written(made_at),
        "run": run.number,
        "run_digest": run.digest,
        "as_of": written(run.as_of),
        "run_clause": run.clause,
        "engine": run.engine,
        "catalogue": run.edition,
        "edition": book.edition,
        "amendment": book.amendment,
        "checkpoint": {
            "size": checkpoint.size,
            "root": bytes(checkpoint.root).hex(),
            "sealed_at": written(checkpoint.sealed_at),
            "key": checkpoint.key_id,
        },
    }


def bag_info(index: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The lines of bag-info.txt."""
    order, state = index["order"], index["basis"]
    yield "Bagging-Date", state["made_at"][:10]
    yield "Bag-Software-Agent", f"Gnomon {state['engine']}"
    yield "External-Description", f"Audit pack, ISO/IEC 20000-1, {order['first_day']} to {order['last_day']}"
    if order["purpose"]:
        yield "Internal-Sender-Description", order["purpose"]
    yield "Gnomon-Format", FORMAT
    yield "Gnomon-Checkpoint", f"{state['checkpoint']['size']}:{state['checkpoint']['root']}"
    yield "Gnomon-Run", state["run"]


def readme(index: Mapping[str, Any]) -> str:
    """What to do with the pack, in both languages."""
    order, state = index["order"], index["basis"]
    return (
        f"Audit pack 审核资料包\n{order['first_day']} – {order['last_day']} ({order['zone']})\n\n"
        "Open index.html to read it: no program and no network is needed.\n"
        "打开 index.html 即可阅读，无需安装软件，也无需联网。\n\n"
        "To check that nothing was altered, added or left out, with Python 3.8 or later and nothing else:\n"
        "用 Python 3.8 或更高版本即可核验有无修改、增添或遗漏：\n\n"
        "    python verify.py\n"
        "    python verify.py --key KEY --root SIZE:ROOT\n\n"
        "KEY is the public key that the organization gave you by another way. SIZE:ROOT is a root of the ledger\n"
        "that you noted earlier. Without them the pack vouches for itself only. verify.py can be taken from\n"
        "another pack or from the source of Gnomon: the same version is the same file.\n"
        "KEY 是该组织通过其他途径告知您的公钥；SIZE:ROOT 是您以前记下的台账根。若不提供，资料包只能自证。\n"
        "verify.py 也可取自其他资料包或圭臬的源代码：同一版本即同一文件。\n\n"
        f"Key 公钥: {state['checkpoint']['key']}\n"
        f"Checkpoint 检查点: {state['checkpoint']['size']}:{state['checkpoint']['root']}\n"
    )


@cache
def verifier() -> bytes:
    """verify.py as it lies in the pack: the verifier of proofs and the parts of that of packs, in one file."""
    proofs = (files("gnomon.records.ledger") / "verify_proof.py").read_text(encoding="utf-8")
    folder = files("gnomon.certification.pack.verifier")
    parts = {name: (folder / f"{name}.py").read_text(encoding="utf-8") for name in PARTS}
    usage = ast.get_docstring(ast.parse(parts[PARTS[-1]]), clean=False)
    bodies = [proofs.partition(_MAIN)[0], *parts.values()]
    return (f'"""{usage}"""\n\nfrom __future__ import annotations\n' + "\n".join(map(_body, bodies))).encode()


def _body(source: str) -> str:
    """A part without its docstring and without what stands above it in the one file."""
    tree, lines = ast.parse(source), source.splitlines(keepends=True)
    for each in tree.body:
        imported = each.module or "" if isinstance(each, ast.ImportFrom) else ""
        if each is tree.body[0] or imported == "__future__" or imported.startswith("gnomon."):
            for at in range(each.lineno - 1, each.end_lineno or each.lineno):
                lines[at] = ""
    return "".join(lines).lstrip("\n")


def ending(name: str) -> str:
    """The ending of a file's name where it is a plain one; what a browser would run from disk opens as text."""
    found = PurePosixPath(name).suffix.lower()
    if not _ENDING.fullmatch(found):
        return ""
    return f"{found}.txt" if found in _RUNS else found
