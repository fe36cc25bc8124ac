"""Words, emphasis, links and pictures as Markdown that is read back as the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

RAW = frozenset({"abbr", "ins", "kbd", "mark", "sub", "sup", "u"})
"""Elements that Markdown has no markers for; the renderer lets them through."""
_MARKERS = {"strong": "**", "em": "*", "del": "~~"}
_INSTEAD = {"strong": "b", "em": "i", "del": "del"}
_OUTSIDE = ".,:;!?"
"""Moved out of emphasis that would not end before a letter otherwise."""

_ALWAYS = re.compile(r"[\\*`\[]")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_UNDERSCORE = re.compile(r"(?<!\w)_|_(?!\w)|^_|_$")
_ADDRESS = re.compile(r"https?://[!-;=?-~]*[\w/#=&%~+-]", re.ASCII)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_LINE_START = re.compile(r"(#{1,6}(?=\s|$)|[-+](?=\s|$)|>|:|\||[=-]+(?=\s*$)|~~~|!!!|\?\?\?|[|:\- ]+$)")
_NUMBER = re.compile(r"(\d{1,9})([.)])(?=\s|$)")


@dataclass(frozen=True)
class TextMark:
    """What a piece of text is put in, as ``strong``, ``a`` or ``kbd``."""

    tag: str
    target: str = ""
    title: str = ""


@dataclass(frozen=True)
class Leaf:
    """A piece of text in its marks, the outermost first. ``raw`` is finished Markdown."""

    kind: Literal["text", "code", "break", "raw"]
    text: str
    marks: tuple[TextMark, ...] = ()


def inline(leaves: Iterable[Leaf], *, in_table: bool = False, on_one_line: bool = False) -> str:
    """One paragraph; a break ends a line with ``\\``, in cells and headings it is ``<br>``."""
    ready = _trimmed(_collapsed(leaves))
    text = "".join(one.text for one in ready if one.kind == "text")
    has_waves = text.count("~") > 1 or any(mark.tag == "del" for one in ready for mark in one.marks)
    writer = _Writer(in_table, in_table or on_one_line, text.count("$") > 1, has_waves)
    return guarded(writer.run(ready, 0, " ", " ").strip(" "), in_table=in_table)


def guarded(text: str, *, in_table: bool = False) -> str:
    """What would begin a heading, a list or a table at the start of a line is escaped."""
    if in_table:
        return text
    lines = []
    for line in text.split("\n"):
        if found := _NUMBER.match(line):
            line = f"{found[1]}\\{line[found.end(1) :]}"
        elif _LINE_START.match(line):
            line = "\\" + line
        lines.append(line)
    return "\n".join(lines)


def _destination(address: str) -> str:
    """An address as it stands in the brackets of a link."""
    address = "".join(address.split("\n")).strip()
    if re.search(r"[\s()<>\\]", address) or not address:
        return "<" + re.sub(r"([<>\\])", r"\\\1", address) + ">"
    return address


def picture(alt: str, address: str, title: str = "") -> str:
    words = re.sub(r"([\\\[\]*`_<&$~!])", r"\\\1", " ".join(alt.split()))
    return f"![{words}]({_destination(address)}{_title(title)})"


def code(text: str) -> str:
    text = text.replace("\n", " ")
    longest = max((len(one) for one in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    is_padded = text.startswith("`") or text.endswith("`") or (text[:1] == text[-1:] == " " and text.strip(" "))
    return f"{fence} {text} {fence}" if is_padded else f"{fence}{text}{fence}"


def _title(title: str) -> str:
    flat = " ".join(title.split())
    return ' "' + re.sub(r'(["\\&<])', r"\\\1", flat) + '"' if flat else ""


def _collapsed(leaves: Iterable[Leaf]) -> list[Leaf]:
    """White space as a browser shows it: one space, none at a line's ends."""
    found: list[Leaf] = []
    after_space = True
    for one in leaves:
        if one.kind == "text":
            text = re.sub(r"[ \t\n\r\f\v]+", " ", one.text)
            if after_space:
                text = text.removeprefix(" ")
            if not text:
                continue
            after_space = text.endswith(" ")
            found.append(replace(one, text=text))
            continue
        if one.kind == "break":
            _drop_space(found)
        after_space = one.kind == "break"
        found.append(one)
    return found


def _drop_space(found: list[Leaf]) -> None:
    while found and found[-1].kind == "text" and found[-1].text.endswith(" "):
        last = found.pop()
        if last.text.rstrip(" "):
            found.append(replace(last, text=last.text.rstrip(" ")))


def _trimmed(leaves: list[Leaf]) -> list[Leaf]:
    """Remove breaks and spaces at both ends."""
    _drop_space(leaves)
    while leaves and leaves[-1].kind == "break":
        leaves.pop()
        _drop_space(leaves)
    first = next((at for at, one in enumerate(leaves) if one.kind != "break"), len(leaves))
    return leaves[first:]


