"""How many files somebody may hand in, how large and of which types, as an author says it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lms.content.markdown.frontmatter import YamlText
from lms.content.markdown.problems import say
from lms.content.markdown.values import InvalidValue, file_type, size, whole
from lms.content.settings import setting

MAX_FILES = 20
MAX_FILES_OF_ANSWER = 5
MAX_TOGETHER = 48 * 1024 * 1024
"""Upper limit for all files of one submission in bytes, whatever the author allows."""


@dataclass(frozen=True)
class FileLimits:
    """Limits for submitted files: number, size of each in bytes, and extensions in lower case."""

    most: int = setting(whole(1, MAX_FILES), 3, key="max")
    size: int = setting(size, 10 * 1024 * 1024)
    types: tuple[str, ...] = setting(file_type, ("pdf", "docx", "xlsx", "jpg", "png"), each=tuple)

    @property
    def largest(self) -> int:
        """The size limit of one file in bytes."""
        return min(self.size, MAX_TOGETHER)

    @property
    def total_size(self) -> int:
        """The size limit of all files together in bytes."""
        return min(self.most * self.largest, MAX_TOGETHER)


def files_of_answer(value: YamlText) -> FileLimits:
    """Read the attribute ``files="2, 5MB, pdf, jpg"``: how many files, and what differs from the usual limits."""
    count, *more = (replace(value, text=word.strip()) for word in value.text.split(","))
    if not all(one.text for one in (count, *more)):
        raise InvalidValue(
            say("there is nothing before or after a comma"), say("write words with a comma between two of them")
        )
    sizes = [size(one) for one in more if one.text[0].isdigit()]
    types = tuple(dict.fromkeys(file_type(one) for one in more if not one.text[0].isdigit()))
    if len(sizes) > 1:
        raise InvalidValue(say("there are two sizes"), say("leave one of them"))
    usual = FileLimits()
    return FileLimits(whole(1, MAX_FILES_OF_ANSWER)(count), sizes[0] if sizes else usual.size, types or usual.types)


def written_files(limits: FileLimits) -> str:
    """The reverse of ``files_of_answer``, with what is usual left out."""
    usual, kilobytes = FileLimits(), limits.size // 1024
    size_ = f"{kilobytes // 1024}MB" if kilobytes % 1024 == 0 else f"{kilobytes}KB"
    more = [*([size_] if limits.size != usual.size else []), *(limits.types if limits.types != usual.types else ())]
    return ", ".join([str(limits.most), *more])
