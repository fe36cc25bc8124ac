"""Texts for people: collected by pybabel as ``pyproject.toml`` says, and the Indonesian catalogue held to completeness.

``python tests/messages.py`` brings the catalogue up to date with the source (new texts arrive untranslated) and
compiles it; with ``--check`` it only says what is missing, and fails. English is the source: it needs no catalogue.
"""

from __future__ import annotations

import sys
import tempfile
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.frontend import CommandLineInterface
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[1]
SOURCES = (ROOT / "lms", ROOT / "config.py")
TRANSLATIONS = ROOT / "lms" / "translations"
PO = TRANSLATIONS / "id" / "LC_MESSAGES" / "messages.po"


def pybabel(*arguments: str | Path) -> None:
    CommandLineInterface().run(["pybabel", "--quiet", *map(str, arguments)])


def extract(target: Path, *sources: Path) -> None:
    """All texts of the source, sorted; without places, which change with every renamed file."""
    pybabel(
        "extract", "-F", ROOT / "pyproject.toml", "--no-location", "--sort-output", "-o", target, *(sources or SOURCES)
    )


def update(template: Path) -> None:
    """Exactly the texts of the source; nothing is guessed, and no moment of writing noted.

    :raises PoFileError: the catalogue is damaged; updating it would lose the texts around the damage.
    """
    read(PO)
    pybabel(
        *("update", "-i", template, "-d", TRANSLATIONS, "-l", "id", "--width", "110"),
        *("--no-fuzzy-matching", "--ignore-obsolete", "--ignore-pot-creation-date"),
    )
    pybabel("compile", "-d", TRANSLATIONS, "-l", "id")


def read(file: Path) -> Catalog:
    return read_po(BytesIO(file.read_bytes()), locale="id", abort_invalid=True)


def problems() -> list[str]:
    """What keeps the catalogue from being complete."""
    with tempfile.TemporaryDirectory() as folder:
        extract(Path(folder) / "messages.pot")
        source = {message.id for message in read(Path(folder) / "messages.pot") if message.id}
    catalog = read(PO)
    translated = {message.id for message in catalog if message.id and all(forms(message.string))}
    found = [f"not translated: {text!r}" for text in sorted(source - translated, key=str)]
    found += [f"no longer in the source: {text!r}" for text in sorted(translated - source, key=str)]
    for message in catalog:
        found += [f"{message.id!r}: {error}" for error in message.check(catalog)]
    if not found and PO.with_suffix(".mo").read_bytes() != compiled(catalog):
        found.append("the compiled catalogue is older than its source: make messages")
    return found


def forms(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def compiled(catalog: Catalog) -> bytes:
    data = BytesIO()
    write_mo(data, catalog)
    return data.getvalue()


def main() -> None:
    if "--check" in sys.argv:
        found = problems()
        print("\n".join(found) or "the catalogue is complete")
        sys.exit(1 if found else 0)
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "messages.pot"
        extract(template)
        update(template)


if __name__ == "__main__":
    main()
