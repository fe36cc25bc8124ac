"""Reading all files of a course folder, each on its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lms.content.course import Section
from lms.content.folder.cover import ParsedCourseFile, read_course_file, read_section
from lms.content.folder.item_file import ItemFile, read_item_file
from lms.content.folder.outline import COURSE_FILE, Outline, lay_out
from lms.content.markdown.links import Targets
from lms.content.markdown.problems import Findings, Problem


@dataclass(frozen=True)
class Folder:
    """``item_files`` are in the order of the course. ``sections`` have no items yet."""

    outline: Outline
    course_file: ParsedCourseFile | None
    sections: tuple[Section, ...]
    item_files: tuple[ItemFile, ...]
    findings: tuple[Findings, ...]

    @property
    def problems(self) -> tuple[Problem, ...]:
        found = (problem for findings in self.findings for problem in findings.problems)
        return (*self.outline.problems, *found)


def read_folder(files: Mapping[str, bytes]) -> Folder:
    outline = lay_out(files)
    targets = Targets(files)
    findings = []
    course_file = None
    if outline.has_course_file:
        findings.append(Findings(COURSE_FILE))
        course_file = read_course_file(files[COURSE_FILE], targets, findings[-1])
    sections = []
    for folder in outline.sections:
        findings.append(Findings(folder.index or folder.path))
        sections.append(read_section(folder, files, targets, findings[-1]))
    item_files = tuple(read_item_file(item.path, item.slug, files[item.path], targets) for item in outline.items)
    findings += [item_file.findings for item_file in item_files]
    return Folder(outline, course_file, tuple(sections), item_files, tuple(findings))