@dataclass(frozen=True)
class _Writer:
    in_table: bool
    breaks_as_tags: bool
    has_formula_markers: bool
    has_waves: bool

    def run(self, leaves: Sequence[Leaf], depth: int, before: str, after: str) -> str:
        """``before`` and ``after``: the characters beside the whole."""
        groups = [(mark, list(some)) for mark, some in groupby(leaves, lambda one: _mark(one, depth))]
        written = ""
        for at, (mark, some) in enumerate(groups):
            following = self._first(groups[at + 1], depth) if at + 1 < len(groups) else after
            last = written[-1:] or before
            if mark is None:
                piece = "".join(self._leaf(one) for one in some)
            else:
                piece = self._marked(mark, some, depth + 1, last, following)
            if written.endswith("!") and piece.startswith("["):
                written = written[:-1] + "\\!"
            written += piece
        return written

    def _first(self, group: tuple[TextMark | None, list[Leaf]], depth: int) -> str:
        """The first character that a group is going to write."""
        mark, leaves = group
        head = leaves[0]
        if head.kind == "text" and head.text.startswith(" "):
            return " "
        if mark is not None:
            return _MARKERS.get(mark.tag, "[" if mark.tag == "a" else "<")[0]
        return self._leaf(head)[:1] or " "

    def _leaf(self, one: Leaf) -> str:
        if one.kind == "raw":
            return one.text
        if one.kind == "code":
            written = code(one.text)
            return written.replace("|", "\\|") if self.in_table else written
        if one.kind == "break":
            return "<br>" if self.breaks_as_tags else "\\\n"
        if any(mark.tag == "a" for mark in one.marks):
            return self._escaped(one.text).replace("]", "\\]")
        written, end = "", 0
        for found in _ADDRESS.finditer(one.text):
            written += self._escaped(one.text[end : found.start()]) + f"<{found[0]}>"
            end = found.end()
        return written + self._escaped(one.text[end:])

    def _escaped(self, text: str) -> str:
        text = _ALWAYS.sub(lambda found: "\\" + found[0], text)
        text = _TAG.sub("\\\\<", text)
        text = _ENTITY.sub("\\\\&", text)
        text = _UNDERSCORE.sub("\\\\_", text)
        if self.has_formula_markers:
            text = text.replace("$", "\\$")
        if self.has_waves:
            text = text.replace("~", "\\~")
        return text.replace("|", "\\|") if self.in_table else text

    def _marked(self, mark: TextMark, leaves: list[Leaf], depth: int, before: str, after: str) -> str:
        beside = {"strong": "*", "em": "_", "del": "~"}.get(mark.tag, "[")
        inner = self.run(leaves, depth, beside, beside)
        core = inner.strip(" ")
        if not core:
            return " " if inner else ""
        head = " " if inner.startswith(" ") else ""
        tail = " " if inner.endswith(" ") else ""
        if mark.tag == "a":
            return head + self._link(mark, core, leaves) + tail
        if mark.tag in _MARKERS:
            return head + self._emphasis(mark.tag, core, head or before, tail or after) + tail
        title = f' title="{_in_attribute(mark.title)}"' if mark.title else ""
        return f"{head}<{mark.tag}{title}>{core}</{mark.tag}>{tail}"

    def _link(self, mark: TextMark, inner: str, leaves: Sequence[Leaf]) -> str:
        plain = "".join(one.text for one in leaves) if all(one.kind == "text" for one in leaves) else ""
        is_bare = plain == mark.target and _ADDRESS.fullmatch(plain)
        if is_bare or (mark.target == f"mailto:{plain}" and _MAIL.fullmatch(plain)):
            written = f"<{plain}>"
        else:
            written = f"[{inner}]({_destination(mark.target)}{_title(mark.title)})"
            return written if not self.in_table else _cell_safe(written)
        return written

    def _emphasis(self, tag: str, core: str, before: str, after: str) -> str:
        marker = _MARKERS[tag]
        if tag == "em" and "*" in (core[0], core[-1], before[-1:], after[:1]):
            marker = "_"
        if _opens(marker, before, core) and _closes(marker, core, after):
            return f"{marker}{core}{marker}"
        kept = core.rstrip(_OUTSIDE)
        moved = core[len(kept) :]
        if kept and not kept.endswith("\\") and moved and _opens(marker, before, kept) and _closes(marker, kept, moved):
            return f"{marker}{kept}{marker}{moved}"
        return f"<{_INSTEAD[tag]}>{core}</{_INSTEAD[tag]}>"


def _mark(leaf: Leaf, depth: int) -> TextMark | None:
    return leaf.marks[depth] if depth < len(leaf.marks) else None


def _in_attribute(text: str) -> str:
    return " ".join(text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").split())


def _cell_safe(link: str) -> str:
    return re.sub(r"(?<!\\)\|", "\\\\|", link)


def _is_space(character: str) -> bool:
    return not character or character.isspace()


def _is_punctuation(character: str) -> bool:
    return bool(character) and unicodedata.category(character)[0] in "PS"


def _opens(marker: str, before: str, core: str) -> bool:
    """Whether CommonMark takes the markers before ``core`` as the beginning of emphasis."""
    last, first = before[-1:], core[0]
    left = not _is_space(first) and (not _is_punctuation(first) or _is_space(last) or _is_punctuation(last))
    right = not _is_space(last) and (not _is_punctuation(last) or _is_punctuation(first))
    return left and (marker != "_" or not right or _is_punctuation(last))


def _closes(marker: str, core: str, after: str) -> bool:
    last, first = core[-1], after[:1]
    right = not _is_space(last) and (not _is_punctuation(last) or _is_space(first) or _is_punctuation(first))
    left = not _is_space(first) and (not _is_punctuation(first) or _is_punctuation(last))
    return right and (marker != "_" or not left or _is_punctuation(first))
