"""Full text over all kinds, Chinese and English: an index kept in step, questions, and what answers them."""

from gnomon.records.search.finding import find_numbers
from gnomon.records.search.index import index_record
from gnomon.records.search.words import asked_words, words_of

__all__ = ["asked_words", "find_numbers", "index_record", "words_of"]
