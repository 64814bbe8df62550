"""Both languages, one meaning."""

from __future__ import annotations

import gettext as gnu
from pathlib import Path

import pytest

from gnomon.project import translations
from gnomon.project.translatable import Text, in_python, in_template
from gnomon.project.translations import Entry, against_glossary, catalogues, conflicts, entries, glossary, unfinished


def says(texts):
    return [(text.context, text.says, text.plural) for text in texts]


def test_python_texts_are_found_by_the_functions_that_translate_them():
    source = """
title = _("Team")
late = gettext_lazy("a" " long " "one")
said = ngettext("%d day", "%d days", n) % n
open = pgettext("door", "Open")
both = npgettext("door", "%d door", "%d doors", n)
for _, ignored in pairs: pass
skipped = _(variable)
"""
    assert says(sorted(in_python(source), key=lambda text: text.place)) == [
        ("", "Team", ""),
        ("", "a long one", ""),
        ("", "%d day", "%d days"),
        ("door", "Open", ""),
        ("door", "%d door", "%d doors"),
    ]


def test_template_texts_are_found_as_django_looks_them_up():
    source = """{% load i18n %}{% translate "Save" %} {% trans 'Let it go' as words %}
{% translate "Open" context "door" %}{{ submit|default:_("Send") }}
{% blocktranslate with n=list|length %}Hello {{ n }}{% endblocktranslate %}
{% blocktranslate trimmed count n=3 %}
  One 100% record
{% plural %}
  {{ n }} records
{% endblocktranslate %}
{% translate "%d left" %}
{% comment %}{% translate "Never seen" %}{% endcomment %}"""
    assert says(in_template(source)) == [
        ("", "Save", ""),
        ("", "Let it go", ""),
        ("door", "Open", ""),
        ("", "Send", ""),
        ("", "Hello %(n)s", ""),
        ("", "One 100%% record", "%(n)s records"),
        ("", "%%d left", ""),
    ]


def test_what_the_finder_finds_is_what_django_asks_for(monkeypatch):
    """The finder and Django must agree on the very text, or a translation would never be shown."""
    from django.template import Context, Template
    from django.utils import translation
    from django.utils.translation import trans_real

    asked = []
    source = (
        '{% load i18n %}{% translate "50% of %(name)s" %}{% blocktranslate %}All {{ name }}: 50%{% endblocktranslate %}'
        "{% blocktranslate trimmed count n=n %}\n One \n  {{ name }}{% plural %}{{ n }} of them{% endblocktranslate %}"
    )
    with translation.override("zh-hans"):
        catalogue = trans_real.catalog()
        monkeypatch.setattr(type(catalogue), "gettext", lambda _self, text: asked.append(text) or text)
        monkeypatch.setattr(type(catalogue), "ngettext", lambda _self, one, many, n: asked.append(one) or one)
        Template(source).render(Context({"name": "x", "n": 2}))
    assert [text.says for text in in_template(source)] == asked


def test_every_text_of_ours_has_its_chinese():
    assert [f"{text.place} {text.says!r}" for text in translations.missing()] == []


def test_no_translation_is_empty_fuzzy_or_short_of_a_placeholder():
    assert unfinished() == []


def test_a_text_is_translated_alike_wherever_it_stands():
    assert conflicts() == []


def test_translations_keep_to_the_glossary():
    some = [entry for path in catalogues("zh_Hans") for entry in entries(path)]
    assert list(against_glossary(glossary(), some)) == []


def entry(text: str, said: str) -> Entry:
    return Entry(text, "", (said,), "", False, "here")


@pytest.mark.parametrize(
    ("text", "said", "because"),
    [
        ("Competence", "容量", "能力"),
        ("Capacity", "能力", "能力 is kept for competence"),
        ("Targets", "目标", "目标 is kept for objective"),
        ("Requirements", "需求", "需求 is kept for demand"),
        ("The event was heard", "听到了事件", "事件 is kept for incident"),
        ("Processes", "流程", "shop talk"),
        ("Record an incident for this service", "为此服务记录问题", "speaks of incident"),
        ("Internal audits", "内部审计", "内部审核"),
    ],
)
def test_words_that_leave_the_glossary_are_named(text, said, because):
    told = list(against_glossary(glossary(), [entry(text, said)]))
    assert any(because in sentence for sentence in told)


def test_words_that_keep_to_the_glossary_pass():
    kept = [
        entry("Capacity", "容量"),
        entry("Major incident", "重大事件"),
        entry("Service level agreements", "服务级别协议"),
        entry("Change password", "修改密码"),
        entry("Quality objectives", "质量目标"),
    ]
    assert list(against_glossary(glossary(), kept)) == []


def test_the_glossary_says_each_term_once():
    terms = [term["en"].lower() for term in glossary()["terms"]]
    assert len(terms) == len(set(terms))


def a_catalogue(folder: Path, body: str) -> Path:
    path = folder / "desk" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=1; plural=0;\\n"\n\n'
    path.write_text(head + body, encoding="utf-8")
    return path


def test_catalogues_are_compiled_to_what_gettext_reads(tmp_path, monkeypatch):
    monkeypatch.setattr(translations, "SOURCE", tmp_path)
    path = a_catalogue(tmp_path, 'msgid "Team"\nmsgstr "团队"\n')
    assert translations.compile_all() == [path.with_suffix(".mo")]
    with path.with_suffix(".mo").open("rb") as file:
        assert gnu.GNUTranslations(file).gettext("Team") == "团队"
    assert translations.compile_all() == []  # nothing is newer than what was made of it


@pytest.mark.parametrize(
    ("body", "because"),
    [
        ('msgid "Team"\nmsgstr ""\n', "empty"),
        ('#, fuzzy\nmsgid "Team"\nmsgstr "团队"\n', "fuzzy"),
        ('msgid "%(n)d teams"\nmsgstr "团队"\n', "placeholders"),
        ('msgid "Teams"\nmsgstr "%(n)d 个团队"\n', "placeholders"),
    ],
)
def test_what_is_wrong_with_a_catalogue_is_said(tmp_path, monkeypatch, body, because):
    monkeypatch.setattr(translations, "SOURCE", tmp_path)
    a_catalogue(tmp_path, body)
    (sentence,) = unfinished()
    assert because in sentence


def test_a_text_without_chinese_is_named_with_its_place(tmp_path, monkeypatch):
    monkeypatch.setattr(translations, "SOURCE", tmp_path)
    a_catalogue(tmp_path, 'msgid "Team"\nmsgstr "团队"\n')
    (tmp_path / "desk" / "views.py").write_text('_("Team")\n_("Crew of rowers")\n', encoding="utf-8")
    assert translations.missing(tmp_path) == [Text("Crew of rowers", "", "", "desk/views.py:2")]
