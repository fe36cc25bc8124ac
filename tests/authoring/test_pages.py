"""The editing pages: what they say, what they refuse, and that nothing is overwritten silently."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta

from authoring_factories import FILES, edit
from factories import NOON, item_of, make_admin, make_enrolment, make_item_context, make_person
from pages import csrf_token

from lms.authoring import policy, services
from lms.authoring.services import checking
from lms.core import settings
from lms.core.db import db
from lms.courses import services as importing
from lms.courses.models import CourseRevision
from lms.learning import services as learning
from lms.quizzes import services as quizzes

BASE = "/teach/courses/kecil"
MODULE = f"{BASE}/edit/01-modul.md"
EXTRA = b"---\ntitle: Lagi\n---\nIsi.\n"
AS_SCRIPT = {"X-Requested-With": "fetch"}


def fields(page: str) -> dict[str, str]:
    """What a browser would send of the page's form."""
    text = re.search(r'<textarea id="source" name="text"[^>]*>\n(.*?)</textarea>', page, re.S)
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.partition("<main")[2]))
    return found | ({"text": text[1].replace("&lt;", "<").replace("&gt;", ">").replace("&#34;", '"')} if text else {})


def save(client, old: str, new: str, path: str = MODULE, **headers):
    sent = fields(client.text(path))
    assert old in sent["text"]
    return client.post(
        path, data=sent | {"text": sent["text"].replace(old, new).replace("\n", "\r\n")}, headers=headers
    )


def published(client, page: str | None = None):
    sent = fields(page or client.text(f"{BASE}/publish"))
    return client.post(f"{BASE}/publish", data=sent)


def test_the_outline_marks_only_what_differs(client, teacher, course):
    page = client.text(f"{BASE}/edit")
    assert "Modul satu" in page
    assert "Diubah" not in page
    save(client, "salah tik", "benar")
    page = client.text(f"{BASE}/edit")
    assert page.count("Diubah") == 1
    assert "Pengajar Satu" in page
    assert f'href="{BASE}/edit"' in client.text(BASE)


def test_the_outline_stands_faults(client, teacher, course):
    edit(course, "01-modul.md", "title: Modul satu", "titel: [")
    page = client.text(f"{BASE}/edit")
    assert "01-modul.md" in page
    assert "kesalahan" in page


def test_a_page_without_a_change_saves_the_same_bytes(client, teacher, course):
    answer = save(client, "salah tik", "salah tik")
    assert answer.status_code == 302
    assert not services.source(course.id).is_draft


def test_the_editor_shows_faults_with_their_line_and_the_item_as_learners_see_it(client, teacher, course):
    page = client.text(MODULE)
    assert '<img src="/teach/courses/kecil/draft/media/' in page.replace('alt="Alur" ', "")
    save(client, "jp: 2", "jp: dua")
    page = client.text(MODULE)
    assert "Baris 4" in page
    assert "jp: dua" in page
    assert "Pratinjau tampil setelah" in page


def test_the_preview_of_a_quiz_has_its_key(client, teacher, course):
    page = client.text(f"{BASE}/edit/02-kuis.md")
    assert "Dua tambah dua?" in page.partition("ed-preview")[2]


def test_a_text_that_cannot_be_rendered_is_refused_by_name(client, teacher, course, monkeypatch):
    monkeypatch.setattr(checking, "PREVIEW_SECONDS", 0)
    assert "terlalu lama diolah" in client.text(MODULE)


def test_hostile_markdown_is_harmless_in_the_preview(client, teacher, course):
    save(client, "salah tik", "<script>alert(1)</script><img src=x onerror=alert(1)>")
    preview = client.text(MODULE).partition("ed-preview")[2].partition("</main>")[0]
    assert "<script>alert" not in preview
    assert "onerror=alert(1)>" not in preview.replace("&gt;", "")


def test_a_stale_form_shows_both_versions_and_saves_what_is_chosen(client, teacher, course):
    sent = fields(client.text(MODULE))
    edit(course, "01-modul.md", "salah tik", "versi rekan", actor_id=make_person(name="Rekan Dua").id)
    db.session.commit()
    page = client.post(MODULE, data=sent | {"text": sent["text"].replace("salah tik", "versi saya")})
    assert page.status_code == 412
    for words in ("Rekan Dua", "versi rekan", "versi saya", "<ins>", "<del>"):
        assert words in page.text
    assert b"versi rekan" in services.source(course.id).files["01-modul.md"].data
    assert client.post(MODULE, data=fields(page.text)).status_code == 302
    db.session.rollback()
    assert b"versi saya" in services.source(course.id).files["01-modul.md"].data


def test_scripts_are_told_412_and_the_time_of_a_save(client, teacher, course, time):
    sent = fields(client.text(MODULE))
    answer = client.post(MODULE, data=sent | {"text": sent["text"] + "Satu."}, headers=AS_SCRIPT)
    assert (answer.status_code, answer.json["saved_at"]) == (200, "12.00")
    again = client.post(MODULE, data=sent | {"text": sent["text"] + "Dua."}, headers=AS_SCRIPT)
    assert (again.status_code, again.json["error"]) == (412, "changed")
    third = client.post(MODULE, data=sent | {"text": "Tiga.", "base": answer.json["base"]}, headers=AS_SCRIPT)
    assert third.status_code == 200


