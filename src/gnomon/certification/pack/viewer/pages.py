"""Write the pages of a pack into its bag, each in both languages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from gnomon.certification.pack.bag import Bag
from gnomon.certification.pack.documents import InForce
from gnomon.certification.pack.names import Names
from gnomon.certification.pack.order import Order
from gnomon.certification.pack.parts import LANGUAGES
from gnomon.certification.pack.taking import Taken
from gnomon.certification.pack.viewer.looks import allowed, script, style
from gnomon.certification.pack.viewer.telling import Teller
from gnomon.certification.queries.board import BEST_FIRST, stretched
from gnomon.certification.verdicts import Status

PLACE = "view"
OTHER = {"en": "zh", "zh": "en"}
TAGS = {"en": "en", "zh": "zh-Hans"}


class Pages:
    """The viewer of one pack: records as they come, everything else once the index is known."""

    def __init__(self, bag: Bag, order: Order, names: Names) -> None:
        self.bag, self.order, self.names = bag, order, names
        self.zone, self.ends_at = ZoneInfo(order.zone), order.period.end
        bag.add(f"{PLACE}/style.css", style())

    def record(self, taken: Taken, told: Mapping[str, Any], versions: Sequence[InForce]) -> dict[str, Any]:
        """The page of one record; answers what its state is called, for the lists."""
        teller = Teller(taken, self.names, self.zone, self.ends_at)
        states: dict[str, str] = {}
        for lang in LANGUAGES:
            with translation.override(LANGUAGES[lang]):
                states[lang] = teller.status()
                self._page(
                    lang, f"records/{taken.number}.html", "record.html",
                    taken=taken, teller=teller, told=told, section="records", state=states[lang],
                    kind=str(taken.kind.title), facts=teller.facts(), lines=list(teller.lines()),
                    versions=[
                        (one, teller.moment(one.since), teller.moment(one.until) if one.until else "")
                        for one in versions
                    ],
                )  # fmt: skip
        return states

    def finish(
        self, index: Mapping[str, Any], shown: Mapping[str, Mapping[str, Any]], public_keys: Sequence[Mapping[str, str]]
    ) -> bytes:
        """All other pages; answers the cover, which lies beside the data."""
        clauses = [_counted(clause) for clause in index["clauses"]]
        tops = _tops(clauses, index["titles"])
        whole = _tally(index["counts"])
        nothing_seen = not any(_seen(clause) for clause in clauses)
        common: dict[str, Any] = {"index": index, "tops": tops, "whole": whole, "nothing_seen": nothing_seen}
        for lang in LANGUAGES:
            with translation.override(LANGUAGES[lang]):
                self._page(lang, "index.html", "overview.html", section="overview", **common)
                self._page(
                    lang, "requirements.html", "requirements.html", section="requirements", scripted=True, **common
                )
                for clause in clauses:
                    self._page(
                        lang, f"clauses/{clause['id']}.html", "clause.html", section="overview", clause=clause, **common
                    )
                self._page(
                    lang, "records.html", "records.html", section="records", scripted=True,
                    records=_by_kind(shown, lang), **common,
                )  # fmt: skip
                self._page(lang, "samples.html", "samples.html", section="samples", **common)
                self._page(lang, "documents.html", "documents.html", section="documents", **common)
                self._page(lang, "measures.html", "measures.html", section="measures", **common)
                self._page(
                    lang,
                    "proof.html",
                    "proof.html",
                    section="proof",
                    public_keys=public_keys,
                    proven=proven(),
                    **common,
                )
        return self._cover(index)

    def _cover(self, index: Mapping[str, Any]) -> bytes:
        context = {"index": index, "order": self.order, "csp": allowed(), "place": f"data/{PLACE}"}
        return render_to_string("certification/pack/cover.html", context).encode()

    def _page(self, lang: str, path: str, template: str, *, scripted: bool = False, **context: Any) -> None:
        up = "../" * path.count("/")
        page = render_to_string(
            f"certification/pack/{template}",
            {
                "lang": TAGS[lang], "up": up, "data": f"{up}../../", "other": f"{up}../{OTHER[lang]}/{path}",
                "csp": allowed(scripted=scripted), "script": script() if scripted else "", "order": self.order,
                "names": self.names.known, **context,
            },
        )  # fmt: skip
        self.bag.add(f"{PLACE}/{lang}/{path}", page.encode())


def proven() -> list[str]:
    """What the verifier checks, for people to read."""
    return [
        _("Every file is listed with its digest and unaltered; none is missing and none was added (BagIt, RFC 8493)."),
        _("The lists of digests are signed as a whole by the organization's key (Ed25519)."),
        _(
            "The checkpoint of the ledger is signed, and the ledgers of earlier checkpoints are contained in it, unchanged."
        ),
        _("Every entry of every record here lies in that ledger: its digest is computed from what it says (RFC 6962)."),
        _("No entry is left out between the first and the last of a record."),
        _("The verdicts are those of the conformity run whose digest the ledger sealed."),
        _(
            "Populations, late and failed records are the very lists that the run froze, and every count is their length."
        ),
        _("Every sample is drawn again from its population and the seed, with the same result."),
        _(
            "What people found in samples is told as they said it, and nobody judged what they had worked on themselves."
        ),
        _("Own limits and planned activities are told as the ledger tells them."),
        _("Every time stamp is of a checkpoint that this ledger begins with; who signed it is not checked."),
        _("Every attached file and every version of a document is the one that the ledger tells of."),
    ]


def _seen(clause: Mapping[str, Any]) -> bool:
    """Whether any check of a clause found a record to look at."""
    return any(rule.get("seen", {}).get("count") for asked in clause["requirements"] for rule in asked["rules"])


def _counted(clause: Mapping[str, Any]) -> dict[str, Any]:
    """A clause with the tally of its verdicts."""
    return {**clause, "tally": _tally(Counter(each["status"] for each in clause["requirements"]))}


def _tops(clauses: Iterable[Mapping[str, Any]], titles: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Clauses 4 to 10, each with those of its clauses that the pack tells of."""
    tops: dict[str, list[Mapping[str, Any]]] = {}
    for clause in clauses:
        tops.setdefault(clause["id"].partition(".")[0], []).append(clause)
    return [
        {
            "id": top,
            "title": titles.get(top, {"en": top, "zh": top}),
            "clauses": within,
            "tally": _tally(Counter(each["status"] for one in within for each in one["requirements"])),
        }
        for top, within in tops.items()
    ]


def _tally(counts: Mapping[str, int]) -> dict[str, Any]:
    known = {status: counts[status.value] for status in BEST_FIRST if counts.get(status.value)}
    return {
        "counts": {status.value: count for status, count in known.items()},
        "stretches": stretched(known),
        "total": sum(known.values()),
        "settled": sum(count for status, count in known.items() if Status(status).settled),
    }


def _by_kind(
    records: Mapping[str, Mapping[str, Any]], lang: str
) -> list[tuple[str, list[tuple[str, Mapping[str, Any]]]]]:
    """Records with a page, by what their kind is called."""
    found: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}
    for number in sorted(records):
        found.setdefault(records[number]["kind_title"][lang], []).append((number, records[number]))
    return sorted(found.items())
