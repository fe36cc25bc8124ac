"""What the browsers of the list cannot do, cut out of MDN's browser-compat-data.

``python tests/browsers/support_data.py data.json`` writes ``support.json`` anew from the file ``data.json`` of the npm
package ``@mdn/browser-compat-data`` (CC0). That is needed after a change of ``BROWSERS``, and to learn of features
younger than the file.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

BROWSERS = {"chrome": "79", "safari": "13"}
"""The oldest versions that styles and scripts must work in, desktop and phone alike."""

ON_PHONES = {"chrome": "chrome_android", "safari": "safari_ios"}
STORED = Path(__file__).with_name("support.json")

Needed = dict[str, str]
"""The version of each browser of the list that a feature needs; "-" where none has it."""


def number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.lstrip("≤").split("."))


def is_too_new(needed: Needed) -> bool:
    return any(version == "-" or number(version) > number(BROWSERS[browser]) for browser, version in needed.items())


def read() -> dict[str, dict[str, Needed]]:
    """Features of CSS and of the language by their path in the data; names of the interfaces of scripts by name."""
    stored = json.loads(STORED.read_text())
    assert stored["browsers"] == BROWSERS, f"{STORED.name} was made for {stored['browsers']}: write it anew"
    return {
        kind: {name: dict(zip(BROWSERS, versions, strict=True)) for name, versions in stored[kind].items()}
        for kind in KINDS
    }


def cut(data: Mapping[str, Any]) -> dict[str, dict[str, Needed]]:
    """A name that several interfaces have counts as the oldest of them: the check knows no types."""
    features = {path: needed(compat) for path, compat in walk(data["css"]) if not is_internal(path)}
    syntax = {path: needed(compat) for path, compat in walk(data["javascript"]) if not path.startswith("builtins")}
    names: dict[str, Needed] = {}
    for path, compat in [*walk(data["api"]), *walk(data["javascript"]["builtins"])]:
        *owner, name = path.removesuffix("_static").split(".")
        if len(owner) <= 2 and name.isidentifier():
            names[name] = oldest(names.get(name), needed(compat))
    found = {"css": features, "syntax": syntax, "names": names}
    return {kind: {name: one for name, one in sorted(found[kind].items()) if is_too_new(one)} for kind in KINDS}


KINDS = ("css", "syntax", "names")


def is_internal(path: str) -> bool:
    """What a style sheet cannot ask for by a word of its own."""
    return path.count(".") > 2 or "-moz-" in path


def walk(node: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, below in node.items():
        if name == "__compat":
            yield path, below
        elif isinstance(below, dict) and not name.startswith("__"):
            yield from walk(below, f"{path}.{name}".lstrip("."))


def needed(compat: Mapping[str, Any]) -> Needed:
    """The later of desktop and phone."""
    found = {}
    for browser in BROWSERS:
        versions = [first_version(compat["support"].get(one, {})) for one in (browser, ON_PHONES[browser])]
        found[browser] = "-" if "-" in versions else max(versions, key=number)
    return found


def first_version(statements: Any) -> str:
    """Since when it works unprefixed and without a setting, if not in every corner."""
    found = [
        one["version_added"].lstrip("≤")
        for one in (statements if isinstance(statements, list) else [statements])
        if one.get("version_added") not in {None, False, "preview"}
        and not one.keys() & {"flags", "prefix", "alternative_name"}
        and ("version_removed" not in one or "partial_implementation" in one)  # whole only since then
    ]
    return min(found, key=number) if found else "-"


def oldest(one: Needed | None, other: Needed) -> Needed:
    if one is None:
        return other
    return {
        browser: min(
            (one[browser], other[browser]), key=lambda version: (version == "-", number(version.replace("-", "0")))
        )
        for browser in BROWSERS
    }


def write(source: Path) -> None:
    data = json.loads(source.read_text())
    meta = data["__meta"]
    head = {"source": f"@mdn/browser-compat-data {meta['version']}, CC0-1.0", "browsers": BROWSERS}
    lines = [f'"{name}": {json.dumps(value, ensure_ascii=False)}' for name, value in head.items()]
    for kind, features in cut(data).items():
        rows = ",\n".join(f'"{name}": {json.dumps(list(one.values()))}' for name, one in features.items())
        lines.append(f'"{kind}": {{\n{rows}\n}}')
    STORED.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
