"""Names of files and folders, ``NN-name``, and good ones in the place of wrong ones."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lms.content.markdown.names import NAME, RESERVED_SLUGS, TakenNames, slugify

_NUMBERED = re.compile(rf"([0-9]{{2}})-({NAME.pattern})")
_LEADING = re.compile(r"0*([0-9]{1,2})(?![0-9])")


def is_numbered(name: str) -> bool:
    return _NUMBERED.fullmatch(name.removesuffix(".md")) is not None


class NameGuesses:
    """A number and a slug for each wrong name. All of them can be followed: no two get the same."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._numbers: dict[str, set[int]] = {}
        self._given: dict[tuple[str, str], str] = {}
        slugs = set(RESERVED_SLUGS)
        for path in paths:
            *folders, file = path.split("/")
            for folder, name in (("", (*folders, file)[0]), *((one, file) for one in folders[:1])):
                if is_numbered(name):
                    self._numbers.setdefault(folder, set()).add(int(name[:2]))
                    slugs.add(name.removesuffix(".md")[3:])
        self._slugs = TakenNames(slugs)

    def guess(self, folder: str, name: str) -> str:
        if (folder, name) not in self._given:
            self._given[folder, name] = self._new(folder, name)
        return self._given[folder, name]

    def _new(self, folder: str, name: str) -> str:
        stem, ending = (name[:-3], ".md") if name.lower().endswith(".md") else (name, "")
        slug = self._slugs.take(slugify(stem.lstrip("0123456789")) or "judul")
        taken = self._numbers.setdefault(folder, set())
        found = _LEADING.match(stem)
        number = int(found[1]) if found else 0
        if not number or number in taken:
            number = next((one for one in range(1, 100) if one not in taken), 99)
        taken.add(number)
        return f"{number:02}-{slug}{ending}"
