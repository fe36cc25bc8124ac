"""The privacy page says what is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from factories import NOON, make_person
from test_weight import fetch, wire_size

import lms
from lms.auth.services import settings as session_settings
from lms.auth.services.passwords import set_password
from lms.core import settings
from lms.courses.weight import FOLLOWING_BUDGET
from lms.ops.services.settings import DAYS, WEEKS
from lms.privacy import queries
from lms.privacy.services.settings import CONTROLLER, OFFICER, PURPOSE, RETENTION
from lms.records.services.settings import ISSUER
from lms.roster.services.retention import RETENTION_DAYS

PASSWORD = "kopi pahit di pagi hari"


def change(setting, value) -> None:
    settings.change(setting, value, actor_id=None, now=NOON)


def section(client, name: str) -> str:
    return client.text("/privacy").split(f'id="{name}"')[1].split("</details>")[0]


def test_visitors_find_every_area_with_why_who_and_how_long(client, session):
    page = client.text("/privacy")
    for area in queries.AREAS:
        part = page.split(f'id="{area.name}"')[1].split("</details>")[0]
        assert part.count("<dt>") == part.count("<dd>") == 3
        assert "<dd></dd>" not in part


@pytest.mark.parametrize("path", ["/", "/courses", "/login", "/help", "/verify"])
def test_each_page_leads_to_it(client, session, path):
    assert 'href="/privacy"' in client.text(path)


def test_the_sign_in_page_and_the_account_lead_to_it_in_their_text(client, session):
    assert client.text("/login").split("<footer")[0].count('href="/privacy"') == 1
    client.sign_in(make_person())
    assert 'href="/privacy"' in client.text("/account").split("<footer")[0]


@pytest.mark.parametrize(
    ("setting", "area"),
    [
        (RETENTION_DAYS, "lists"),
        (DAYS, "backups"),
        (WEEKS, "backups"),
        (session_settings.LEARNER_IDLE_DAYS, "sign-ins"),
        (session_settings.LEARNER_DAYS, "sign-ins"),
        (session_settings.OFFICE_IDLE_HOURS, "sign-ins"),
        (session_settings.OFFICE_DAYS, "sign-ins"),
    ],
)
def test_periods_are_those_that_are_enforced(client, session, setting, area):
    assert re.search(rf"\b{setting.default}\b", section(client, area))
    change(setting, 29)
    session.commit()
    assert re.search(r"\b29\b", section(client, area))


def test_what_the_agency_decides_is_shown_and_has_defaults(client, session):
    assert ISSUER.default in client.text("/privacy")
    for setting, text in ((CONTROLLER, "Dinas Satu"), (OFFICER, "Bagian Dua"), (PURPOSE, "Tiga"), (RETENTION, "Empat")):
        change(setting, f"{text} <i>")
    session.commit()
    page = client.text("/privacy")
    for text in ("Dinas Satu", "Bagian Dua", "Tiga", "Empat"):
        assert f"{text} &lt;i&gt;" in page


def test_the_cookies_that_the_site_sets_are_those_on_the_page(app, client, session):
    person = make_person()
    set_password(person, PASSWORD, NOON)
    session.commit()
    answer = client.post_form("/login", username=person.nip, password=PASSWORD)
    names = {header.partition("=")[0] for header in answer.headers.getlist("Set-Cookie")}
    assert names == {"session", "device"}
    page = client.text("/privacy")
    assert set(re.findall(r"<dt><code>(.+?)</code>", page)) == names


def test_scripts_store_nothing_that_the_page_does_not_name(client):
    """What a script keeps on the device is named under "On your device", and the script here."""
    scripts = sorted(Path(lms.__file__).parent.rglob("*.js"))
    using = [
        one.name for one in scripts if re.search(r"localStorage|indexedDB|sessionStorage|caches\.", one.read_text())
    ]
    assert scripts
    assert using == ["editor.js", "held.js", "question.js", "read.js"]
    assert "<code>held</code>" in client.text("/privacy")


def test_the_page_keeps_to_the_weight_of_a_learners_page(client, session):
    client.sign_in(make_person())
    for language in ("id", "en"):
        client.post_form("/language", language=language)
        assert wire_size(fetch(client, "/privacy")) <= FOLLOWING_BUDGET
