"""Payloads as names, titles, answers, works, feedback and lists: each page shows them as the texts they are.

Rows are written past the checks of forms, so that every payload reaches the templates; where a service renders or reads
what people send (works, feedback, lists), it goes through that service.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from urllib.parse import quote

import pytest
from assignment_factories import make_assignment_world, make_submission
from attacks.harmless import faults, shown, squeezed, vocabulary
from attacks.payloads import sample, texts
from factories import NOON, grant, make_admin, make_course, make_enrolment, make_person, make_unit
from pages import csrf_token, html_of, parse
from people_files import HEADINGS, row, xlsx
from quiz_factories import question_json, quiz_context

from lms.announcements.models import Announcement
from lms.assignments.models import WorkFile
from lms.assignments.services.grading import GradeDecision, grade_submission
from lms.core import ledger
from lms.inquiries.models import Inquiry
from lms.notices import notifications
from lms.notices.notifications import EnrolledCourse
from lms.notices.services import inbox
from lms.people.models import Person
from lms.quizzes import services as quizzes
from lms.quizzes.models import Attempt
from lms.roster.jobs import process_people_lists
from lms.web.fields import name_text
from lms.web.request_limits import CleanFields

pytestmark = [pytest.mark.slow, pytest.mark.once]

Fetched = list[str]
PER_PAGE = 30
ANNOUNCED = "/teach/courses/umum/announcements"


def harmless(size: int) -> list[str]:
    """The twins: without markup, but with everything that is only a text (quotes, a sign that is not Latin)."""
    return [f"aman \u03a9 'a' & b {number}" for number in range(size)]


def fitting(length: int, size: int, seed: int) -> list[str]:
    """As forms let them through: without control characters."""
    clean = (CleanFields([("text", text)])["text"] for text in texts() if len(text) <= length)
    return sample(tuple(dict.fromkeys(clean)), size, seed)


def fitting_names(size: int, seed: int) -> list[str]:
    """As names are stored: also without characters that nobody sees."""
    names = dict.fromkeys(map(name_text, fitting(160, 2 * size, seed)))
    return sample(tuple(names), size, seed)


def read_all(client, path: str, most: int = 200) -> Iterator[str]:
    """Every page of a list."""
    for number in range(1, most):
        page = client.text(f"{path}{'&' if '?' in path else '?'}page={number}")
        yield page
        if 'rel="next"' not in page:
            return


def compare(make: Callable[[Sequence[str]], Fetched], payloads: Sequence[str], *, seen: float = 0.99) -> None:
    """``make`` puts texts in their places and returns the pages that show them.

    At least the part ``seen`` of them must be readable, so that the test does not pass because nothing is shown.
    """
    known = vocabulary(map(parse, make(harmless(len(payloads)))))
    pages = [parse(page) for page in make(payloads)]
    found = [(number, fault) for number, page in enumerate(pages) for fault in faults(page, known)]
    assert found == []
    everything = "\n".join(map(shown, pages))
    missing = [text for text in payloads if squeezed(text) not in everything]
    assert len(missing) <= (1 - seen) * len(payloads), missing[:5]


def test_names_of_people(client, session):
    client.sign_in(make_admin(name="Admin"))
    people = [make_person(name="x", position="x") for _ in range(300)]

    def make(names: Sequence[str]) -> Fetched:
        for person, name in zip(people, names, strict=True):
            person.name = person.position = name
        session.flush()
        single = [client.text(f"/admin/people/{person.id}") for person in people[:25]]
        return [*read_all(client, "/admin/people"), *single]

    compare(make, fitting_names(300, 1))


def test_names_of_units_and_who_leads_them(client, session):
    admin = make_admin(name="Admin")
    client.sign_in(admin)
    city = make_unit("Kota", kind="instansi")
    units = [make_unit(f"Dinas {number}", city) for number in range(300)]
    head = make_person(name="Kepala")
    grant(head, "head", unit=units[0])

    def make(names: Sequence[str]) -> Fetched:
        for unit, name in zip(units, names, strict=True):
            unit.name = name
        head.unit_id = units[1].id
        for name in names[:20]:
            ledger.record(admin.id, "rename unit", f"unit:{units[0].id}", now=NOON, name=name)
        session.flush()
        paths = [f"/admin/units/{unit.id}" for unit in units[:10]]
        paths += ["/admin/units", "/admin/people/new", "/admin/audit", f"/admin/people/{head.id}", "/admin/board"]
        return [client.text(path) for path in paths]

    compare(make, fitting_names(300, 2))


def test_titles_of_courses(client, session):
    person = make_person()
    client.sign_in(person)
    courses = [make_course(summary="x") for _ in range(120)]
    for course in courses[:20]:
        make_enrolment(person, course)

    def make(names: Sequence[str]) -> Fetched:
        for course, name in zip(courses, names, strict=True):
            course.revision.title = course.revision.summary = name
            course.revision.sections[0].title = name
            course.revision.category = name[:60]
        session.flush()
        single = [client.text(f"/courses/{course.slug}") for course in courses[:15]]
        return [*read_all(client, "/courses"), client.text("/"), *single]

    compare(make, fitting(200, 120, 3))


def test_names_of_files_and_links(client, session):
    world = make_assignment_world(rubric=[])
    submission = make_submission(world)
    size = 400
    files = [
        WorkFile(
            person_id=world.learner.id,
            submission_id=submission.id,
            name="x",
            content_type="application/pdf",
            size=9,
            key="work/x",
            uploaded_at=NOON,
        )
        for _ in range(size)
    ]
    session.add_all(files)

    def make(names: Sequence[str]) -> Fetched:
        for file, name in zip(files, names, strict=True):
            file.name = name
        session.flush()
        learner = client.sign_in(world.learner).text(world.path)
        return [learner, client.sign_in(world.instructor).text(f"/teach/grading/{submission.id}")]

    compare(make, fitting(160, size, 4))


def test_titles_and_texts_of_announcements(client, session):
    course, teacher, size = make_course("umum"), make_person(), 40
    grant(teacher, "instructor", course=course)
    learner = session.get(Person, make_enrolment(course=course).person_id)
    values = {"course_id": course.id, "author_id": teacher.id, "created_at": NOON, "told_at": NOON}
    rows = [Announcement(number=n, version=1, told_number=1, title="x", text="x", **values) for n in range(size)]
    session.add_all(rows)

    def make(payloads: Sequence[str]) -> Fetched:
        """One of them has an address, so that links are nothing new."""
        for one, text in zip(rows, payloads, strict=True):
            one.title, one.text = text, text
        rows[-1].text += "\n\nhttps://contoh.go.id"
        session.flush()
        form = {"title": payloads[0], "text": payloads[0], "number": "90"}
        looks = [html_of(client.sign_in(teacher).post_form(ANNOUNCED, do=step, **form)) for step in ("look", "edit")]
        pages = [*read_all(client, ANNOUNCED), client.text(f"{ANNOUNCED}/{rows[0].id}"), *looks]
        client.sign_in(learner)
        return [*pages, *read_all(client, "/announcements/umum"), client.text("/courses/umum")]

    compare(make, fitting(120, size, 9))


def test_questions_to_instructors_and_their_answers(client, session):
    course, teacher, size = make_course("umum"), make_person(), 40
    grant(teacher, "instructor", course=course)
    enrolment = make_enrolment(course=course)
    values = {"course_id": course.id, "enrolment_id": enrolment.id, "answered_by": teacher.id}
    values |= {"asked_at": NOON, "answered_at": NOON}
    rows = [Inquiry(number=n, text="x", answer="x", is_shared=True, **values) for n in range(size)]
    session.add_all(rows)

    def make(payloads: Sequence[str]) -> Fetched:
        for one, text in zip(rows, payloads, strict=True):
            one.text, one.answer = text, text
        session.flush()
        client.sign_in(teacher)
        pages = [*read_all(client, "/teach/inquiries?show=answered"), client.text(f"/teach/inquiries/{rows[0].id}")]
        client.sign_in(session.get(Person, enrolment.person_id))
        return [*pages, *read_all(client, "/inquiries/umum")]

    compare(make, fitting(120, size, 9))


def test_answers_to_questions_and_their_reviews(client, session):
    size = 60
    context = quiz_context([question_json(f"q{number}", "short") for number in range(size)])
    client.sign_in(session.get(Person, context.person_id))

    def make(answers: Sequence[str]) -> Fetched:
        now = NOON.replace(hour=next(hours))
        attempt_id = quizzes.start_attempt(context, seed=1, now=now).id
        token = csrf_token(client.text(f"/attempts/{attempt_id}/1"))
        for position, text in enumerate(answers, start=1):
            form = {"csrf_token": token, "text": text, "go": "next"}
            assert client.post(f"/attempts/{attempt_id}/{position}", data=form).status_code == 302
        questions = [client.text(f"/attempts/{attempt_id}/{position}") for position in range(1, size + 1)]
        overview = client.text(f"/attempts/{attempt_id}")
        quizzes.submit_attempt(session.get(Attempt, attempt_id), now=now)
        session.flush()
        return [overview, *questions, client.text(f"/attempts/{attempt_id}/review")]

    hours = count(4)
    payloads = [text for text in fitting(100, size * 2, 5) if "\n" not in text and "\r" not in text]
    compare(make, payloads[:size])


def test_works_and_feedback(client, session):
    """Works are plain text; feedback is the learner's Markdown. Both are rendered when they are stored."""
    world = make_assignment_world(rubric=[], attempts=200)
    numbers = count(1)

    def make(all_texts: Sequence[str]) -> Fetched:
        pages = []
        for start in range(0, len(all_texts), 25):
            part = "\n\n".join(all_texts[start : start + 25])
            submission = make_submission(world, f"{next(numbers)}\nsatu\n\n{part}"[:8_000], now=NOON)
            decision = GradeDecision(
                points=80, feedback=f"- * **a** [b](https://a.id) _c_\n\n1. d\n\ne  \nf\n\n{part}"[:4_000]
            )
            grade_submission(submission, decision, grader_id=world.instructor.id, seen=0, now=NOON)
            session.flush()
            pages.append(client.sign_in(world.instructor).text(f"/teach/grading/{submission.id}"))
            pages.append(client.sign_in(world.learner).text(world.path))
        return pages

    compare(make, fitting(140, 300, 6), seen=0.9)  # white space at the ends and control characters go


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_lists_of_people(client, admin, session, kind):
    """Cells of a file: names, posts, units that are not there, and headings that nobody knows."""

    def make(cells: Sequence[str]) -> Fetched:
        rows = [row(number, name=cell, position=cell) for number, cell in enumerate(cells[:-50])]
        rows += [row(900 + number, unit=cell, rank="V/x") for number, cell in enumerate(cells[-50:])]
        data = xlsx(rows, [*HEADINGS, cells[0]]) if kind == "xlsx" else csv([[*HEADINGS, cells[0]], *rows])
        token = csrf_token(client.text("/admin/people/import"))
        form = {"csrf_token": token, "file": (io.BytesIO(data), f"{cells[1][:80]}.{kind}")}
        path = client.post("/admin/people/import", data=form).location
        session.commit()
        process_people_lists()
        return [client.text(path)]

    compare(make, fitting(100, 200, 7), seen=0.2)


