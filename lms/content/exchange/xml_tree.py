"""XML as elements that know their line. Declarations, and with them entities and external references, are refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from lms.content.exchange.bank import UnreadableBank
from lms.content.markdown.problems import say

DEEPEST = 100


@dataclass
class XmlElement:
    tag: str
    attributes: dict[str, str]
    line: int
    children: list[XmlElement] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.pieces).strip()

    def all(self, tag: str) -> Iterator[XmlElement]:
        return (one for one in self.children if one.tag == tag)

    def find(self, tag: str) -> XmlElement | None:
        return next(self.all(tag), None)

    def text_of(self, tag: str, default: str = "") -> str:
        found = self.find(tag)
        return found.text if found else default


def read_xml(data: bytes) -> XmlElement:
    """:raises UnreadableBank: it is no XML, or declares something."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    root = XmlElement("", {}, 1)
    stack = [root]

    def start(tag: str, attributes: dict[str, str]) -> None:
        if len(stack) > DEEPEST:
            raise UnreadableBank(
                say("the file is nested too deeply"), say("export it from Moodle again"), parser.CurrentLineNumber
            )
        made = XmlElement(tag, attributes, parser.CurrentLineNumber)
        stack[-1].children.append(made)
        stack.append(made)

    def end(tag: str) -> None:
        stack.pop()

    def words(text: str) -> None:
        stack[-1].pieces.append(text)

    def refuse(*_: object) -> int:
        raise UnreadableBank(
            say("the file has a document type (<!DOCTYPE …>), which may bring in anything"),
            say("export it from Moodle again, or take this line out"),
            parser.CurrentLineNumber,
        )

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, words
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = parser.ExternalEntityRefHandler = refuse
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise UnreadableBank(
            say("the file is no well-formed XML: %(why)s", why=str(error).partition(":")[0]),
            say("export it from Moodle again, or fix this line"),
            getattr(error, "lineno", 0),
        ) from error
    return root.children[0]
