"""The Latin words that records hold, learnt a little later than they are written, and forgotten with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from gnomon.records.kinds import kind_named
from gnomon.records.models import LedgerEntry, SearchMark, SearchNear, SearchWord
from gnomon.records.search.counting import counted_words
from gnomon.records.search.index import KIND, TITLE
from gnomon.records.search.matching import holds_anywhere
from gnomon.records.search.near import is_learnt, keys_of, nearest
from gnomon.records.search.tables import KEY, TABLE, key_of

MARK, TURN = "search:learnt", "search:turn"
AT_ONCE = 5000  # entries read in one go
LARGEST = 200_000  # words kept; the rarest go first
LOOKED_OVER = 2000  # words that a pruning looks for in the index
PIECE = 2000  # words taken in with one transaction
CANDIDATES = 400


def learn(most: float = AT_ONCE * 20) -> int:
    """Take in the words of the records that were written to since the last time; how many entries were read.

    Read in pieces, so that after a large import no pass is long; what is left is for the next pass.
    """
    done = 0
    while done < most and (read := _learn_some()):
        done += read
    return done


def learn_anew() -> int:
    """Take in the words of all that the index holds, in place of what was known; how many there are.

    In pieces, each a transaction of its own: nobody waits long for their turn to write.
    """
    last = LedgerEntry.objects.aggregate(last=Max("sequence"))["last"] or 0
    seen = Counter(dict(counted_words().most_common(LARGEST)))
    words = sorted(seen)
    _forget([word for word in SearchWord.objects.values_list("word", flat=True) if word not in seen])
    for start in range(0, len(words), PIECE):
        with transaction.atomic():
            take_in(Counter({word: seen[word] for word in words[start : start + PIECE]}), anew=True)
    SearchMark.objects.update_or_create(name=MARK, defaults={"value": last})
    return len(words)


def _learn_some() -> int:
    mark, _made = SearchMark.objects.get_or_create(name=MARK)
    entries = list(
        LedgerEntry.objects.filter(sequence__gt=mark.value)
        .order_by("sequence")
        .values_list("sequence", "kind", "number")[:AT_ONCE]
    )
    if not entries:
        return 0
    numbers: dict[str, set[str]] = {}
    for _sequence, kind, number in entries:
        numbers.setdefault(kind, set()).add(number)
    seen: Counter[str] = Counter()
    for kind, some in numbers.items():
        for words in _rows(kind, some):
            seen.update(words)
    with transaction.atomic():
        take_in(seen)
        SearchMark.objects.filter(name=MARK).update(value=entries[-1][0])
    return len(entries)


def take_in(seen: Counter[str], *, anew: bool = False) -> None:
    """Count words as seen, on top of what was counted unless `anew`, and make those findable that are new."""
    words = sorted(seen)
    known: set[str] = set()
    for start in range(0, len(words), 500):
        known.update(SearchWord.objects.filter(word__in=words[start : start + 500]).values_list("word", flat=True))
    before = "" if anew else "records_searchword.seen + "
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO records_searchword (word, seen) VALUES (%s, %s) "
            f"ON CONFLICT (word) DO UPDATE SET seen = {before}excluded.seen",
            [(word, seen[word]) for word in words],
        )
    new = [SearchNear(key=key, word=word) for word in words if word not in known for key in sorted(keys_of(word))]
    SearchNear.objects.bulk_create(new, batch_size=300, ignore_conflicts=True)


def candidates(word: str) -> list[str]:
    """Words that records hold and that somebody may have meant by this one, the likeliest first."""
    near = SearchNear.objects.filter(key__in=keys_of(word)).values("word")
    known: Any = SearchWord.objects.filter(word__in=near).order_by("-seen", "word")
    return nearest(word, known.values_list("word", "seen")[:CANDIDATES])


def prune() -> int:
    """Forget words that no record holds any more, a share of all in turn, and the rarest beyond the bound."""
    turn, _made = SearchMark.objects.get_or_create(name=TURN)
    words = list(SearchWord.objects.order_by("word").values_list("word", flat=True))
    begin = turn.value if turn.value < len(words) else 0
    gone = [word for word in words[begin : begin + LOOKED_OVER] if not holds_anywhere(word)]
    gone += SearchWord.objects.order_by("seen", "word").values_list("word", flat=True)[: max(0, len(words) - LARGEST)]
    with transaction.atomic():
        _forget(gone)
        SearchMark.objects.filter(name=TURN).update(value=begin + LOOKED_OVER)
    return len(gone)


def _forget(words: Sequence[str]) -> None:
    for start in range(0, len(words), 500):
        some = words[start : start + 500]
        SearchNear.objects.filter(word__in=some).delete()
        SearchWord.objects.filter(word__in=some).delete()


def _rows(kind: str, numbers: Iterable[str]) -> list[set[str]]:
    """The words to be learnt of the rows of these records; what is said among staff is learnt too."""
    try:
        model: Any = kind_named(kind).model._base_manager
    except LookupError:
        return []
    pks = model.filter(number__in=numbers).values_list("pk", flat=True)
    keys = [key_of(kind, pk, staff) for pk in pks for staff in (False, True)]
    rows = "tsvector_to_array(words)" if connection.vendor == "postgresql" else "words"
    found: list[set[str]] = []
    with connection.cursor() as cursor:
        for start in range(0, len(keys), 5000):
            marks = ",".join(map(str, keys[start : start + 5000]))
            cursor.execute(f"SELECT {rows} FROM {TABLE} WHERE {KEY} IN ({marks})")
            for (words,) in cursor.fetchall():
                held = words.split() if isinstance(words, str) else words
                found.append({word for word in held if word[0] not in (TITLE, KIND) and is_learnt(word)})
    return found
