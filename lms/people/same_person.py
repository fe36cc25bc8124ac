"""Is somebody registered already, with another number or with none?

Who is appointed anew gets a new number: a PPPK with another agency or formation, a PPPK who becomes a civil servant,
somebody without a number who becomes a PPPK. With a second account their training would be split in two.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, Protocol, TypeVar

from lms.lib.folding import searchable

_COMMON_WORDS = frozenset(
    [
        "dr",
        "drs",
        "dra",
        "ir",
        "hj",
        "st",
        "pdt",
        "muhammad",
        "mohammad",
        "muhamad",
        "mohamad",
        "moh",
        "muh",
        "md",
        "abdul",
        "abd",
        "siti",
        "sitti",
        "andi",
        "maria",
    ]
)
"""Words that do not tell one name from another."""


class Named(Protocol):
    """Anything with the name and number of a person."""

    @property
    def name(self) -> str: ...

    @property
    def nip(self) -> str | None: ...


Known = TypeVar("Known", bound=Named)


class SamePersonFinder(Generic[Known]):
    """Looks among ``people``, by the birth date and sex in their numbers and by their names."""

    def __init__(self, people: Iterable[Known]) -> None:
        self._by_key: dict[tuple[str, str] | None, list[Known]] = {}
        for person in people:
            self._by_key.setdefault(_birth_and_sex(person.nip), []).append(person)

    def find(self, name: str, nip: str) -> list[Known]:
        """The people whom a new number may belong to, the likelier ones first.

        Those whose number has the same birth date and sex and whose name is the same but for words left out; and those
        without a number who have exactly this name, of two words at least.
        """
        born = [
            one for one in self._by_key.get(_birth_and_sex(nip), []) if one.nip != nip and are_alike(name, one.name)
        ]
        words = telling_words(name)
        unnumbered = self._by_key.get(None, []) if len(words) > 1 else []
        return born + [one for one in unnumbered if telling_words(one.name) == words]


def are_alike(one: str, other: str) -> bool:
    """Whether one name has all the telling words of the other: ``Maria A. Kambu`` and ``Maria Kambu``."""
    words, others = telling_words(one), telling_words(other)
    return bool(words and others) and (words <= others or others <= words)


def share_a_word(one: str, other: str) -> bool:
    """Names without a word in common hardly belong to the same person."""
    return bool(telling_words(one) & telling_words(other))


def telling_words(name: str) -> set[str]:
    """The words of a name without initials, titles and names that many people have; all words if no others are left."""
    words = set(searchable([name.replace(".", " ")]).split())
    return {word for word in words if not _is_initial(word) and word not in _COMMON_WORDS} or words


def _is_initial(word: str) -> bool:
    return len(word) == 1 and not word.isdigit()


def _birth_and_sex(nip: str | None) -> tuple[str, str] | None:
    return (nip[:8], nip[14]) if nip else None
