"""Read a configuration file: every value with the line it stands in, every fault with a sentence."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import yaml
from django.db import models
from django.utils.translation import gettext as _

from gnomon.records.configuring.declared import Configured, section_of, sections
from gnomon.records.configuring.writing import FORMAT, HEAD
from gnomon.records.texts import fault_of_json

LARGEST = 5_000_000
MOST = 20_000  # items
DEEPEST = 30


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and in which line."""

    line: int
    says: str


@dataclass(frozen=True, slots=True)
class Item:
    """What the file says of one record."""

    section: Configured
    facts: Mapping[str, Any]
    line: int


@dataclass(slots=True)
class Read:
    """A configuration file that was read: its items in the order in which they are carried out."""

    digest: str
    name: str
    items: list[Item] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def because(self) -> str:
        """Why everything that it does was done."""
        return _("Configuration file %(name)s, SHA-256 %(digest)s") % {"name": self.name or "–", "digest": self.digest}


class _Wrong(Exception):
    def __init__(self, line: int, says: str) -> None:
        super().__init__(says)
        self.fault = Fault(line, says)


def read_configuration(content: bytes, name: str = "") -> Read:
    """The items of a file; what cannot be read at all is its only fault."""
    read = Read(hashlib.sha256(content).hexdigest(), name[:120].replace("\x00", ""))
    try:
        root = _root(_text(content))
        told = _pairs(root, _("the file"))
        _check_format(told)
        for key, (line, node) in told.items():
            if key != HEAD:
                _section(read, key, line, node)
    except _Wrong as wrong:
        read.faults.append(wrong.fault)
    read.items.sort(key=lambda item: [one.kind for one in sections()].index(item.section.kind))
    return read


def _text(content: bytes) -> str:
    if len(content) > LARGEST:
        raise _Wrong(
            1, _("The file is larger than %(most)d bytes. It is no configuration of ours.") % {"most": LARGEST}
        )
    encodings = ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return content.decode(encoding).replace("\r\n", "\n")
        except UnicodeDecodeError:
            continue
    raise _Wrong(1, _("The file is no text. Export the configuration once to see what it looks like."))


def _root(text: str) -> yaml.Node:
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent):
                raise _Wrong(_line(event.start_mark), _("References (“*name”) are not used here. Write it out."))
        root: yaml.Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error)
        raise _Wrong(_line(mark), _("This is no YAML: %(problem)s.") % {"problem": problem}) from None
    except (RecursionError, ValueError):
        raise _Wrong(1, _("The file is nested too deeply. It is no configuration of ours.")) from None
    if root is None:
        raise _Wrong(1, _("The file is empty."))
    return root


def _line(mark: Any) -> int:
    return int(mark.line) + 1 if mark is not None else 1


def _pairs(node: yaml.Node, what: str) -> dict[str, tuple[int, yaml.Node]]:
    """The pairs of a mapping; the same name twice is a fault, for one of the two would be lost unseen."""
    if not isinstance(node, yaml.MappingNode):
        raise _Wrong(node.start_mark.line + 1, _("Give names and values here: %(what)s.") % {"what": what})
    found: dict[str, tuple[int, yaml.Node]] = {}
    for key, value in node.value:
        name, line = str(key.value)[:80], key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode) or name in found:
            raise _Wrong(line, _("“%(name)s” stands there twice.") % {"name": name})
        found[name] = line, value
    return found


def _check_format(told: Mapping[str, tuple[int, yaml.Node]]) -> None:
    if HEAD not in told:
        raise _Wrong(1, _("The file does not begin with “%(head)s: %(format)d”.") % {"head": HEAD, "format": FORMAT})
    line, node = told[HEAD]
    text = str(node.value)
    if not text.isdecimal() or len(text) > 6 or int(text) < 1:
        raise _Wrong(line, _("The format of the file is a number, %(format)d at present.") % {"format": FORMAT})
    if int(text) > FORMAT:
        raise _Wrong(
            line,
            _("The file has format %(theirs)s and this Gnomon reads up to %(ours)d. Update Gnomon first.")
            % {"theirs": text, "ours": FORMAT},
        )


def _section(read: Read, name: str, line: int, node: yaml.Node) -> None:
    section = section_of(name)
    if section is None:
        known = ", ".join(one.kind for one in sections())
        read.faults.append(
            Fault(line, _("There is no part “%(name)s”. The parts are: %(known)s.") % {"name": name, "known": known})
        )
        return
    if not isinstance(node, yaml.SequenceNode):
        read.faults.append(Fault(line, _("“%(name)s” is a list of items.") % {"name": name}))
        return
    for one in node.value[:MOST]:
        try:
            read.items.append(_item(section, one))
        except _Wrong as wrong:
            read.faults.append(wrong.fault)
    _check_twice(read, section)


def _item(section: Configured, node: yaml.Node) -> Item:
    line = node.start_mark.line + 1
    facts: dict[str, Any] = {}
    for name, (at, value) in _pairs(node, section.kind).items():
        if name not in section.names:
            known = ", ".join(section.names)
            raise _Wrong(at, _("“%(name)s” is unknown here. Known are: %(known)s.") % {"name": name, "known": known})
        facts[name] = _value(value)
        if fault := fault_of_json(facts[name]):
            raise _Wrong(at, fault)
    for name in section.key:
        if facts.get(name) in (None, ""):
            if section.of.model._meta.get_field(name).null:
                facts[name] = None
                continue
            raise _Wrong(line, _("“%(name)s” is missing, which tells one item from another.") % {"name": name})
        if not (type(facts[name]) is int and isinstance(section.of.model._meta.get_field(name), models.IntegerField)):
            facts[name] = str(facts[name])
    statuses = {state.name for state in section.of.workflow.states}
    if "status" in facts and facts["status"] not in statuses:
        known = ", ".join(sorted(statuses))
        says = _("There is no status “%(status)s” here. There are: %(known)s.")
        raise _Wrong(line, says % {"status": str(facts["status"])[:80], "known": known})
    return Item(section, facts, line)


def _value(node: yaml.Node, depth: int = 0) -> Any:
    if depth > DEEPEST:
        raise _Wrong(node.start_mark.line + 1, _("The file is nested too deeply. It is no configuration of ours."))
    if isinstance(node, yaml.SequenceNode):
        return [_value(one, depth + 1) for one in node.value]
    if isinstance(node, yaml.MappingNode):
        return {name: _value(value, depth + 1) for name, (_line, value) in _pairs(node, "…").items()}
    try:
        value = yaml.SafeLoader("").construct_object(node)
    except (yaml.YAMLError, ValueError, OverflowError):
        raise _Wrong(
            node.start_mark.line + 1, _("“%(value)s” is no value.") % {"value": str(node.value)[:80]}
        ) from None
    if isinstance(value, datetime | date):
        return value.isoformat()
    if value is None or isinstance(value, str | bool | int | float):
        return value
    raise _Wrong(node.start_mark.line + 1, _("“%(value)s” is no value.") % {"value": str(node.value)[:80]})


def _check_twice(read: Read, section: Configured) -> None:
    seen: dict[tuple[str, ...], int] = {}
    for item in [one for one in read.items if one.section is section]:
        key = tuple(str(item.facts[name]) for name in section.key if item.facts[name] is not None)
        if key in seen:
            says = _("“%(key)s” stands in line %(line)d already.") % {"key": " / ".join(key), "line": seen[key]}
            read.faults.append(Fault(item.line, says))
        seen[key] = item.line
