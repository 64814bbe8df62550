"""Write the configuration file: the same configuration is always the same bytes."""

from __future__ import annotations

from typing import Any

import yaml
from django.utils import translation

from gnomon.records import permissions
from gnomon.records.configuring.declared import Configured, sections
from gnomon.records.configuring.items import item_of
from gnomon.standard.plugs import Actor

FORMAT = 1
HEAD = "gnomon_configuration"
_PREFACE = """\
# Gnomon configuration, format {format}. Gnomon 配置文件，格式 {format}。
#
# Each part below is a list. What a part says of an item is all of it: what is left out is empty. Items that stand
# here and not in a file are left as they are. People, passwords, tokens and keys are never part of it.
# 下面每一部分是一个列表。文件对每一项的说明是完整的：省略即为空。系统中有而文件中没有的项保持不变。
# 文件从不包含人员、密码、令牌和密钥。
#
#   gnomon configuration import FILE            what it would do · 预演
#   gnomon configuration import FILE --apply    do it, in one transaction · 一次性执行

{head}: {format}
"""


def configuration_text(by: Actor, only: tuple[str, ...] = ()) -> str:
    """The configuration as YAML, of the parts that this person may take out of the house."""
    parts = [_PREFACE.format(format=FORMAT, head=HEAD)]
    for section in sections():
        if only and section.kind not in only:
            continue
        permissions.require(by, "export", section.of)
        items = items_of(section)
        if items:
            parts.append(_part(section, items))
    return "\n".join(parts)


def items_of(section: Configured) -> list[dict[str, Any]]:
    """The items of a part, in the order of their keys."""
    relations = [
        field.name
        for field in section.of.model._meta.concrete_fields
        if field.is_relation and field.name in section.names
    ]
    records = section.of.model.objects.all()
    if section.standing:
        records = records.filter(status__in=section.standing)
    records = records.select_related(*relations) if relations else records
    items = [item_of(section, record) for record in records.order_by("pk")]
    return _parents_first(section, sorted(items, key=lambda item: [str(item.get(name) or "") for name in section.key]))


def _parents_first(section: Configured, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What other items of the same part refer to comes before them, so that one reading suffices."""
    own = [
        field.name
        for field in section.of.model._meta.concrete_fields
        if field.related_model is section.of.model and field.name in section.names
    ]
    if not own:
        return items
    left, placed, order = items, set[str](), list[dict[str, Any]]()
    while left:
        ready = [item for item in left if all(item.get(name) in (None, *placed) for name in own)] or left
        order += ready
        placed |= {str(item[section.key[0]]) for item in ready}
        left = [item for item in left if item not in ready]
    return order


def _part(section: Configured, items: list[dict[str, Any]]) -> str:
    with translation.override("en"):
        english = str(section.of.plural)
    with translation.override("zh-hans"):
        chinese = str(section.of.plural)
    said = f"# {english}: {section.says[0]}\n# {chinese}：{section.says[1]}\n"
    body = yaml.dump({section.kind: items}, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=110, indent=2)
    return said + body


class _Plain(yaml.SafeDumper):
    """YAML as people write it: lists are indented, texts of several lines stand as blocks, nothing is shared."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        return super().increase_indent(flow, False)

    def ignore_aliases(self, _data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text and not text.startswith((" ", "\n")) and text == text.rstrip() else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _sequence(dumper: yaml.SafeDumper, items: list[Any]) -> yaml.SequenceNode:
    flow = bool(items) and all(not isinstance(item, list | dict) for item in items)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=flow)


_Plain.add_representer(str, _text)
_Plain.add_representer(list, _sequence)
