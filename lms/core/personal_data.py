"""What the site stores about people, as each package says it in its ``personal_data`` module.

The privacy page shows the texts; the copy of a person's own data asks ``copied`` and ``files``. Both are held to the
database by ``tests/privacy``: a table or column about people that no area mentions fails there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sqlalchemy import Executable

from lms.core.db import db
from lms.core.i18n import LazyString
from lms.core.i18n import gettext as _

Words: TypeAlias = LazyString | str


@dataclass(frozen=True)
class OwnFile:
    """An uploaded file of a person. ``path`` is its name within the copy, ``key`` where the storage has it."""

    path: str
    key: str


def copy_path(prefix: str, file_id: int, name: str) -> str:
    """The path of an uploaded file within the copy. The id tells apart files with the same name."""
    return f"files/{prefix}{file_id}-{name.replace('/', '_')}"


def nothing(_person_id: int) -> dict[str, Any]:
    return {}


def no_files(_person_id: int) -> Iterable[OwnFile]:
    return ()


@dataclass(frozen=True, kw_only=True)
class DataArea:
    """One kind of personal data: a section of the privacy page and, with ``copied``, a file of the copy."""

    name: str
    """The name of the file in the copy, without ``.json``."""
    title: Words
    what: Words
    why: Words
    who: Words
    how_long: Callable[[], Words]
    """A function, since it may depend on settings: the page tells the period that is enforced."""
    tables: tuple[str, ...]
    copied: Callable[[int], Mapping[str, Any]] = nothing
    """The rows about the person with this id, under a name each."""
    files: Callable[[int], Iterable[OwnFile]] = no_files
    not_copied: Mapping[str, str] = field(default_factory=dict)
    """Tables (``renewal``) and columns (``person.password_hash``) that the copy leaves out, each with the reason.
    Keys and references to other rows need none: the copy has names instead."""


def left_to_the_agency() -> Words:
    """How long, where no code deletes anything. A page must not promise a period that nobody keeps."""
    return _("Not deleted automatically. The agency's retention schedule decides.")


def rows(query: Executable) -> list[dict[str, Any]]:
    """The rows of a query by the names of its columns."""
    return [dict(row) for row in db.session.execute(query).mappings()]


SECRET = "opens the account"  # noqa: S105 - a reason
OTHERS = "names somebody else"
REPEATED = "repeats what another column or table of the copy says"
