"""All files of a course folder, each read on its own; what concerns several files comes after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lms.content.markdown.course import Cover, read_cover, read_section
from lms.content.markdown.item import Sheet, read_sheet
from lms.content.markdown.links import Targets
from lms.content.markdown.model import Section
from lms.content.markdown.outline import COURSE_FILE, Outline, lay_out
from lms.content.markdown.problems import Findings, Problem


@dataclass(frozen=True)
class Folder:
    """``sheets`` are the items' files in the course's order; ``sections`` are still without items."""

    outline: Outline
    cover: Cover | None
    sections: tuple[Section, ...]
    sheets: tuple[Sheet, ...]
    findings: tuple[Findings, ...]

    @property
    def problems(self) -> tuple[Problem, ...]:
        found = (problem for findings in self.findings for problem in findings.problems)
        return (*self.outline.problems, *found)


def read_folder(files: Mapping[str, bytes]) -> Folder:
    outline = lay_out(files)
    targets = Targets(files)
    findings = []
    cover = None
    if outline.has_course_file:
        findings.append(Findings(COURSE_FILE))
        cover = read_cover(files[COURSE_FILE], targets, findings[-1])
    sections = []
    for chapter in outline.chapters:
        findings.append(Findings(chapter.index or chapter.folder))
        sections.append(read_section(chapter, files, targets, findings[-1]))
    sheets = tuple(read_sheet(entry.path, entry.slug, files[entry.path], targets) for entry in outline.entries)
    findings += [sheet.findings for sheet in sheets]
    return Folder(outline, cover, tuple(sections), sheets, tuple(findings))
