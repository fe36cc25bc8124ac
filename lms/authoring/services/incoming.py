"""Uploads that are to become a course (ZIP, files, DOCX, PPTX), and a preview of the course with its problems."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from lms.authoring.documents import course_of_document
from lms.authoring.foreign_folder import NewCourse, course_of_folder
from lms.authoring.services.checking import CheckedDraft, check_draft
from lms.content.documents.office_html import DocumentHtml
from lms.content.documents.slide_file import html_of_slides
from lms.content.documents.word_file import html_of_word
from lms.content.folder.archive import BadArchive, UnpackedFolder, folder_of_files, unpack
from lms.content.markdown.from_html import from_html
from lms.content.markdown.problems import Problem, say
from lms.content.rendering.media import content_type
from lms.core import isolated

SECONDS = 30
MEGABYTES = 768
PASTE_SECONDS = 5
READERS = {".docx": html_of_word, ".pptx": html_of_slides}


@dataclass(frozen=True)
class ImportPreview:
    """The course that would be made, and what its check says."""

    course: NewCourse
    checked: CheckedDraft
    is_document: bool

    @property
    def problems(self) -> list[Problem]:
        return sorted(self.checked.problems, key=lambda one: (one.is_warning, one.path, one.line))

    @property
    def media(self) -> list[str]:
        return [path for path in self.course.files if path.startswith("media/")]


def read_upload(files: Sequence[tuple[str, bytes]]) -> UnpackedFolder:
    """The folder that was sent: a ZIP, a document as it is, or files with their paths.

    :raises BadArchive: nothing can be made of it.
    """
    if len(files) == 1:
        ((name, data),) = files
        base = posixpath.basename(name.replace("\\", "/"))
        stem, ending = posixpath.splitext(base)
        if ending.lower() == ".zip":
            found = unpack(data)
            return UnpackedFolder(found.name or stem, found.files, found.problems)
        if ending.lower() in (".doc", ".odp", ".odt", ".pdf", ".ppt", ".rtf"):
            raise BadArchive(
                say("files of this kind are not read: %(name)s", name=base[:80]),
                say("save the document as DOCX, the presentation as PPTX, or the text as Markdown"),
            )
        return UnpackedFolder(stem, {base: data}, ())
    return folder_of_files(files)


_SLUG = "kursus"
"""Until the course has one. The check only needs it for links to items."""


def preview_import(name: str, files: Mapping[str, bytes], *, is_split: bool) -> ImportPreview:
    """:raises BadArchive: there is no text in it, or it takes too long to read."""
    document = _document(files)
    if document is not None:
        course: NewCourse | None = course_of_document(name, document, is_split=is_split)
    else:
        course = _of_folder(name, files)
    if course is None:
        raise BadArchive(
            say("there is no Markdown in it"), say("choose a ZIP or folder of .md files, or one DOCX or PPTX document")
        )
    texts = {path: data if path.lower().endswith(".md") else b"" for path, data in course.files.items()}
    return ImportPreview(course, check_draft(_SLUG, texts), document is not None)


def _of_folder(name: str, files: Mapping[str, bytes]) -> NewCourse | None:
    """The course of a folder. Only texts are read, and in a child process, since they may be hostile."""
    texts = {path: data if content_type(path) is None else b"" for path, data in files.items()}
    try:
        course = isolated.run(course_of_folder, name, texts, seconds=SECONDS, megabytes=MEGABYTES)
    except (isolated.TookTooLong, isolated.BrokeDown) as error:
        raise BadArchive(
            say("the folder takes too long to read, or too much memory"),
            say("take out what the course does not need, such as .git or node_modules"),
        ) from error
    if course is None or course.is_ours:
        return course and replace(course, files=files)
    return replace(course, files={**course.files, **{new: files[old] for new, old in course.copies.items()}})


def _document(files: Mapping[str, bytes]) -> DocumentHtml | None:
    """The contents of a single document; None if something else was sent."""
    ((path, data), *others) = files.items()
    reader = READERS.get(posixpath.splitext(path)[1].lower())
    if reader is None or others:
        return None
    try:
        return isolated.run(reader, data, seconds=SECONDS, megabytes=MEGABYTES)
    except (isolated.TookTooLong, isolated.BrokeDown) as error:
        raise BadArchive(
            say("the document takes too long to read, or too much memory"), say("divide it into several documents")
        ) from error


def markdown_of_paste(html: str) -> str | None:
    """HTML of the clipboard as Markdown; None if that takes too long."""
    try:
        return isolated.run(from_html, html, seconds=PASTE_SECONDS)
    except (isolated.TookTooLong, isolated.BrokeDown, ValueError):
        return None
