"""A question kind and an item type that only the tests have go all the way: check, publish, answer, mark, complete."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, cast

import pytest
from factories import NOON, make_enrolment, make_person
from flask import redirect, request
from toys.tally import Tally
from toys.visit import Visit

from lms.content.items.base import Item, item_types
from lms.content.markdown.problems import term
from lms.content.questions.base import kinds
from lms.core import clock
from lms.core.db import db
from lms.core.hooks import check_all_are_connected
from lms.courses import queries as courses
from lms.courses import services
from lms.courses.services import CourseHasProblems
from lms.learning import queries as learning
from lms.learning import services as results
from lms.learning.models import Completion
from lms.learning.views import items
from lms.quizzes.models import Answer, Attempt
from lms.web.form_recovery import form_tokens

FILES = {
    "course.md": "---\ntitle: Kursus contoh\nsummary: Contoh.\n---\nContoh.\n",
    "01-bacaan.md": "---\ntitle: Bacaan\nid: bacaan\n---\nHitung.\n\n"
    "```question {#cek}\nBerapa kaki laba-laba?\n\n~ 8\n```\n",
    "02-kuis.md": "---\ntitle: Kuis\nid: kuis\ntype: quiz\n---\n"
    "## Berapa hari seminggu? {#hari points=2}\n\n~ 7\n\n> Satu minggu tujuh hari.\n\n"
    "## Berapa bulan setahun? {#bulan type=tally near=1}\n\n~ 12\n\n"
    "## Mana yang genap? {#genap}\n\n- [x] dua\n- [ ] tiga\n",
    "03-kunjungan.md": "---\ntitle: Kunjungan loket\nid: kunjungan\ntype: visit\nvenue: Aula contoh\n---\n"
    "Datang *tepat waktu*.\n",
}


def as_bytes(files: dict[str, str]) -> dict[str, bytes]:
    return {path: text.encode() for path, text in files.items()}


def show_visit(access: Any) -> Any:
    visit, context = cast(Visit, courses.item_content(access.item.item_revision_id)), learning.item_context(access)
    if request.method == "POST":
        results.record_read(context.enrolment_id, context.item_revision, now=clock.now())
        db.session.commit()
        return redirect("/courses/kursus-contoh")
    form = f'<form method="post">{form_tokens()}<button>Sudah datang</button></form>'
    return (
        "<!doctype html><html lang=id><head><meta charset=utf-8><title>Kunjungan</title></head><body><main>"
        f"<h1>{visit.title}</h1><p>{visit.venue}</p>{context.item_revision.body_html}{form}</main></body></html>"
    )


@pytest.fixture
def toys() -> Iterator[None]:
    kinds.register(Tally)
    item_types.register(Visit)
    items.item_views.register("visit", show_visit)
    yield
    kinds.unregister(Tally)
    item_types.unregister(Visit)


def publish(files: dict[str, str]) -> Any:
    revision = services.import_course("kursus-contoh", as_bytes(files), actor_id=None, now=NOON).revision
    services.publish(revision, actor_id=None, now=NOON)
    db.session.commit()
    return revision


@pytest.fixture
def learner(session: Any, toys: None, client: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    revision = publish(FILES)
    person = make_person()
    make_enrolment(person, revision.course)
    db.session.commit()
    client.sign_in(person)
    return person


def test_their_faults_are_told_at_check(toys: None) -> None:
    wrong = {
        **FILES,
        "02-kuis.md": FILES["02-kuis.md"].replace("~ 7", "~ tujuh").replace("near=1", "near=x"),
        "03-kunjungan.md": FILES["03-kunjungan.md"].replace("venue", "vanue"),
    }
    with pytest.raises(CourseHasProblems) as refused:
        services.check("kursus-contoh", as_bytes(wrong), jp_minutes=45)
    assert [str(problem).partition(";")[0] for problem in refused.value.problems] == [
        "02-kuis.md:8:1: no whole number follows",
        "02-kuis.md:12:50: “x” is not a number",
        "03-kunjungan.md:1:1: “venue” is missing",
        "03-kunjungan.md:5:1: the key “vanue” is not known here",
    ]


def test_without_them_the_same_course_is_refused() -> None:
    with pytest.raises(CourseHasProblems) as refused:
        services.check("kursus-contoh", as_bytes(FILES), jp_minutes=45)
    told = [str(problem).partition(";")[0] for problem in refused.value.problems]
    assert "03-kunjungan.md:4:7: “visit” is not one of the choices" in told
    assert "02-kuis.md:12:39: “tally” is not one of the choices" in told


def test_a_question_of_the_kind_stands_in_a_module(learner: Any, client: Any) -> None:
    page = client.get("/courses/kursus-contoh/bacaan").get_data(as_text=True)
    assert '<input id="cek-count" name="count"' in page
    assert "<p><b>Jawaban:</b> 8</p>" in page
    answered = client.post_form("/courses/kursus-contoh/bacaan", check="cek", count="8").get_data(as_text=True)
    assert 'data-verdict="right"' in answered
    assert '<input id="cek-count" name="count" value="8"' in answered


def test_the_contents_show_the_icon_of_each_type(learner: Any, client: Any) -> None:
    page = client.get("/courses/kursus-contoh").get_data(as_text=True)
    assert page.count(f'<path d="{Visit.icon}"/>') == 1
    assert page.count('<svg class="icon"') == 3


def test_a_type_without_an_icon_is_refused() -> None:
    with pytest.raises(TypeError, match="Plain has no icon"):

        class Plain(Item):
            type = "plain"
            label = term("Plain")


def test_they_are_answered_marked_and_completed(learner: Any, client: Any) -> None:
    client.post_form("/courses/kursus-contoh/bacaan")
    attempt = client.post_form("/courses/kursus-contoh/kuis").location.rpartition("/")[0]
    refused = client.post_form(f"{attempt}/1", count="tujuh", go="next")
    assert refused.status_code == 422
    assert 'value="tujuh"' in refused.get_data(as_text=True)
    assert 'aria-describedby="stem complaint"' in refused.get_data(as_text=True)
    for position, values in enumerate([{"count": "7"}, {"count": "11"}, {"picked": "a"}], start=1):
        assert client.post_form(f"{attempt}/{position}", go="next", **values).status_code == 302
    assert {one.question: one.response for one in db.session.query(Answer)} == {
        "hari": {"count": 7},
        "bulan": {"count": 11},
        "genap": {"picked": ["a"]},
    }
    assert 'value="7"' in client.get(f"{attempt}/1").get_data(as_text=True)
    client.post_form(f"{attempt}/3", go="overview", picked="a")
    client.post_form(f"{attempt}/submit", page=attempt)
    done = db.session.query(Attempt).one()
    assert (done.points, done.most_points) == (Decimal("3.50"), Decimal("4.00"))
    assert '<p class="tally">11 / 12</p>' in client.get(f"{attempt}/review").get_data(as_text=True)
    assert "Aula contoh" in client.get("/courses/kursus-contoh/kunjungan").get_data(as_text=True)
    client.post_form("/courses/kursus-contoh/kunjungan")
    assert db.session.query(Completion).one().score == Decimal("87.50")


def test_they_are_exported_byte_for_byte(learner: Any) -> None:
    course = courses.course("kursus-contoh")
    assert course
    revision = courses.latest_revision(course.id)
    assert revision
    assert services.source_files(revision) == as_bytes(FILES)


def test_a_site_without_the_type_still_shows_the_course(learner: Any, client: Any) -> None:
    item_types.unregister(Visit)
    hidden = items.item_views.unregister("visit")
    try:
        courses.contents.cache_clear()
        courses.item_content.cache_clear()
        assert client.get("/courses/kursus-contoh").status_code == 200
        page = client.get("/courses/kursus-contoh/kunjungan")
        assert page.status_code == 200
        assert "Aula contoh" not in page.get_data(as_text=True)
    finally:
        item_types.register(Visit)
        items.item_views.register("visit", hidden)


def test_an_application_without_a_view_for_a_type_does_not_start() -> None:
    class Unshown(Visit):
        type = "unshown"

    item_types.register(Unshown)
    try:
        with pytest.raises(RuntimeError, match=r"item_views\[unshown\]"):
            check_all_are_connected()
    finally:
        item_types.unregister(Unshown)


def test_a_name_is_taken_once() -> None:
    class Other(Tally):
        kind = "choice"

    with pytest.raises(ValueError, match="registered twice"):
        kinds.register(Other)