def csv(rows: Sequence[Sequence[object]]) -> bytes:
    quoted = [[f'"{str(cell).replace(chr(34), chr(34) * 2)}"' for cell in one] for one in rows]
    return "\r\n".join(";".join(one) for one in quoted).encode()


def test_what_a_request_says_and_a_page_repeats(client, session):
    """Searches, addresses and the fields of a form that is carried through the sign-in."""
    make_course("pelatihan")
    paths = (
        "/courses?q={}",
        "/courses?category={}",
        "/verify?code={}",
        "/login?next=/{}",
        "/help/{}",
        "/{}",
        "/verify/{}",
    )

    def make(all_texts: Sequence[str]) -> Fetched:
        pages = []
        for number, text in enumerate(all_texts[:140]):
            answer = client.get(paths[number % len(paths)].format(quote(text, safe="")))
            pages += [answer.text] if answer.mimetype == "text/html" and answer.status_code not in (301, 302) else []
        for start in range(0, len(all_texts), 400):
            part = all_texts[start : start + 400]
            fields = {f"{text[:40]}{number}": text for number, text in enumerate(part)}
            answer = client.post("/courses/pelatihan/enrol", data=fields, headers={"Sec-Fetch-Site": "same-origin"})
            assert answer.status_code == 401
            pages.append(answer.text)
        return pages

    compare(make, fitting(300, 1_400, 8))


def test_notices_cohorts_and_participants(client, session):
    """What instructors and committees see of people, and people of cohorts."""
    world = make_assignment_world()
    enrolments = [make_enrolment(make_person(), world.course) for _ in range(90)]
    people = [session.get(Person, one.person_id) for one in enrolments]
    learner, numbers = people[0], count(1)

    def make(names: Sequence[str]) -> Fetched:
        for person, name in zip(people, names, strict=True):
            person.name = name
        world.cohort.name = names[0][:80]
        for name in names[:30]:
            enrolled = EnrolledCourse(learner.id, next(numbers), "kursus", name)
            inbox.notify([notifications.enrolled(enrolled, None, None)], now=NOON)
        session.flush()
        client.sign_in(world.instructor)
        slug = world.course.slug
        pages = [*read_all(client, f"/teach/courses/{slug}"), *read_all(client, f"/teach/courses/{slug}/gradebook")]
        return [*pages, client.sign_in(learner).text("/notices"), client.text("/account")]

    compare(make, fitting_names(90, 9))
