"""Help for each role, and whom to ask, on every page."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from factories import NOON, grant, make_admin, make_cohort, make_course, make_person, make_unit

from lms.core import settings
from lms.notices.services import settings as ours
from lms.notices.views.help import TOPICS

TEXTS = Path(__file__).parents[2] / "lms" / "notices" / "templates" / "help"


def set_(**values: str) -> None:
    for name, value in values.items():
        settings.change(settings.registered[f"contact_{name}"], value, actor_id=None, now=NOON)


def whatsapp_text(page: str) -> str:
    link = page[page.index("https://wa.me/") :].split('"')[0].replace("&amp;", "&")
    return parse_qs(urlsplit(link).query)["text"][0]


def test_every_topic_has_a_text_in_both_languages_of_the_same_build():
    for topic in TOPICS:
        texts = [(TEXTS / f"{topic}.{language}.html").read_text() for language in ("id", "en")]
        counts = [[text.count(tag) for tag in ("<h2>", "<li>", "<ol>", "<p>")] for text in texts]
        assert counts[0] == counts[1], topic


@pytest.mark.parametrize(
    ("role", "topics"),
    [
        (None, []),
        ("learner", []),
        ("instructor", ["learner", "instructor"]),
        ("head", ["learner", "head"]),
        ("committee", ["learner", "committee"]),
        ("admin", ["learner", "admin"]),
    ],
)
def test_each_role_finds_its_own_help_first(client, session, role, topics):
    if role:
        person = make_person()
        if role == "instructor":
            grant(person, role, course=make_course())
        elif role == "head":
            grant(person, role, unit=make_unit())
        elif role == "admin":
            grant(person, role)
        elif role == "committee":
            grant(person, role, cohort_id=make_cohort().id)
        client.sign_in(person)
    page = client.text("/help")
    assert [topic for topic in TOPICS if f'href="/help/{topic}"' in page] == topics
    if topics:
        assert f'href="/help/{topics[-1]}" aria-current="page"' in page


@pytest.mark.parametrize("topic", list(TOPICS))
def test_anybody_may_read_any_help_in_either_language(client, session, topic):
    indonesian = client.text(f"/help/{topic}")
    client.post_form("/language", language="en")
    assert client.text(f"/help/{topic}") != indonesian


def test_there_is_no_other_help(client, session):
    assert client.get("/help/base").status_code == 404


@pytest.mark.parametrize("path", ["/", "/courses", "/login", "/verify", "/nowhere"])
def test_every_page_leads_to_whom_to_ask(client, session, path):
    assert f'href="/help/contact?from={path}"' in client.get(path).get_data(as_text=True).replace("%2F", "/")


def test_where_nothing_is_set_it_says_whom_to_ask_and_the_admin_what_to_do(client, app, session):
    page = client.text("/help/contact")
    assert "wa.me" not in page
    assert "BKPSDM" in page
    assert 'href="/admin/settings"' not in page
    assert 'href="/admin/settings"' in app.test_client().sign_in(make_admin()).text("/help/contact")


def test_what_is_set_the_admin_may_change_and_is_not_told_to_write_again(client, session):
    client.sign_in(make_admin())
    assert 'class="note note--wait"' in client.text("/help/contact")
    set_(phone="0951 123456")
    page = client.text("/help/contact")
    assert 'class="note note--wait"' not in page
    assert 'href="/admin/settings"' in page


def test_all_ways_that_are_set_are_shown_and_the_question_is_filled_in(client, session):
    set_(
        name="Contoh Admin",
        role="Bidang Pengembangan",
        hours="Senin sampai Jumat",
        whatsapp="0812 3456 7890",
        phone="0951 123456",
        email="pelatihan@contoh.go.id",
        place="Lantai 2",
    )
    person = make_person(name="Contoh Nama")
    page = client.sign_in(person).text("/help/contact?from=/courses/satu/dua&error=K7QF3M2P")
    for word in ("Contoh Admin", "Bidang Pengembangan", "Senin sampai Jumat", "Lantai 2", "tel:0951123456"):
        assert word in page
    text = whatsapp_text(page)
    assert "http://localhost/courses/satu/dua" in text
    assert "K7QF3M2P" in text
    assert "Contoh Nama" in text
    assert person.nip not in page


@pytest.mark.parametrize(
    "query",
    [
        "from=https://jahat.example/x",
        "from=//jahat.example",
        "from=/\\jahat.example",
        "from=" + "/a" * 300,
        "error=<script>",
        "error=" + "A" * 100,
        "error=%0d%0aSet-Cookie",
    ],
)
def test_nothing_foreign_is_carried_on(client, session, query):
    set_(whatsapp="0812 3456 7890")
    page = client.text(f"/help/contact?{query}")
    assert "jahat" not in page
    assert "/a/a" not in page.replace("%2F", "/").split("<footer")[0]
    assert "AAAA" not in page
    assert "Set-Cookie" not in page
    assert "script>" not in page


@pytest.mark.parametrize(
    ("rule", "bad", "good"),
    [
        (ours.CONTACT_WHATSAPP, "telepon saja", "0812 3456 7890"),
        (ours.CONTACT_PHONE, "x", "(0951) 123456"),
        (ours.CONTACT_EMAIL, "pelatihan", "pelatihan@contoh.go.id"),
        (ours.CONTACT_NAME, "a" * 201, "Contoh Admin"),
        (ours.QUIET_FROM, 24, 20),
        (ours.QUIET_UNTIL, -1, 0),
    ],
    ids=lambda one: getattr(one, "name", None),
)
def test_the_settings_refuse_what_nobody_could_use(app, rule, bad, good):
    assert rule.check(bad)
    assert rule.check(good) is None
    assert rule.check(rule.default) is None
