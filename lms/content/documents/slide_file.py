"""A PPTX as HTML: a heading for each slide, and one of level 1 for each section of the presentation.

Points, tables, pictures with their description, charts as tables of their values, and the speaker's notes are taken in
the order in which a screen reader reads them. Positions, colours and movement are not.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

from lms.content.documents.office_html import DocumentHtml, DocumentPictures, refuse_unsafe
from lms.content.folder.archive import BadArchive
from lms.content.markdown.from_html import MAX_CHARACTERS
from lms.content.markdown.problems import Decision, say

MAX_SLIDES = 300
LINKS = ("http://", "https://", "mailto:")
SECTIONS = "{http://schemas.microsoft.com/office/powerpoint/2010/main}"
NO_TEXT = {"DATE", "FOOTER", "HEADER", "SLIDE_NUMBER"}
"""Placeholders that are the same on every slide."""
TITLES = {"TITLE", "CENTER_TITLE", "VERTICAL_TITLE"}
POINTS = {"BODY", "OBJECT", "VERTICAL_BODY", "VERTICAL_OBJECT"}


def html_of_slides(data: bytes) -> DocumentHtml:
    """:raises BadArchive: it is no PPTX, or one that is not safe."""
    import pptx  # only the child process needs it

    refuse_unsafe(data, _not_readable())
    slides = _Slides()
    try:
        markup = "".join(slides.read(pptx.Presentation(io.BytesIO(data))))
    except (MemoryError, BadArchive):
        raise
    except Exception as error:  # the reader of a damaged file fails in many ways
        raise _not_readable() from error
    if len(markup) > MAX_CHARACTERS:
        raise BadArchive(say("the presentation is too long"), say("divide it into several presentations"))
    return DocumentHtml(markup, slides.pictures.kept, (*slides.pictures.decisions, *slides.decisions))


class _Slides:
    def __init__(self) -> None:
        self.pictures = DocumentPictures()
        self._left_out: list[str] = []
        self._hidden: list[str] = []

    @property
    def decisions(self) -> Iterator[Decision]:
        if self._left_out:
            what = say("Films, drawings and diagrams on slides were left out: put them in as pictures.")
            yield Decision(what, tuple(dict.fromkeys(self._left_out)), len(self._left_out))
        if self._hidden:
            yield Decision(say("Hidden slides were left out."), tuple(self._hidden[:6]), len(self._hidden))

    def read(self, presentation: Any) -> Iterator[str]:
        if len(presentation.slides) > MAX_SLIDES:
            raise BadArchive(
                say("the presentation has more than %(most)d slides", most=MAX_SLIDES),
                say("divide it into several presentations"),
            )
        sections = _sections(presentation)
        for number, slide in enumerate(presentation.slides, 1):
            if section := sections.get(slide.slide_id):
                yield f"<h1>{escape(section)}</h1>"
            title = _title(slide)
            if slide._element.get("show") == "0":
                self._hidden.append(title or str(number))
                continue
            yield f"<h2>{escape(title)}</h2>" if title else ""
            yield from self._shapes(slide.shapes)
            if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
                yield from map(_paragraph, slide.notes_slide.notes_text_frame.paragraphs)

    def _shapes(self, shapes: Iterable[Any]) -> Iterator[str]:
        for shape in shapes:
            kind = shape.placeholder_format.type.name if shape.is_placeholder else ""
            if kind in TITLES or kind in NO_TEXT:
                continue
            if hasattr(shape, "shapes"):
                yield from self._shapes(shape.shapes)
            elif hasattr(shape, "image"):
                yield self._picture(shape)
            elif getattr(shape, "has_table", False):
                yield _table([cell.text for cell in row.cells] for row in shape.table.rows)
            elif getattr(shape, "has_chart", False):
                yield self._chart(shape)
            elif shape.has_text_frame:
                paragraphs = [one for one in shape.text_frame.paragraphs if one.text.strip()]
                yield _points(paragraphs) if kind in POINTS else "".join(map(_paragraph, paragraphs))
            elif not _is_decoration(shape):
                self._left_out.append(shape.name)

    def _picture(self, shape: Any) -> str:
        try:
            image = shape.image
        except (KeyError, ValueError):  # a picture that is linked, or an empty placeholder
            self._left_out.append(shape.name)
            return ""
        name = self.pictures.name_of(image.content_type, image.blob)
        described = shape._element._nvXxPr.cNvPr.get("descr") or ""
        return f'<p><img src="{escape(name)}" alt="{escape(described)}"></p>' if name else ""

    def _chart(self, shape: Any) -> str:
        try:
            plot = shape.chart.plots[0]
            series = list(plot.series)
            head = ["", *(one.name for one in series)]
            values = zip(map(str, plot.categories), *(one.values for one in series), strict=True)
            return _table([head, *([name, *map(_number, row)] for name, *row in values)])
        except (KeyError, ValueError, IndexError, AttributeError):
            self._left_out.append(shape.name)
            return ""


def _sections(presentation: Any) -> dict[int, str]:
    """The names of sections by the ids of their first slides."""
    found = {}
    for section in presentation.part._element.iter(f"{SECTIONS}section"):
        first = next(section.iter(f"{SECTIONS}sldId"), None)
        if first is not None and first.get("id", "").isdecimal():
            found[int(first.get("id"))] = section.get("name") or ""
    return found


def _title(slide: Any) -> str:
    title = slide.shapes.title
    return " ".join(title.text.split()) if title is not None and title.has_text_frame else ""


def _is_decoration(shape: Any) -> bool:
    """Lines between shapes, and what the author has marked as having no meaning."""
    return shape.shape_type is not None and shape.shape_type.name in {"LINE", "FREEFORM", "AUTO_SHAPE"}


def _points(paragraphs: list[Any]) -> str:
    """A nested list by the levels; a single paragraph is none."""
    if len(paragraphs) < 2:
        return "".join(map(_paragraph, paragraphs))
    markup, depth = "", 0
    for one in paragraphs:
        level = min(one.level + 1, depth + 1)
        if level > depth:
            markup += "<ul><li>"
        else:
            markup += "</li></ul>" * (depth - level) + "</li><li>"
        markup, depth = markup + _runs(one), level
    return markup + "</li></ul>" * depth


def _paragraph(one: Any) -> str:
    return f"<p>{_runs(one)}</p>" if one.text.strip() else ""


def _runs(paragraph: Any) -> str:
    found = ""
    for run in paragraph.runs:
        words = escape(run.text).replace("\v", "<br>")
        words = f"<strong>{words}</strong>" if run.font.bold and words.strip() else words
        words = f"<em>{words}</em>" if run.font.italic and words.strip() else words
        address = run.hyperlink.address or ""
        found += f'<a href="{escape(address)}">{words}</a>' if address.lower().startswith(LINKS) else words
    return found


def _table(rows: Iterable[Iterable[str]]) -> str:
    markup = ""
    for number, row in enumerate(rows):
        tag = "th" if number == 0 else "td"
        markup += "<tr>" + "".join(f"<{tag}>{escape(' '.join(text.split()))}</{tag}>" for text in row) + "</tr>"
    return f"<table>{markup}</table>"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.12g}".replace(".", ",")


def _not_readable() -> BadArchive:
    return BadArchive(
        say("this file is not a PPTX that can be read"),
        say("open it in a presentation program and save it as PPTX; older PPT files are not read"),
    )
