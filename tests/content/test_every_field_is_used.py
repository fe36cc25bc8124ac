"""Nothing is accepted and ignored: each field that an author can set is used by some package above, or refused.

One course that sets every field is published, taken, marked and completed, while each read of a schema object is
traced. Reads by the code that only passes values on (reader, codec, publishing) do not count.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from course_sample import FILES, STRUCTURED_QUIZ, quiz
from essay_world import ESSAYS
from factories import NOON, grant, make_enrolment, make_person
from survey_factories import survey_file

import lms
from lms.assignments.services.forming import form_group, move_people
from lms.content.course import CompletionRule, CourseContent, Section
from lms.content.file_limits import FileLimits
from lms.content.items.assignment import Late
from lms.content.items.base import Item, item_types
from lms.content.items.live_session import Meeting
from lms.content.items.survey_questions import SurveyQuestion
from lms.content.questions.base import Question, kinds
from lms.content.questions.choice import Option
from lms.content.questions.gaps import Gap
from lms.content.questions.match import MatchRow, Partner
from lms.content.questions.order import Step
from lms.content.rubric import Criterion, Level
from lms.content.when import When
from lms.core import clock
from lms.courses import services
from lms.enrolment.queries import enrolment_of

SCHEMA = (
    CourseContent,
    Section,
    CompletionRule,
    Item,
    Question,
    SurveyQuestion,
    *SurveyQuestion.registry,
    Option,
    Step,
    MatchRow,
    Partner,
    Gap,
    Late,
    Meeting,
    FileLimits,
    Criterion,
    Level,
    When,
)
PASSES_ON = (
    "lms.content.codec",
    "lms.content.text",
    "lms.content.settings",
    "lms.content.folder",
    "lms.content.markdown",
    "lms.courses.services",
)
COLUMNS: dict[str, dict[str, str]] = {
    "CourseContent": {
        "slug": "slug",
        "title": "title",
        "summary": "summary",
        "description": "description_html",
        "code": "code",
        "category": "category",
        "competency": "competency",
        "language": "language",
        "jp": "jp",
        "prerequisites": "prerequisites",
        "completion": "completion",
        "certificate": "has_certificate",
        "sections": "sections",
    },
    "Section": {"slug": "", "title": "title", "intro": "intro_html", "items": "items"},
    "Item": {
        "path": "",
        "slug": "slug",
        "title": "title",
        "id": "key",
        "jp": "jp",
        "is_required": "is_required",
        "after": "after",
        "opens": "opens",
        "closes": "closes",
        "weight": "weight",
    },
    "Module": {"parts": "body_html"},
    "Quiz": {"intro": "body_html"},
    "Assignment": {"body": "body_html"},
    "LiveSession": {"body": "body_html"},
    "Survey": {"intro": "body_html"},
}
"""What a revision keeps in columns of its own, and their names: pages read the rows. An empty name is only for reading
the folder. Looked at by ``test_every_column_is_read``."""
FOR_MESSAGES = {"Question": {"line"}, "SurveyQuestion": {"line"}}
"""Where a fault of the check is."""


@pytest.fixture
def reads() -> Iterator[set[tuple[str, str]]]:
    """Pairs of a class and the name of a field that was read."""
    found: set[tuple[str, str]] = set()

    def traced(self: Any, name: str) -> Any:
        if not name.startswith("_"):
            reader = sys._getframe(1).f_globals.get("__name__", "")
            if reader.startswith(("lms.", "jinja2")) and not reader.startswith(PASSES_ON):
                found.add((type(self).__name__, name))
        return object.__getattribute__(self, name)

    for cls in SCHEMA:
        cls.__getattribute__ = traced  # type: ignore[method-assign,assignment]
    yield found
    for cls in SCHEMA:
        del cls.__getattribute__


COURSE = {
    **FILES,
    "course.md": FILES["course.md"].replace("[etika-berakhlak]", "[]").replace("items: all", "items: required"),
    "01-dasar-pelayanan/02-kuis-dasar.md": FILES["01-dasar-pelayanan/02-kuis-dasar.md"]
    .replace("opens: +7d 09:00", "opens: +0d")
    .replace("review: ujian", "review: latihan")
    .replace("navigation: sequential", "navigation: free\npurpose: posttest")
    .replace("feedback: immediate", "feedback: tries\npenalty: 25%")
    .replace("scoring=net-correct}", "scoring=net-correct pair=asas}"),
    "00-prates.md": "---\ntitle: Prates\ntype: quiz\nrequired: false\nweight: 0\npurpose: pretest\n---\n"
    "## Asas? {#prates-asas pair=asas}\n\n- [x] a\n- [ ] b\n",
}
MORE = {
    "00-kata-pengantar.md": "---\ntitle: Kata pengantar\ncomplete: none\n---\nContoh.\n",
    "98-kuis-bentuk.md": STRUCTURED_QUIZ,
    "99-lokakarya.md": "---\ntitle: Lokakarya\ntype: session\nmode: workshop\nrequired: false\nattendance: 50%\n"
    "meetings: [{starts: +0d 09:00, duration: 3h, place: Aula}]\nlink: https://contoh.id/rapat\n---\nDatanglah.\n",
    "97-evaluasi.md": survey_file(),
    "99-kuis-uraian.md": quiz("## " + ESSAYS.split("\n## ", 1)[1], "feedback: immediate\nreview: latihan\n"),
}


def _first_of_each_field(page: str) -> dict[str, str]:
    """An answer to a question whose answers have parts."""
    lists = re.findall(
        r'<select[^>]* name="([^"]+)".*?<option(?: value="([^"]+)")?>([^<]+)</option>\n?</select>', page, re.S
    )
    typed = re.findall(r'<input name="((?:place|gap)-[^"]+)"', page)
    return {name: value or words for name, value, words in lists} | {
        name: str(number) for number, name in enumerate(typed, start=1)
    }


def test_every_field_of_the_schema_is_used_by_somebody(session, client, monkeypatch, reads):
    monkeypatch.setattr(clock, "now", lambda: NOON)
    files = {path: text.encode() for path, text in {**COURSE, **MORE}.items()}
    revision = services.import_course("pelatihan", files, actor_id=None, now=NOON).revision
    services.publish(revision, actor_id=None, now=NOON)
    learner, teacher = make_person(), make_person()
    make_enrolment(learner, revision.course)
    grant(teacher, "instructor", course=revision.course)
    session.commit()
    client.sign_in(learner)
    client.get("/courses/pelatihan")
    client.post_form("/courses/pelatihan/komponen")
    attempt = client.post_form("/courses/pelatihan/kuis-dasar").location.rpartition("/")[0]
    for position in (1, 2):
        page = client.get(f"{attempt}/{position}").get_data(as_text=True)
        answer = {"picked": ["a", "b"]} if 'name="picked"' in page else {"text": "empat belas"}
        client.post_form(f"{attempt}/{position}", go="check", **answer)
    client.get(attempt)
    client.post_form(f"{attempt}/submit", page=attempt)
    assert client.get(f"{attempt}/review").status_code == 200
    client.get("/courses/pelatihan/kuis-dasar")
    structured = client.post_form("/courses/pelatihan/kuis-bentuk").location.rpartition("/")[0]
    for position in (1, 2, 3):
        page = client.get(f"{structured}/{position}").get_data(as_text=True)
        client.post_form(f"{structured}/{position}", go="check", **_first_of_each_field(page))
        client.get(f"{structured}/{position}")
    client.post_form(f"{structured}/submit", page=structured)
    client.get(f"{structured}/review")
    written = client.post_form("/courses/pelatihan/kuis-uraian").location.rpartition("/")[0]
    client.get(f"{written}/1")
    client.post_form(f"{written}/1", go="check", text="Mulai dari data.")
    client.get(written)
    client.post_form(f"{written}/submit", page=written)
    client.get(f"{written}/review")
    survey = "/courses/pelatihan/evaluasi"
    answers = {"q-guna": "4", "q-bagian": "Modul", "q-alat": "Ponsel", "q-saran": "Lebih banyak contoh."}
    assert client.post_form(survey, known="named", seen="0", **answers).status_code == 303
    enrolment = enrolment_of(learner.id, revision.course_id)
    group = form_group(enrolment.cohort, "Kelompok 1", actor_id=None, now=NOON)
    move_people(enrolment.cohort, [enrolment.id], group, actor_id=None, now=NOON)
    session.commit()
    client.post_form("/courses/pelatihan/tugas-rencana", text="Rencana", do="submit")
    assert client.get("/courses/pelatihan/lokakarya").status_code == 200
    client.sign_in(teacher)
    client.get("/teach/courses/pelatihan/gradebook")
    client.get("/teach/courses/pelatihan/gains")
    client.get("/teach/courses/pelatihan/questions")
    client.get("/teach/courses/pelatihan/surveys/evaluasi")
    essay = f"/teach/grading/essays/{written.rpartition('/')[2]}/1"
    assert client.post_form(essay, level_0="0", level_1="1", seen="0").status_code == 303
    assert client.post_form("/teach/grading/1", level_0="0", level_1="1", seen="0").status_code == 303
    assert missing(reads) == set(), (
        "nothing read these on this walk: set them in course_sample.py, show and answer them"
    )


def missing(reads: set[tuple[str, str]]) -> set[tuple[str, str]]:
    unused = set()
    for cls in (*SCHEMA, *item_types, *kinds):
        readers = {sub.__name__ for sub in (cls, *cls.__subclasses__())}
        roots = [base.__name__ for base in cls.__mro__]
        excused = {name for root in roots for name in (*COLUMNS.get(root, ()), *FOR_MESSAGES.get(root, ()))}
        for field in fields(cls):
            if field.name not in excused and not any((reader, field.name) in reads for reader in readers):
                unused.add((cls.__name__, field.name))
    return unused


LMS = Path(lms.__file__).parent
ONLY_WRITES = ("courses/services.py", "synth/", "demo/")


def test_every_column_is_read():
    """By some module or template that does not only write or copy it."""
    read: set[str] = set()
    for path in LMS.rglob("*.py"):
        where = path.relative_to(LMS).as_posix()
        if not where.startswith((*ONLY_WRITES, "content/")):
            tree = ast.parse(path.read_text())
            read |= {
                node.attr
                for node in ast.walk(tree)
                if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)
            }
    templates = "".join(path.read_text() for path in LMS.rglob("*.html"))
    for owner, columns in COLUMNS.items():
        for name, column in columns.items():
            assert not column or column in read or f".{column}" in templates, f"nothing reads {owner}.{name}"


def test_the_trace_would_notice_a_field_that_nothing_reads(reads):
    assert ("FileLimits", "most") in missing(reads)
    assert ("Quiz", "wait") in missing(reads)
