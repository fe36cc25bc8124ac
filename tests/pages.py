"""Checks that every page must pass: valid HTML, a title, one h1, unique ids, labels, nothing the CSP forbids."""

from __future__ import annotations

import re
from collections import Counter
from xml.etree.ElementTree import Element

import html5lib

KNOWN = {"unknown-doctype"}


def parse(html: str) -> Element:
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parse(html)
    faults = [(place, code, data) for place, code, data in parser.errors if code not in KNOWN]
    assert not faults, f"invalid HTML: {faults[:3]}"
    return tree


def check_page(html: str) -> None:
    """Called for each page that any test fetches."""
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
    _check_labels(tree)


def _check_labels(tree: Element) -> None:
    labelled = {label.get("for") for label in tree.iter("label")}
    inside = {id(control) for label in tree.iter("label") for control in label.iter()}
    for control in [*tree.iter("input"), *tree.iter("select"), *tree.iter("textarea")]:
        if control.get("type") in {"hidden", "submit"} or control.get("aria-label") or control.get("aria-labelledby"):
            continue
        assert control.get("id") in labelled or id(control) in inside, f"no label: {control.attrib}"


def csrf_token(html: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', html)
    assert found, "no form on the page"
    return found[1]
