"""Work that is graded without names: no page leads from a name to an ungraded paper, or back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from html import unescape
from io import BytesIO

import pytest
from assignment_factories import AssignmentWorld, make_assignment_world, make_submission, pdf
from factories import NOON, make_admin, make_enrolment, make_item_context, make_person, make_unit
from openpyxl import load_workbook
from sqlalchemy import select

from lms.assignments.models import AnonymousNumber, Submission
from lms.assignments.queries import anonymity
from lms.assignments.services import grading, releasing
from lms.core import clock
from lms.learning.queries import ItemContext
from lms.notices import texts
from lms.notices.services import events
from lms.objections import services as objecting
from lms.objections.subjects import ObjectionTarget

NEW, HELD, AGAIN, TOLD = "Mikaela Uji Baru", "Bartolomeus Uji Tahan", "Korneles Uji Ulang", "Yuliana Uji Selesai"
HIDDEN = (NEW, HELD, AGAIN)
MOST_PAGES = 90
WALKED = re.compile(
    r"/(teach(/grading.*|/objections.*|/courses/[a-z0-9-]+(/people.*|/gradebook[^.]*|/completions)?)?"
    r"|notices|admin/audit|admin/people/[0-9]+|admin/cohorts/[0-9]+(/people/[0-9]+)?)(?!.*sort=)$"
)
"""Where people and their work are."""


class Anonymous:
    """Four people: with a paper that waits, with a mark that is held, with a mark that was told and contested and a
    second paper, and with a mark that was told."""

    def __init__(self, **content) -> None:
        self.world: AssignmentWorld = make_assignment_world(anonymous=True, marks="together", rubric=[], **content)
        self.world.learner.name = "Orang Lain"  # others are called "Peserta" with a number
        self.contexts = {name: self._enrol(name) for name in (NEW, HELD, AGAIN, TOLD)}
        self.papers: dict[str, list[Submission]] = {}
        for name in (NEW, HELD, AGAIN, TOLD):
            self.hand_in(name)
        for name, points in ((HELD, "61.37"), (AGAIN, "52.18"), (TOLD, "77.41")):
            self.mark(self.papers[name][0], Decimal(points))
        told = [self.papers[AGAIN][0].id, self.papers[TOLD][0].id]
        releasing.release_marks(told, actor_id=self.world.instructor.id, now=clock.now())
        context = self.contexts[AGAIN]
        target = ObjectionTarget(
            context.enrolment_id,
            context.item_revision.item_id,
            f"submission:{self.papers[AGAIN][0].id}",
            score=Decimal("52.18"),
        )
        objecting.contest_mark(target, "Keberatan saya", told_at=NOON, actor_id=context.person_id, now=NOON)
        self.hand_in(AGAIN)

    def _enrol(self, name: str) -> ItemContext:
        person = make_person(name=name, unit=make_unit(f"Dinas {name}", kind="instansi"))
        return make_item_context(make_enrolment(person, self.world.course), self.world.context.item_revision)

    def hand_in(self, name: str) -> Submission:
        number = len(self.papers.setdefault(name, [])) + 1
        paper = make_submission(
            self.world,
            f"Kertas ke-{number}.",
            context=self.contexts[name],
            now=NOON + timedelta(hours=number),
            upload=pdf(f"{name}.pdf"),
        )
        self.papers[name].append(paper)
        return paper

    def mark(self, paper: Submission, points: Decimal) -> None:
        decision = grading.GradeDecision(points=points, feedback="Baik.")
        grading.grade_submission(paper, decision, grader_id=self.world.instructor.id, seen=0, now=clock.now())

    def traces(self, name: str) -> list[str]:
        """What names a paper on a page."""
        papers = [f"/teach/grading/{one.id}" for one in self.papers[name]]
        files = [f"/files/{file.id}" for one in self.papers[name] for file in one.files]
        number = anonymity.hidden_number(self.papers[name][-1])
        return [*papers, *files, *([f"Peserta {number}"] if number is not None else [])]


@pytest.fixture
def anonymous(session, time) -> Anonymous:
    time.now = NOON + timedelta(hours=3)
    return Anonymous()


def pages(client, *first: str) -> Iterator[tuple[str, str]]:
    """The pages that links lead to, as a person sees them: text and addresses, without what every page has."""
    left, seen = list(first), set(first)
    while left:
        path = left.pop(0)
        answer = client.get(path, follow_redirects=True)
        if answer.mimetype != "text/html" or answer.status_code != 200:
            continue
        main = answer.text[answer.text.index("<main") :]
        yield path, f"{re.search('<title>.*?</title>', answer.text, re.S)[0]} {unescape(main)}"
        for link in re.findall(r'href="(/[^"#]*)', unescape(answer.text)):
            if link not in seen and WALKED.match(link):
                assert len(seen) < MOST_PAGES, "the walk has no end"
                seen.add(link)
                left.append(link)


def leaks(anonymous: Anonymous, walk: Iterator[tuple[str, str]]) -> tuple[set[str], set[tuple[str, str, str]]]:
    """The pages seen, and where a name stands beside a trace of the paper."""
    seen, found = set(), set()
    traces = {name: anonymous.traces(name) for name in anonymous.papers}
    for path, page in walk:
        seen.add(path)
        for name, own in traces.items():
            for trace in own:
                if name in page and re.search(rf"{trace}(?![0-9])", page):
                    found.add((path, name, trace))
    return seen, found


def starts(anonymous: Anonymous) -> list[str]:
    course = f"/teach/courses/{anonymous.world.course.slug}"
    own = [f"/teach/grading/{one.id}" for papers in anonymous.papers.values() for one in papers]
    people = [f"{course}/people/{one.enrolment_id}" for one in anonymous.contexts.values()]
    gradebook = [f"{course}/gradebook", *(f"{course}/gradebook?show={one}" for one in ("waiting", "missing", "help"))]
    return ["/teach", "/teach/grading", "/teach/grading?show=graded", "/teach/objections", *gradebook, *people, *own]


@pytest.mark.parametrize("who", ["instructor", "admin"])
def test_no_page_leads_from_a_name_to_a_paper(client, anonymous, session, who):
    """And one does once the mark was told, so the walk would see it."""
    client.sign_in(anonymous.world.instructor if who == "instructor" else make_admin(name="Admin Uji"))
    first = starts(anonymous) + (["/admin/audit"] if who == "admin" else [])
    seen, found = leaks(anonymous, pages(client, *first))
    assert set(starts(anonymous)[4:]) <= seen
    assert {name for _path, name, _trace in found} == {TOLD}
    assert [path for path, name, _trace in found if name in HIDDEN] == []


def test_the_activity_log_does_not_say_to_which_paper_somebody_did_what(client, anonymous):
    page = client.sign_in(make_admin(name="Admin Uji")).text("/admin/audit?kind=submission")
    rows = re.findall(r"<tr>.*?</tr>", page, re.S)
    for name, is_hidden in ((NEW, True), (HELD, True), (AGAIN, True), (TOLD, False)):
        own = [row for row in rows if name in row]
        assert own
        assert {"tugas yang dinilai tanpa nama" in row for row in own} == {is_hidden}


def test_the_activity_log_of_a_person_has_no_paper_without_a_name(client, anonymous):
    client.sign_in(make_admin(name="Admin Uji"))
    for name, is_found in ((NEW, False), (HELD, False), (AGAIN, False), (TOLD, True)):
        log = client.text(f"/admin/audit?name={name.replace(' ', '+')}&verb=mark+submission")
        assert ("menilai tugas" in log.partition("<tbody>")[2]) is is_found, name


def test_a_paper_names_neither_its_author_nor_the_unit_nor_the_hour(client, anonymous):
    client.sign_in(anonymous.world.instructor)
    for name in HIDDEN:
        for paper in anonymous.papers[name]:
            page = client.text(f"/teach/grading/{paper.id}")
            assert name not in page
            assert "13.00" not in page
            assert "14.00" not in page
    queue = client.text("/teach/grading") + client.text("/teach/grading?show=graded")
    assert [name for name in HIDDEN if name in queue] == []
    assert TOLD in queue
    participant = client.text(
        f"/teach/courses/{anonymous.world.course.slug}/people/{anonymous.contexts[NEW].enrolment_id}"
    )
    assert "tanpa nama" in participant
    assert "13.00" not in participant


def test_a_held_mark_is_not_told_beside_the_name(client, anonymous):
    """Neither in the gradebook nor in its file, where a rare number would find the paper."""
    client.sign_in(anonymous.world.instructor)
    address = f"/teach/courses/{anonymous.world.course.slug}/gradebook"
    assert "61,37" not in client.text(address)
    assert "61,37" in client.text(f"/teach/grading/{anonymous.papers[HELD][0].id}")
    book = load_workbook(BytesIO(client.get(f"{address}.xlsx").data))
    cells = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row]
    assert HELD in cells
    assert 61.37 not in cells
    base = {row[4] for row in book["dasar"].iter_rows(min_row=2, values_only=True)}
    assert base == {anonymous.papers[TOLD][0].id}


def test_a_told_mark_is_not_shown_beside_the_number(client, anonymous, session):
    """It stands in the gradebook beside the name. So it is not corrected either until the newer one was told."""
    client.sign_in(anonymous.world.instructor)
    first, second = anonymous.papers[AGAIN]
    path = f"/teach/grading/{first.id}"
    page = client.text(path)
    assert "Kertas ke-1" in page
    assert "52,18" not in page
    assert 'id="mark"' not in page
    assert "52,18" not in client.text(f"/teach/grading/{second.id}")
    with pytest.raises(grading.NewerWorkHasNoName):
        decision = grading.GradeDecision(points=Decimal(60), reason="Keliru")
        grading.grade_submission(first, decision, grader_id=anonymous.world.instructor.id, seen=1, now=clock.now())
    session.rollback()
    anonymous.mark(second, Decimal(80))
    releasing.release_marks([second.id], actor_id=anonymous.world.instructor.id, now=clock.now())
    page = client.text(path)
    assert AGAIN in page
    assert "52,18" in page


def test_files_have_other_names_until_the_mark_is_told(client, anonymous):
    client.sign_in(anonymous.world.instructor)
    names = {
        name: client.get(f"/files/{papers[0].files[0].id}").headers["Content-Disposition"]
        for name, papers in anonymous.papers.items()
    }
    assert [name for name in HIDDEN if name.split()[0] in names[name]] == []
    assert re.fullmatch(r'attachment; filename="Peserta \d+ \(\d+\)\.pdf"', names[NEW])
    assert TOLD in names[TOLD]
    client.sign_in(owner(anonymous))
    assert NEW in client.get(f"/files/{anonymous.papers[NEW][0].files[0].id}").headers["Content-Disposition"]


def owner(anonymous: Anonymous):
    from lms.core.db import db
    from lms.people.models import Person

    return db.session.get_one(Person, anonymous.contexts[NEW].person_id)


def test_an_objection_is_read_without_its_name_and_mark(client, anonymous):
    client.sign_in(anonymous.world.instructor)
    listed = client.text("/teach/objections")
    assert AGAIN not in listed
    page = client.text(re.search(r"/teach/objections/\d+", listed)[0])
    assert "Keberatan saya" in page
    assert AGAIN not in page
    assert "52,18" not in page
    told = [one for one in events.new_events(NOON - timedelta(1), now=clock.now()) if one.kind == "objection-raised"]
    assert told
    assert AGAIN not in str([(one.facts, texts.text_of(one.kind, one.facts)) for one in told])


def test_saving_a_mark_names_nobody_before_it_is_told(client, anonymous):
    client.sign_in(anonymous.world.instructor)
    path = f"/teach/grading/{anonymous.papers[NEW][0].id}"
    answer = client.post_form(path, points="70", seen="0")
    page = client.text(answer.location)
    assert f"Peserta {anonymity.hidden_number(anonymous.papers[NEW][0])}" in page
    assert "70" in page
    assert NEW not in page
    client.sign_in(make_admin(name="Admin Uji"))
    assert client.post_form(path, points="71", seen="1", reason="Keliru").location == path


def test_a_spreadsheet_cannot_mark_what_has_no_name(client, anonymous, session):
    client.sign_in(anonymous.world.instructor)
    address = f"/teach/courses/{anonymous.world.course.slug}/gradebook"
    value = f"{anonymous.papers[NEW][0].id}.0=70"
    answer = client.post_form(f"{address}/marks", page=f"{address}/import", mark=value, reason="Dari kertas")
    page = client.text(answer.location)
    assert "tanpa nama" in page
    assert not anonymous.papers[NEW][0].markings


# The number


def test_a_number_is_drawn_once_for_a_person_and_an_assignment(session):
    world = make_assignment_world(anonymous=True)
    first = make_submission(world)
    number = anonymity.hidden_number(first)
    assert anonymity.hidden_number(make_submission(world, "Lagi.")) == number
    others = {anonymity.hidden_number(make_submission(world, context=world.another_learner())) for _n in range(9)}
    assert len(others | {number}) == 10


def test_numbers_follow_neither_names_nor_the_order_of_handing_in(session):
    world = make_assignment_world(anonymous=True)
    for _n in range(12):
        make_submission(world, context=world.another_learner())
    numbers = session.scalars(select(AnonymousNumber.number).order_by(AnonymousNumber.id)).all()
    assert numbers != sorted(numbers)  # one in 479 million
    assert all(1 <= one <= 99 for one in numbers)


def test_more_people_than_numbers_get_more_numbers(session, monkeypatch):
    monkeypatch.setattr("lms.assignments.services.numbering.MIN_RANGE", 1)
    world = make_assignment_world(anonymous=True)
    numbers = {anonymity.hidden_number(make_submission(world, context=world.another_learner())) for _n in range(5)}
    assert len(numbers) == 5


def test_what_was_handed_in_with_a_name_keeps_it(session):
    world = make_assignment_world()
    assert anonymity.hidden_number(make_submission(world)) is None
    assert session.scalars(select(AnonymousNumber)).all() == []


def test_a_mark_that_is_told_at_once_tells_the_name(client, session):
    world = make_assignment_world(anonymous=True, rubric=[])
    world.learner.name = NEW
    path = f"/teach/grading/{make_submission(world).id}"
    client.sign_in(world.instructor)
    assert NEW not in client.text(path)
    page = client.text(client.post_form(path, points="70", seen="0").location)
    assert NEW in page


def test_work_that_was_returned_stays_without_a_name(client, session):
    world = make_assignment_world(anonymous=True, rubric=[])
    world.learner.name = NEW
    path = f"/teach/grading/{make_submission(world).id}"
    client.sign_in(world.instructor)
    note = {"return-note": "Tambahkan data.", "return-until": "2030-01-01"}
    answer = client.post_form(f"{path}/return", page=path, **note)
    assert answer.status_code == 303
    assert NEW not in client.text(answer.location)
    assert NEW not in client.text(path)


def test_the_newest_paper_decides_for_one_that_was_never_marked(client, session):
    world = make_assignment_world(anonymous=True, rubric=[])
    first = make_submission(world)
    second = make_submission(world, "Lebih baik.")
    assert anonymity.hidden_number(first) is not None
    grading.grade_submission(
        second, grading.GradeDecision(points=Decimal(70)), grader_id=world.instructor.id, seen=0, now=NOON
    )
    assert anonymity.hidden_number(first) is None


def test_the_learner_is_told_before_writing(client):
    world = make_assignment_world(anonymous=True)
    client.sign_in(world.learner)
    assert "tanpa nama" in client.text(world.path)
    plain = make_assignment_world()
    client.sign_in(plain.learner)
    assert "tanpa nama" not in client.text(plain.path)
