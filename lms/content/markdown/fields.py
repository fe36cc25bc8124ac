"""Reading values from a map by key. Keys that were never asked for are unknown keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from lms.content.markdown.frontmatter import YamlList, YamlMap, YamlNode, YamlText
from lms.content.markdown.names import nearest, shorten
from lms.content.markdown.problems import Findings, Message, SourcePosition, say
from lms.content.markdown.values import InvalidValue, Reader

T = TypeVar("T")
D = TypeVar("D")

MAX_ENTRIES = 50


class Fields:
    """The keys of a map. Ask for each key by a method, then call ``finish``.

    A value that cannot be read is reported and replaced by the default, so
    that reading goes on and finds what else is wrong; ``is_sound`` says whether
    a key came without such a fault.
    """

    def __init__(self, values: YamlMap, findings: Findings, name: str = "") -> None:
        self.findings = findings
        self._name = name
        self._nodes = {key.text: (key, value) for key, value in values.entries}
        self._position = values.position
        self._asked: list[str] = []
        self._faulty: set[str] = set()

    def __contains__(self, key: str) -> bool:
        return key in self._nodes

    @property
    def start(self) -> SourcePosition:
        """The position at which the map begins."""
        return self._position

    def position(self, key: str, entry: str | None = None) -> SourcePosition:
        """The position of a key's value, or of an entry of its list; of the map if the key is missing."""
        node = self.value(key)
        if node is None:
            return self._position
        entries = node.entries if isinstance(node, YamlList) else ()
        matches = (found.position for found in entries if isinstance(found, YamlText) and found.text == entry)
        return next(matches, node.position)

    def value(self, key: str) -> YamlNode | None:
        return self._nodes[key][1] if key in self._nodes else None

    def is_sound(self, key: str) -> bool:
        return key not in self._faulty

    def get(self, key: str, read: Reader[T], default: D) -> T | D:
        node = self.ask(key)
        return default if node is None else self._read(key, node, read, default)

    def require(self, key: str, read: Reader[T], default: D) -> T | D:
        """Like ``get``, but a missing key is an error as well."""
        if key not in self._nodes:
            self._faulty.add(key)
            inside = say("add “%(key)s: …” to it", key=key)
            fix = inside if self._name else say("add a line “%(key)s: …” to the front matter", key=key)
            self.findings.error(self._position if self._name else (1, 1), say("“%(key)s” is missing", key=key), fix)
        return self.get(key, read, default)

    def several(self, key: str, read: Reader[T], default: tuple[T, ...] = ()) -> tuple[T, ...]:
        """The entries of a list. A repeated entry is an error."""
        node = self.ask(key)
        if node is None:
            return default
        if not isinstance(node, YamlList):
            written = _corrected(node, read) if isinstance(node, YamlText) else "…"
            self._fault(
                key,
                node.position,
                say("“%(key)s” takes a list", key=key),
                say("write it in brackets: %(key)s: [%(text)s]", key=key, text=written),
            )
            return default
        if len(node.entries) > MAX_ENTRIES:
            self._fault(key, node.position, *_too_many(key))
            return default
        found: dict[T, None] = {}
        for entry in node.entries:
            value = self._read(key, entry, read, None)
            if value is not None and value in found:
                self._fault(key, entry.position, say("this appears in the list twice"), say("take one of the two out"))
            elif value is not None:
                found[value] = None
        return tuple(found)

    def inner(self, key: str) -> Fields | None:
        """The map under a key, or None if the key is missing."""
        node = self.ask(key)
        if node is None:
            return None
        if not isinstance(node, YamlMap):
            self._fault(
                key,
                node.position,
                say("“%(key)s” takes keys of its own", key=key),
                say("write them in braces: %(key)s: {key: value}", key=key),
            )
            return None
        return Fields(node, self.findings, key)

    def several_inner(self, key: str) -> tuple[Fields, ...]:
        """The maps of a list."""
        node = self.ask(key)
        if node is None:
            return ()
        entries = node.entries if isinstance(node, YamlList) else ()
        maps = [entry for entry in entries if isinstance(entry, YamlMap)]
        if not isinstance(node, YamlList) or len(maps) < len(entries):
            self._fault(
                key,
                node.position,
                say("“%(key)s” takes a list of keys with values", key=key),
                say("write such a list: %(key)s: [{key: value}, {key: value}]", key=key),
            )
        if len(maps) > MAX_ENTRIES:
            self._fault(key, node.position, *_too_many(key))
            return ()
        return tuple(Fields(one, self.findings, key) for one in maps)

    def each(self, read: Reader[T]) -> dict[str, T]:
        """All keys with their values, for a map whose keys the author chooses."""
        self._asked += self._nodes
        if len(self._nodes) > MAX_ENTRIES:
            self.findings.error(self._position, *_too_many(self._name))
            return {}
        found = {key: self._read(key, node, read, None) for key, (_, node) in self._nodes.items()}
        return {key: value for key, value in found.items() if value is not None}

    def fault(self, key: str, what: Message, fix: Message, entry: str | None = None) -> None:
        """Report a value that could be read but is not allowed here."""
        self._fault(key, self.position(key, entry), what, fix)

    def finish(self) -> None:
        """Report the keys that were never asked for."""
        for key, (node, _) in self._nodes.items():
            if key in self._asked:
                continue
            what = say("the key “%(key)s” is not known here", key=shorten(key))
            if near := nearest(key, self._asked):
                self.findings.error(node.position, what, say("did you mean “%(near)s”?", near=near))
            else:
                known = ", ".join(sorted(self._asked))
                self.findings.error(node.position, what, say("take it out; known are: %(known)s", known=known))

    def ask(self, key: str) -> YamlNode | None:
        self._asked.append(key)
        return self.value(key)

    def _read(self, key: str, node: YamlNode, read: Callable[[YamlText], T], default: D) -> T | D:
        if not isinstance(node, YamlText):
            self._fault(
                key,
                node.position,
                say("“%(key)s” takes a single value here", key=shorten(key)),
                say("write the value without brackets and braces"),
            )
            return default
        if node.tag == "null" and node.is_plain:
            self._fault(
                key,
                node.position,
                say("“%(key)s” has no value", key=shorten(key)),
                say("write a value after the colon or take the line out"),
            )
            return default
        try:
            return read(node)
        except InvalidValue as refused:
            self._fault(key, node.position, refused.what, refused.fix)
            return default

    def _fault(self, key: str, position: SourcePosition, what: Message, fix: Message) -> None:
        self._faulty.add(key)
        self.findings.error(position, what, fix)


def _too_many(key: str) -> tuple[Message, Message]:
    return (
        say("“%(key)s” has more than %(limit)d entries", key=key, limit=MAX_ENTRIES),
        say("take some of them out"),
    )


def _corrected(node: YamlText, read: Reader[Any]) -> str:
    """The text, or what was probably meant by it."""
    try:
        read(node)
    except InvalidValue as refused:
        return str(dict(refused.fix.values).get("near") or shorten(node.text))
    return shorten(node.text)
