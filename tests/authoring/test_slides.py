"""A PPTX becomes modules."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import Any

import pptx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.enum.shapes import MSO_CONNECTOR
from pptx.util import Inches
from word_documents import PNG

from lms.authoring.documents import course_of_document
from lms.content.documents.slide_file import MAX_SLIDES, html_of_slides
from lms.content.folder.archive import BadArchive
from lms.content.folder.reading import read_course

P14 = "http://schemas.microsoft.com/office/powerpoint/2010/main"
TITLE, CONTENT, TITLE_ONLY = 0, 1, 5


def made(build: Callable[[Any], None]) -> bytes:
    presentation = pptx.Presentation()
    build(presentation)
    out = io.BytesIO()
    presentation.save(out)
    return out.getvalue()


def add(presentation: Any, layout: int, title: str) -> Any:
    slide = presentation.slides.add_slide(presentation.slide_layouts[layout])
    slide.shapes.title.text = title
    return slide


def add_points(slide: Any, *points: tuple[int, str]) -> None:
    frame = slide.placeholders[1].text_frame
    for number, (level, words) in enumerate(points):
        one = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        one.text, one.level = words, level


def name_sections(presentation: Any, **names: int) -> None:
    """Sections by the positions of their first slides."""
    ids = [slide.slide_id for slide in presentation.slides]

    def below(parent: Any, tag: str, **attributes: str) -> Any:
        parent.append(parent.makeelement(f"{{{P14}}}{tag}", attributes))
        return parent[-1]

    listed = below(presentation.part._element, "sectionLst")
    for name, first in names.items():
        section = below(listed, "section", name=name.replace("_", " "))
        below(below(section, "sldIdLst"), "sldId", id=str(ids[first]))


def pelayanan(presentation: Any) -> None:
    add(presentation, TITLE, "Pelayanan publik").placeholders[1].text = "BKPSDM"
    slide = add(presentation, CONTENT, "Asas & hak")
    add_points(slide, (0, "Kepastian hukum"), (1, "syarat tertulis"), (2, "di papan"), (0, "Keterbukaan"))
    slide.notes_slide.notes_text_frame.text = "Ceritakan tentang loket.\nBeri waktu bertanya."
    slide = add(presentation, TITLE_ONLY, "Waktu <layanan>")
    table = slide.shapes.add_table(2, 2, Inches(1), Inches(1), Inches(4), Inches(1)).table
    for at, words in enumerate(("Komponen", "Hari", "Izin", "3")):
        table.cell(at // 2, at % 2).text = words
    picture = slide.shapes.add_picture(io.BytesIO(PNG), Inches(1), Inches(3))
    picture._element._nvXxPr.cNvPr.set("descr", "Alur di loket")
    box = slide.shapes.add_textbox(Inches(1), Inches(4), Inches(4), Inches(1)).text_frame.paragraphs[0]
    run = box.add_run()
    run.text, run.font.bold = "Tebal", True
    run = box.add_run()
    run.text, run.hyperlink.address = "naskah", "https://contoh.example/uu"
    hidden = add(presentation, CONTENT, "Cadangan")
    hidden._element.set("show", "0")
    slide = add(presentation, TITLE_ONLY, "Hasil survei")
    data = CategoryChartData()
    data.categories = ["2025", "2026"]
    data.add_series("Nilai", (80.5, 85))
    slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, Inches(1), Inches(1), Inches(4), Inches(3), data)
    slide.shapes.add_connector(MSO_CONNECTOR.STRAIGHT, 0, 0, Inches(1), Inches(1))


def test_slides_become_headings_points_tables_and_pictures():
    found = html_of_slides(made(pelayanan))
    course = course_of_document("Bahan", found, is_split=True)
    read, problems = read_course("kursus", course.files)
    assert read, problems
    assert course.files["01-bahan.md"].decode() == (
        "---\ntitle: Bahan\n---\n"
        "## Pelayanan publik\n\nBKPSDM\n\n"
        "## Asas & hak\n\n- Kepastian hukum\n  - syarat tertulis\n    - di papan\n- Keterbukaan\n\n"
        "Ceritakan tentang loket.\n\nBeri waktu bertanya.\n\n"
        "## Waktu \\<layanan>\n\n| Komponen | Hari |\n| --- | --- |\n| Izin | 3 |\n\n"
        "![Alur di loket](media/gambar-1.png)\n\n**Tebal**[naskah](https://contoh.example/uu)\n\n"
        "## Hasil survei\n\n|   | Nilai |\n| --- | --- |\n| 2025 | 80,5 |\n| 2026 | 85 |\n"
    )
    assert course.files["media/gambar-1.png"] == PNG
    assert [(one.examples, one.count) for one in course.decisions] == [(("Cadangan",), 1)]


def test_each_section_of_the_presentation_is_a_module():
    def build(presentation: Any) -> None:
        pelayanan(presentation)
        name_sections(presentation, Dasar=0, Waktu_dan_hasil=2)

    course = course_of_document("Bahan", html_of_slides(made(build)), is_split=True)
    assert [path for path in course.files if path.endswith(".md")] == [
        "01-dasar.md",
        "02-waktu-dan-hasil.md",
        "course.md",
    ]
    assert course.files["02-waktu-dan-hasil.md"].startswith(b"---\ntitle: Waktu dan hasil\n---\n## Waktu")


def test_what_is_no_text_is_named():
    def build(presentation: Any) -> None:
        slide = add(presentation, TITLE_ONLY, "Film")
        poster = io.BytesIO(PNG)
        slide.shapes.add_movie(io.BytesIO(b"x"), 0, 0, Inches(1), Inches(1), poster_frame_image=poster)
        slide.shapes.add_ole_object(io.BytesIO(b"x"), "Excel.Sheet.12", 0, 0, Inches(1), Inches(1))

    found = html_of_slides(made(build))
    assert found.html == "<h2>Film</h2>"
    ((_what, names, count),) = [(one.what, one.examples, one.count) for one in found.decisions]
    assert count == 2
    assert len(names) == 2


@cache
def small() -> bytes:
    return made(lambda presentation: add(presentation, TITLE, "Satu"))


def test_too_many_slides_are_refused():
    def build(presentation: Any) -> None:
        for number in range(MAX_SLIDES + 1):
            add(presentation, TITLE_ONLY, str(number))

    with pytest.raises(BadArchive):
        html_of_slides(made(build))


@pytest.mark.parametrize("data", [b"", b"\xd0\xcf\x11\xe0", small()[:-400]], ids=["empty", "ppt", "torn"])
def test_what_is_no_presentation_is_refused(data):
    with pytest.raises(BadArchive):
        html_of_slides(data)


@settings(max_examples=15, derandomize=True)
@given(st.lists(st.tuples(st.integers(0, 30_000), st.integers(0, 255)), min_size=1, max_size=4))
def test_damaged_presentations_are_read_or_refused(damage):
    data = bytearray(small())
    for at, value in damage:
        data[at % len(data)] = value
    with suppress(BadArchive):
        html_of_slides(bytes(data))