def test_a_text_that_is_too_long_stays_on_the_page(client, teacher, course):
    sent = fields(client.text(MODULE))
    page = client.post(MODULE, data=sent | {"text": "kata " * 50_000})
    assert page.status_code == 422
    assert "kata kata" in page.text
    assert not services.source(course.id).is_draft


def test_an_expired_session_carries_the_text_along(client, teacher, course):
    sent = fields(client.text(MODULE))
    with client.session_transaction() as cookie:
        cookie.pop("_user_id")
    page = client.post(MODULE, data=sent | {"text": "tulisan panjang"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert page.status_code == 401
    assert "tulisan panjang" in page.text


def test_publishing_says_what_changes_then_does_exactly_that(client, teacher, course):
    enrolment = make_enrolment(make_person(), course)
    learning.record_read(enrolment.id, item_of(course, "modul"), now=NOON)
    save(client, "salah tik", "benar")
    page = client.text(f"{BASE}/publish")
    for words in ("Terbitkan revisi 2", "1 materi berubah", "Terbitkan untuk 1 peserta", "tetap tercatat selesai"):
        assert words in page
    assert published(client, page).location == f"{BASE}/revisions"
    assert "Revisi 2 terbit untuk 1 peserta" in client.text(f"{BASE}/revisions")
    assert "benar" in item_of(course, "modul").body_html
    assert published(client, page).location == f"{BASE}/revisions", "a second click"
    assert db.session.query(CourseRevision).count() == 2


def test_a_draft_that_changed_after_the_look_is_shown_again(client, teacher, course):
    save(client, "salah tik", "benar")
    page = client.text(f"{BASE}/publish")
    save(client, "benar", "lain")
    answer = published(client, page)
    assert answer.status_code == 409
    assert "berubah setelah Anda melihatnya" in answer.text
    assert db.session.query(CourseRevision).count() == 1
    assert published(client, answer.text).status_code == 302


def test_errors_block_and_lead_into_the_editor(client, teacher, course):
    save(client, "jp: 2", "jp: dua")
    page = client.text(f"{BASE}/publish")
    assert "Belum dapat diterbitkan" in page
    assert f'href="{MODULE}#line-4"' in page
    assert "<button>Terbitkan" not in page
    token = {"csrf_token": csrf_token(client.text(MODULE))}
    assert client.post(f"{BASE}/publish", data=token | {"digest": "x"}).status_code == 200
    assert db.session.query(CourseRevision).count() == 1


def test_a_changed_key_names_the_attempts_that_it_concerns(client, teacher, course):
    for seed in (1, 2):
        context = make_item_context(make_enrolment(make_person(), course), item_of(course, "kuis"))
        attempt = quizzes.start_attempt(context, seed=seed, now=NOON)
        quizzes.submit_attempt(attempt, now=NOON)
    save(client, "- [ ] Tiga\n- [x] Empat", "- [x] Tiga\n- [ ] Empat", f"{BASE}/edit/02-kuis.md")
    page = client.text(f"{BASE}/publish")
    assert "2 percobaan kuis ini sudah dikumpulkan" in page
    assert "Nilainya tetap sampai Anda menilai ulang kuis" in page
    assert "Kunci atau pilihan berubah: <b>Dua tambah dua?</b>" in page
    offered = published(client, page).location
    assert offered == f"{BASE}/revisions?regrade=kuis"
    address = re.search(r'href="([^"]*/regrade[^"]*)"', client.text(offered))[1]
    assert "kuis" in address and client.get(address).status_code == 200


def test_another_weight_names_those_who_have_a_mark(client, teacher, course):
    context = make_item_context(make_enrolment(make_person(), course), item_of(course, "kuis"))
    quizzes.submit_attempt(quizzes.start_attempt(context, seed=1, now=NOON), now=NOON)
    save(client, "pass: 60", "pass: 80", f"{BASE}/edit/02-kuis.md")
    page = client.text(f"{BASE}/publish")
    assert "1 orang sudah mendapat nilai untuknya" in page
    assert published(client, page).location == f"{BASE}/revisions"


def test_where_the_site_says_so_an_admin_publishes(client, teacher, course):
    settings.change(policy.INSTRUCTORS_PUBLISH, policy.REFUSED, actor_id=None, now=NOON)
    save(client, "salah tik", "benar")
    page = client.text(f"{BASE}/publish")
    assert "admin yang menerbitkan" in page
    assert client.post(f"{BASE}/publish", data=fields(client.text(f"{BASE}/edit/01-modul.md"))).status_code == 403
    client.sign_in(make_admin())
    assert published(client).status_code == 302


def test_discarding_shows_what_is_lost_first(client, teacher, course):
    save(client, "salah tik", "benar")
    page = client.text(f"{BASE}/discard")
    assert "01-modul.md" in page
    assert client.post(f"{BASE}/discard", data=fields(page)).location == f"{BASE}/edit"
    assert not services.source(course.id).is_draft


def test_the_zip_has_the_bytes_of_the_draft(client, teacher, course):
    save(client, "salah tik", "benar")
    with zipfile.ZipFile(io.BytesIO(client.get(f"{BASE}/draft.zip").data)) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    wanted = FILES | {"01-modul.md": FILES["01-modul.md"].replace(b"salah tik", b"benar")}
    assert found == {f"kecil/{name}": data for name, data in wanted.items()}


def test_revisions_are_compared_and_restored(client, teacher, course):
    save(client, "salah tik", "benar")
    published(client)
    page = client.text(f"{BASE}/revisions/1")
    assert re.search(r"<del>.*salah tik.*</del>", page)
    assert re.search(r"<ins>.*benar.*</ins>", page)
    assert client.post(f"{BASE}/revisions/1", data=fields(page)).location == f"{BASE}/publish"
    assert "masuk" not in client.text(f"{BASE}/publish").partition("<main")[2], "nothing came in meanwhile"
    assert published(client).status_code == 302
    assert "salah tik" in item_of(course, "modul").body_html
    assert client.get(f"{BASE}/revisions/1?with=99").status_code == 404


def test_a_revision_that_came_in_after_the_draft_was_begun_is_told(client, teacher, course):
    save(client, "salah tik", "benar")
    revision = importing.import_course("kecil", FILES | {"03-lagi.md": EXTRA}, actor_id=None, now=NOON)
    importing.publish(revision.revision, actor_id=None, now=NOON)
    page = client.text(f"{BASE}/publish")
    assert "sementara itu revisi 2 masuk" in page
    assert "Dihapus" in page, "publishing would take the new item out again"


def test_an_item_that_goes_is_named_with_those_who_have_done_it(client, teacher, course):
    revision = importing.import_course("kecil", FILES | {"03-lagi.md": EXTRA}, actor_id=None, now=NOON).revision
    importing.publish(revision, actor_id=None, now=NOON)
    learning.record_read(make_enrolment(make_person(), course).id, item_of(course, "lagi"), now=NOON)
    assert client.post(f"{BASE}/revisions/1", data=fields(client.text(f"{BASE}/revisions/1"))).status_code == 302
    page = client.text(f"{BASE}/publish")
    assert "Dihapus" in page
    assert "1 orang sudah menyelesaikannya" in page
    assert "Tidak ada lagi di draf" in client.text(f"{BASE}/edit")
    assert published(client, page).status_code == 302


def test_an_item_that_is_moved_says_so_and_no_other(client, teacher, course):
    files = {"03-modul.md" if path == "01-modul.md" else path: data for path, data in FILES.items()}
    moved = importing.import_course("kecil", files, actor_id=None, now=NOON).revision
    page = client.text(f"{BASE}/publish")
    assert page.count("Dipindahkan") == 1
    assert "Dihapus" not in page
    assert f"Terbitkan revisi {moved.number}" in page


def test_others_find_nothing(client, course):
    client.sign_in(make_person())
    for path in ("edit", "edit/01-modul.md", "draft.zip", "discard", "publish", "revisions", "revisions/1"):
        assert client.get(f"{BASE}/{path}").status_code == 404, path


def test_a_file_that_is_not_there_or_no_text_is_not_found(client, teacher, course):
    for path in ("99-tidak.md", "media/alur.svg", "..%2Fcourse.md", "a%00b.md"):
        assert client.get(f"{BASE}/edit/{path}").status_code == 404, path


def test_the_draft_of_another_day_is_told_with_its_day(client, teacher, course):
    edit(course, "01-modul.md", "salah tik", "benar", actor_id=teacher.id, now=NOON - timedelta(days=3))
    assert "20 November 2026" in client.text(MODULE)
    assert csrf_token(client.text(MODULE))


def test_a_draft_that_is_what_learners_see_is_not_checked_before_somebody_asks(client, teacher, course, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("lms.authoring.views.publishing.preview_publication", None)
        page = client.text(f"{BASE}/publish")
        assert "Tidak ada yang perlu diterbitkan" in page
        assert f"{BASE}/publish?check=1" in page
    checked = client.text(f"{BASE}/publish?check=1")
    assert "Tidak ada yang perlu diterbitkan" in checked
    assert "Tetap periksa kursus" not in checked


def test_a_second_click_is_no_other_person(client, teacher, course):
    sent = fields(client.text(MODULE))
    sent["text"] = sent["text"].replace("salah tik", "tik")
    assert [client.post(MODULE, data=sent).status_code for _click in range(2)] == [302, 302]


def test_two_tabs_of_one_person_are_not_two_people(client, teacher, course):
    first, second = (fields(client.text(MODULE)) for _tab in range(2))
    first["text"] = first["text"].replace("salah tik", "tik")
    second["text"] = second["text"].replace("salah tik", "ketik")
    assert client.post(MODULE, data=first).status_code == 302
    answer = client.post(MODULE, data=second)
    assert answer.status_code == 412
    assert "Anda menyimpannya" in answer.text
    assert "Dua orang" not in answer.text
