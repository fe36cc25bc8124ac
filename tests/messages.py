"""Texts for people: collect them from the source, and hold both catalogues to completeness.

``python tests/messages.py`` renews the catalogues (new texts arrive untranslated in
``id``); with ``--check`` it only says what is missing, and fails.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
TRANSLATIONS = ROOT / "lms" / "translations"
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2"), ("content/questions/*.html", "jinja2")]
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
"""No moment of writing in the files: the same texts give the same bytes."""
KEYWORDS = {"_": None, "gettext": None, "lazy": None, "lazy_gettext": None, "_l": None, "say": None, "term": None}


def collected() -> Catalog:
    """Every text of the source, once."""
    catalog = Catalog(project="lms-asn", charset="utf-8")
    found = extract_from_dir(
        str(ROOT / "lms"),
        method_map=METHODS,
        options_map={name: {"trimmed": "true", "silent": "false"} for name, method in METHODS if method == "jinja2"},
        keywords=KEYWORDS,
        strip_comment_tags=True,
    )
    for file, _line, message, comments, context in sorted(found, key=lambda one: (str(one[0]), one[1])):
        catalog.add(message, None, [(file, 0)], auto_comments=comments, context=context)
    return catalog


def path(language: str) -> Path:
    return TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"


def read(language: str) -> Catalog:
    if not path(language).exists():
        return Catalog(locale=language, charset="utf-8")
    return read_po(BytesIO(path(language).read_bytes()), locale=language)


def renewed(language: str) -> Catalog:
    """The catalogue with exactly the texts of the source; English says them as they stand."""
    old = read(language)
    new = Catalog(
        locale=language,
        project="lms-asn",
        header_comment="# Texts of the platform.",
        charset="utf-8",
        creation_date=FIRST,
        revision_date=FIRST,
        fuzzy=False,
    )
    for message in collected():
        if not message.id:
            continue
        known = old.get(message.id)
        text = message.id if language == "en" else known.string if known else ""
        new.add(message.id, text, [(place, None) for place, _ in message.locations], flags=message.flags)
    return new


def problems(language: str) -> list[str]:
    """What keeps a catalogue from being complete."""
    old, found = read(language), []
    wanted = {message.id for message in collected() if message.id}
    have = {message.id for message in old if message.id and message.string}
    found += [f"{language}: not translated: {text!r}" for text in sorted(wanted - have)]
    found += [f"{language}: no longer in the source: {text!r}" for text in sorted(have - wanted)]
    for message in old:
        if message.id and message.string:
            found += [f"{language}: {message.id!r}: {error}" for error in message.check()]
    if not found and path(language).with_suffix(".mo").read_bytes() != compiled(old):
        found.append(f"{language}: the compiled catalogue is older than its source: make messages")
    return found


def compiled(catalog: Catalog) -> bytes:
    data = BytesIO()
    write_mo(data, catalog)
    return data.getvalue()


def write(language: str, catalog: Catalog) -> None:
    path(language).parent.mkdir(parents=True, exist_ok=True)
    with path(language).open("wb") as file:
        write_po(file, catalog, width=110, sort_output=True, omit_header=False, include_lineno=False)
    path(language).with_suffix(".mo").write_bytes(compiled(read(language)))


def main() -> None:
    if "--check" in sys.argv:
        found = problems("id") + problems("en")
        print("\n".join(found) or "both catalogues are complete")
        sys.exit(1 if found else 0)
    for language in ("id", "en"):
        write(language, renewed(language))


if __name__ == "__main__":
    main()
