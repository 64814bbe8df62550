"""Make a pack: everything in the order in which it is written, one record in memory at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any, BinaryIO

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from gnomon.certification.models import ConformityRun
from gnomon.certification.pack import about
from gnomon.certification.pack.bag import Bag
from gnomon.certification.pack.belonging import Belonging
from gnomon.certification.pack.chosen import chosen, name_chosen
from gnomon.certification.pack.documents import InForce, document_numbers, in_force
from gnomon.certification.pack.drawn import DrawnSamples
from gnomon.certification.pack.figures import figures
from gnomon.certification.pack.findings import Findings, clause_titles, counts_of
from gnomon.certification.pack.names import Names
from gnomon.certification.pack.order import FORMAT, Basis, Made, Order
from gnomon.certification.pack.parts import Lists, as_file, as_pieces, both
from gnomon.certification.pack.refusals import PackRefused
from gnomon.certification.pack.stamps import stamps_under
from gnomon.certification.pack.taking import Attached, Taken, take
from gnomon.certification.pack.viewer.pages import Pages
from gnomon.certification.queries.stored import is_whole, sealed_text
from gnomon.records.attachments import path_of
from gnomon.records.ledger.canonical import canonical
from gnomon.records.ledger.export import Sealed
from gnomon.records.ledger.proof import proof_bytes

Progress = Callable[[str, int, int], None]
_PIECE = 1 << 20


def make(order: Order, basis: Basis, file: BinaryIO, progress: Progress | None = None) -> Made:
    """Write the pack into an open file; the same order, basis, records and keys give the same bytes.

    PackRefused when the run was altered or an entry is not sealed; LedgerBroken when the ledger is.
    """
    # Nothing of whoever makes it, or of where, gets into the pack.
    with translation.override("en"), timezone.override(order.zone):
        making = _Making(order, basis, file, progress or (lambda _stage, _done, _all: None))
        with making.bag:
            return making.done()


class _Making:
    """One pack on its way into its file."""

    def __init__(self, order: Order, basis: Basis, file: BinaryIO, progress: Progress) -> None:
        self.order, self.basis, self.progress, self.file = order, basis, progress, file
        self.sealed = Sealed(basis.checkpoint)
        self.run = _sound_run(basis.run)
        self.stamps = stamps_under(self.sealed, order.known)
        self.chosen = chosen(order, self.sealed, self.run.edition)
        self.bag = Bag(file, _name(order, self.sealed), basis.made_at)
        self.lists = Lists(self.bag)
        self.names = Names(self.sealed, people=order.names)
        self.names.look_up(order.services)
        self.records: dict[str, dict[str, Any]] = {}
        self.attachments: list[dict[str, Any]] = []
        self.documents: list[dict[str, Any]] = []
        self.pages = Pages(self.bag, order, self.names)
        self.shown: dict[str, dict[str, Any]] = {}
        self.entries = 0
        self._bytes_of: dict[str, str] = {}

    def done(self) -> Made:
        self.bag.add(f"run/{self.run.number}.json", sealed_text(self.run).encode())
        self._known_checkpoints()
        found = self._findings()
        clauses = list(found.clauses())
        name_chosen(clauses, self.chosen)
        drawn = self._drawn(found)
        self._records(found)
        measured = self._measures()
        index = {**self._index(clauses, measured), "samples": drawn}
        self.bag.add("index.json", as_pieces(index))
        return self._closed(index)

    def _known_checkpoints(self) -> None:
        """The checkpoint itself, that it holds those that the auditor knows, and what was said of them outside."""
        since = {*self.order.known, *(stamp.size for stamp in self.stamps)}
        proof = self.sealed.proof((), at=self.basis.made_at, since=since)
        self.bag.add("ledger/checkpoint.json", proof_bytes(proof))
        for stamp in self.stamps:
            for path, content in stamp.files:
                self.bag.add(path, content)

    def _findings(self) -> Findings:
        self.progress("findings", 0, 1)
        services = self.order.services
        narrow = Belonging(services, self.basis.checkpoint).narrow if services else None
        return Findings(self.run, self.order, self.lists, narrow)

    def _drawn(self, found: Findings) -> list[dict[str, Any]]:
        """The samples that people drew, the runs behind them, and the records in them, which belong to the pack too."""
        samples = DrawnSamples(self.order, self.sealed, self.lists)
        told = list(samples.told())
        for run in samples.runs:
            found.runs.add(run.number)
            if run.number != self.run.number:
                self.bag.add(f"run/{run.number}.json", sealed_text(_sound_run(run.number)).encode())
        for each in told:
            found.want_all(each["drawn"], f"{each['requirement']}/{each['rule']}")
            found.samples.add(each["number"])
        return told

    def _records(self, found: Findings) -> None:
        """Samples, judgements, documents and the run itself, each once."""
        documents = set(document_numbers(self.sealed))
        beside = {*(each["number"] for each in self.chosen), *(stamp.number for stamp in self.stamps)}
        wanted = sorted(
            {*beside, *found.wanted, *found.judgements, *documents, *found.samples, *found.runs, self.run.number}
        )
        for count, number in enumerate(wanted):
            self.progress("records", count, len(wanted))
            taken = take(number, self.sealed, self.basis.made_at)
            told: dict[str, Any] = {"for": found.wanted.get(number, []), "entries": len(taken.entries) if taken else 0}
            if taken is not None:
                told |= {"kind": taken.kind.name, "title": taken.title, "status": taken.status}
                self._record(taken, told, in_force(taken, self.order.period) if number in documents else [])
            self.records[number] = told

    def _record(self, taken: Taken, told: dict[str, Any], versions: Sequence[InForce]) -> None:
        """The proof of a record, its files, what it said if it is a document, and its page."""
        self.entries += len(taken.entries)
        self.names.learn(taken.entries)
        self.bag.add(f"records/{taken.number}.json", taken.file)
        files = [self._attachment(attached) for attached in taken.attached]
        self.attachments += files
        for version in versions:
            self.bag.add(version.path, version.text.encode())
            self.documents.append(version.as_json())
        states = self.pages.record(taken, {**told, "files": files}, versions)
        self.shown[taken.number] = {**told, "state": states, "kind_title": both(lambda: taken.kind.plural)}

    def _attachment(self, attached: Attached) -> dict[str, Any]:
        """A file once under its digest; one that is lost from the store is told as lost."""
        path = self._bytes_of.get(attached.sha256, "")
        if not path and path_of(attached.sha256).is_file():
            path = f"attachments/{attached.sha256}{about.ending(attached.name)}"
            self.bag.add(path, _pieces(attached.sha256))
            self._bytes_of[attached.sha256] = path
        return {
            "record": attached.number, "version": attached.version, "name": attached.name,
            "sha256": attached.sha256, "size": attached.size, "file": path,
        }  # fmt: skip

    def _measures(self) -> list[dict[str, Any]]:
        self.progress("measures", 0, 1)
        return list(figures(self.order.period, self.basis.made_at, self.lists))

    def _index(self, clauses: list[dict[str, Any]], measured: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "order": self.order.as_json(),
            "basis": about.basis(self.run, self.sealed.checkpoint, self.basis.made_at),
            "counts": counts_of(clauses),
            "titles": clause_titles(self.run),
            "clauses": clauses,
            "records": self.records,
            "attachments": self.attachments,
            "documents": self.documents,
            "measures": measured,
            "chosen": self.chosen,
            "stamps": [stamp.as_json() for stamp in self.stamps],
            "names": self.names.known,
        }

    def _closed(self, index: dict[str, Any]) -> Made:
        self.progress("closing", 0, 1)
        keys = self.sealed.keys
        public = [
            {"id": id, "public": keys.public[id].hex()} for id in sorted({keys.id, self.sealed.checkpoint.key_id})
        ]
        self.bag.tag("index.html", self.pages.finish(index, self.shown, public))
        self.bag.tag("verify.py", about.verifier())
        self.bag.tag("README.txt", about.readme(index).encode())
        tags = self.bag.close(about.bag_info(index))
        seal: dict[str, Any] = {"format": FORMAT, "key": keys.id, "tagmanifest": hashlib.sha256(tags).hexdigest()}
        seal["signature"] = keys.sign(canonical(seal)).hex()
        self.bag.seal("signature.json", as_file(seal))
        return self._made()

    def _made(self) -> Made:
        self.file.flush()
        self.file.seek(0)
        digest, size = hashlib.sha256(), 0
        while piece := self.file.read(_PIECE):
            digest.update(piece)
            size += len(piece)
        root = bytes(self.sealed.checkpoint.root).hex()
        return Made(self.bag.name, digest.hexdigest(), size, self.bag.files, len(self.records), self.entries, root)


def _sound_run(number: str) -> ConformityRun:
    run: ConformityRun | None = ConformityRun.objects.filter(number=number).first()
    if run is None:
        raise PackRefused(_("There is no conformity run %(number)s.") % {"number": number})
    if not is_whole(run):
        says = _("The results of %(number)s are no longer those that the ledger sealed. Run “gnomon ledger verify”.")
        raise PackRefused(says % {"number": number})
    return run


def _name(order: Order, sealed: Sealed) -> str:
    root = bytes(sealed.checkpoint.root).hex()
    return f"audit-pack-{order.first_day:%Y%m%d}-{order.last_day:%Y%m%d}-{root[:8]}"


def _pieces(sha256: str) -> Iterator[bytes]:
    with path_of(sha256).open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece
