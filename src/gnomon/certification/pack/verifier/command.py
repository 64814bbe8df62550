"""Check an audit pack that Gnomon made, with Python's standard library alone.

    python verify.py [PACK.zip or FOLDER] [--key KEY]... [--root SIZE:ROOT] [--list]

用 Python 标准库即可核验圭臬的审核资料包；无需安装任何软件，也无需联网。

Without a path the folder in which this file lies is checked. 不给路径时核验本文件所在的文件夹。
--key KEY        the public key, or its id, that the organization gave you by another way; without it the pack
                 vouches for its own key, and you should compare the key printed below with what they told you.
                 组织通过其他途径告知的公钥或其标识；不提供时请自行核对下面打印的公钥。
--root SIZE:ROOT a root of the ledger that you wrote down earlier: this ledger must contain that one, unchanged.
                 以前记下的台账根：此台账必须原样包含它。
--list           print every record that is proved. 逐条列出已证明的记录。

Exit: 0 everything holds, 1 something does not (the first is named last), 2 this is no pack that can be read.
退出码：0 全部成立；1 有不成立之处（最后一行指出第一处）；2 无法读取。

Nothing in the pack is believed: every file is hashed, every entry's hash is computed from what it says, every
path is followed to the signed root, every sample is drawn again, and the index must say what the lists say.
"""

# ruff: noqa: UP006, UP035, UP045
# The newer ways of writing that these rules ask for are unknown to Python 3.8, which auditors still meet.
from __future__ import annotations

import io
import os
import sys
import zipfile
from typing import Callable, List, Optional, Sequence, Tuple

from gnomon.certification.pack.verifier.bagged import MANIFEST, SIGNATURE, check_bag, check_signature
from gnomon.certification.pack.verifier.contents import (
    check_all_lists,
    check_attachments,
    check_documents,
    check_measures,
)
from gnomon.certification.pack.verifier.drawn import check_drawn
from gnomon.certification.pack.verifier.judged import check_run
from gnomon.certification.pack.verifier.ledgered import CHECKPOINT, INDEX, check_index, check_ledger, check_records
from gnomon.certification.pack.verifier.packed import Pack
from gnomon.certification.pack.verifier.places import Archive, Folder, Source
from gnomon.certification.pack.verifier.reports import Aloud
from gnomon.certification.pack.verifier.sampled import check_samples
from gnomon.certification.pack.verifier.settled import check_chosen
from gnomon.certification.pack.verifier.stamped import check_stamps
from gnomon.records.ledger.verify_proof import Unreadable, octets


def verify(source: Source, pinned: Sequence[str], noted: Optional[Tuple[int, bytes]], each: bool) -> bool:
    """Say what holds; whether all does."""
    pack = Pack(source, Aloud())
    whole = (
        (MANIFEST, lambda: check_bag(pack)),
        (CHECKPOINT, lambda: check_ledger(pack, pinned, noted)),
        (SIGNATURE, lambda: check_signature(pack)),
        (INDEX, lambda: check_index(pack)),
        (INDEX, lambda: check_records(pack, each)),
        (INDEX, lambda: check_run(pack)),
        (INDEX, lambda: check_samples(pack)),
        (INDEX, lambda: check_drawn(pack)),
        (INDEX, lambda: check_chosen(pack)),
        (INDEX, lambda: check_stamps(pack)),
        (INDEX, lambda: check_attachments(pack)),
        (INDEX, lambda: check_documents(pack)),
        (INDEX, lambda: check_measures(pack)),
        (INDEX, lambda: check_all_lists(pack)),
    )
    return holds(pack, whole)


def holds(pack: Pack, steps: Sequence[Tuple[str, Callable[[], None]]]) -> bool:
    """Take the steps one by one, whatever became of those before, and say what came of it.

    Each names the file that it reads, which is at fault when it cannot be read as what it should be.
    """
    for file, step in steps:
        try:
            step()
        except Unreadable as error:
            pack.report.fails(f"{file}: {error}", f"无法核验 {file}。")
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
            # Whoever bends a file may bend its shape too; that is a fault of the pack, not of the verifier.
            pack.report.fails(
                f"{file} does not have the shape that it should have ({error!r}).", f"{file} 的结构不符。"
            )
    if pack.report.broken:
        print(f"This pack does NOT hold: {pack.report.broken} faults. 资料包不成立：有 {pack.report.broken} 处不符。")
        print(f"The first: {pack.report.first}")
    else:
        print("This pack holds. 资料包成立。")
    return not pack.report.broken


def source_at(path: str) -> Source:
    """A pack as a folder or as a ZIP file."""
    if os.path.isdir(path):
        return Folder(path)
    return Archive(path)


def main(arguments: Sequence[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    keys: List[str] = []
    paths: List[str] = []
    rest = list(arguments)
    noted: Optional[Tuple[int, bytes]] = None
    each = False
    try:
        while rest:
            word = rest.pop(0)
            if word == "--key" and rest:
                keys.append(rest.pop(0))
            elif word == "--root" and rest:
                size, _, root = rest.pop(0).partition(":")
                if not size.isdigit():
                    raise Unreadable("--root needs SIZE:ROOT, for example 1024:9f86d0…")
                noted = (int(size), octets(root))
            elif word == "--list":
                each = True
            else:
                paths.append(word)
        if len(paths) > 1 or any(path.startswith("-") for path in paths):
            print(__doc__, file=sys.stderr)
            return 2
        here = os.path.dirname(os.path.abspath(__file__))
        return 0 if verify(source_at(paths[0] if paths else here), keys, noted, each) else 1
    except (OSError, Unreadable, zipfile.BadZipFile, OverflowError, RecursionError) as error:
        print(f"This pack cannot be checked. 无法核验此资料包。 {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
