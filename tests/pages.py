"""Checks that every page must pass: valid HTML, a title, one h1, unique ids, labels, nothing the CSP forbids."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

import html5lib

KNOWN = {"unknown-doctype"}
HOLD_NO_BLOCKS = {"p", "span", "b", "small", "summary", "legend", "h2", "h3", "dt"}
ARE_BLOCKS = {"ul", "ol", "blockquote", "pre", "p", "div", "table", "details", "h2", "h3", "h4"}

_VARYING = re.compile(r'(\s(?:value|src|action|content|title|alt|placeholder|data-[a-z-]+|href(?!="#))=")[^"]*')
_WORDS, _NUMBERS = re.compile(r">[^<]+"), re.compile(r"[0-9]+")
_sound: set[int] = set()
"""Hashes of the skeletons of pages that passed. To parse one takes 10 ms, a quarter of what tests of pages took."""


def parse(html: str) -> Element:
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parse(html)
    faults = [(place, code, data) for place, code, data in parser.errors if code not in KNOWN]
    assert not faults, f"invalid HTML: {faults[:3]}"
    return tree


def misnested(html: str) -> list[str]:
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parseFragment(html)
    return [f"{code} {data}" for _at, code, data in parser.errors] + list(_blocks_in_lines(tree))


def _blocks_in_lines(element: Element, holder: str = "") -> Iterator[str]:
    """A label can hold nothing but a line by the letter, and everything in browsers."""
    for child in element:
        tag = str(child.tag)
        if holder and tag in ARE_BLOCKS:
            yield f"<{tag}> in <{holder}>"
        if tag != "label":
            yield from _blocks_in_lines(child, tag if tag in HOLD_NO_BLOCKS else holder)


def check_page(html: str) -> None:
    """Called for each page that any test fetches. A page with the tags of one that passed is not looked at again."""
    skeleton = hash(_skeleton(html))
    if skeleton not in _sound:
        _check(html)
        _sound.add(skeleton)


def _skeleton(html: str) -> str:
    """The tags without words, numbers, addresses and values; a text that breaks out of its place adds tags."""
    return _NUMBERS.sub("#", _WORDS.sub(">", _VARYING.sub(r"\1", html)))


def _check(html: str) -> None:
    tree = parse(html)
    assert tree.get("lang"), "no language"
    title = tree.find(".//title")
    assert title is not None and (title.text or "").split("·")[0].strip(), "no title"
    assert len(tree.findall(".//h1")) == 1, f"{len(tree.findall('.//h1'))} h1"
    ids = Counter(element.get("id") for element in tree.iter() if element.get("id"))
    assert not [name for name, count in ids.items() if count > 1], f"repeated ids: {ids.most_common(3)}"
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        inline = [name for name in element.attrib if name == "style" or name.startswith("on")]
        assert not inline, f"inline {inline} on <{element.tag}>"
        assert element.tag != "style", "inline style"
        assert element.tag != "script" or element.get("src"), "inline script"
        assert element.tag != "img" or element.get("alt") is not None, "picture without alt"
        for name in ("aria-describedby", "aria-labelledby", "for"):
            if element.tag == "output" and name == "for":
                continue
            missing = [part for part in (element.get(name) or "").split() if part not in ids]
            assert not missing, f"{name} names nothing: {missing}"
    for select in tree.iter("select"):
        first = select.find("*")
        is_empty = first is not None and first.tag == "option" and first.get("value") == ""
        assert select.get("required") is None or is_empty, f"required, without an empty choice: {select.attrib}"
    _check_labels(tree)
    _check_errors(tree, set(ids))


def _check_errors(tree: Element, ids: set[str]) -> None:
    """An error is named by its field, and by the list at the top, which leads to the field."""
    errors = [element for element in tree.iter() if "field__error" in (element.get("class") or "").split()]
    summary = next((element for element in tree.iter() if element.get("id") == "errors"), None)
    links = {link.get("href", "").removeprefix("#") for link in summary.iter("a")} if summary is not None else set()
    assert links <= ids, f"the list of errors leads nowhere: {links - ids}"
    assert len(links) >= len({error.get("id") for error in errors}), "an error is not on the list at the top"
    boxes = [element for element in tree.iter() if "field--error" in (element.get("class") or "").split()]
    for box in boxes:
        inside = list(box.iter())
        named = {part for element in inside for part in (element.get("aria-describedby") or "").split()}
        own = {element.get("id") for element in inside if "field__error" in (element.get("class") or "").split()}
        assert own, "a field is marked, without an error"
        assert own <= named, f"no field names its error: {own}"
        assert links & {element.get("id") for element in inside}, f"the list leads to no field with {own}"


def _check_labels(tree: Element) -> None:
    labelled = {label.get("for") for label in tree.iter("label")}
    inside = {id(control) for label in tree.iter("label") for control in label.iter()}
    for control in [*tree.iter("input"), *tree.iter("select"), *tree.iter("textarea")]:
        if control.get("type") in {"hidden", "submit"} or control.get("aria-label") or control.get("aria-labelledby"):
            continue
        assert control.get("id") in labelled or id(control) in inside, f"no label: {control.attrib}"


def html_of(answer: Any) -> str:
    """The body of a response of the test client."""
    return str(answer.get_data(as_text=True))


def text_of(answer: Any) -> str:
    """Without tags, with single spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", html_of(answer)).split())


def csrf_token(html: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', html)
    assert found, "no form on the page"
    return found[1]
