"""What is wrong in a form stands at the top of the page, linked to its field (``pages.py`` checks this everywhere)."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from assignment_factories import make_assignment_world
from pages import parse
from test_access import addresses

import lms

ROLES = ("visitor", "learner", "head", "instructor", "agency admin", "admin")
TYPED = {"text", "email", "tel", "search", "date", "number", "password", "url", None}
HERE = {"Sec-Fetch-Site": "same-origin"}
LONG = "ä" * 5000


def summary_of(html: str) -> Element | None:
    return parse(html).find(".//*[@id='errors']")


def links(html: str) -> dict[str, str]:
    """The label of each field at fault, by its id."""
    found = summary_of(html)
    assert found is not None
    return {link.get("href", "").removeprefix("#"): "".join(link.itertext()) for link in found.iter("a")}


def filled(form: Element, typed: str) -> dict[str, list[str]]:
    """What the form sends with ``typed`` in each field that one types in; nothing is chosen or ticked."""
    data: dict[str, list[str]] = {}
    for field in form.iter():
        name = field.get("name")
        if not name or field.tag not in {"input", "textarea"}:
            continue
        if field.get("type") == "hidden":
            data.setdefault(name, []).append(field.get("value") or "")
        elif field.tag == "textarea" or field.get("type") in TYPED:
            data.setdefault(name, []).append(typed)
    return data


def is_typed_in(form: Element) -> bool:
    return form.get("method") == "post" and any(
        one.tag == "textarea" or (one.tag == "input" and one.get("type") in TYPED) for one in form.iter()
    )


@pytest.mark.slow
@pytest.mark.once
def test_every_form_of_the_site_lists_its_errors(app, full_world):
    """Each form in which one types is sent empty and overfull; what comes back is checked as every page is."""
    refused: set[str] = set()
    for role in ROLES:
        client = app.test_client()
        person = full_world.people[role]
        for (method, endpoint), address in addresses(app, full_world):
            if method != "GET" or endpoint in {"auth.logout", "static"}:
                continue
            if person is not None:
                client.sign_in(person)  # one of the forms may have signed out
            page = client.get(address)
            if page.mimetype != "text/html" or page.status_code != 200:
                continue
            for form in filter(is_typed_in, parse(page.text).iter("form")):
                target = form.get("action") or address
                for typed in ("", LONG):
                    answer = client.post(target, data=filled(form, typed), headers=HERE)
                    assert answer.status_code < 500, (role, target)
                    if answer.status_code == 422:
                        assert summary_of(answer.text) is not None, (role, target)
                        refused.add(target)
    assert len(refused) >= 20, sorted(refused)


def test_no_template_prints_an_error_past_the_list():
    templates = Path(lms.__file__).parent.rglob("templates/**/*.html")
    assert not [path.name for path in templates if re.search(r"errors\[0\]|form_errors", path.read_text())]


def test_an_error_is_listed_first_with_the_focus_and_leads_to_its_field(client, full_world):
    client.sign_in(full_world.people["learner"])
    page = client.post_form("/account/notices", phone="nomor").text
    assert set(links(page)) == {"phone"}
    main = parse(page).find(".//main")
    assert main is not None
    summary = main.find("*")
    assert summary is not None
    assert summary.get("id") == "errors"
    assert (summary.get("role"), summary.get("tabindex")) == ("alert", "-1")
    assert summary.get("autofocus") is not None


def test_an_error_of_a_whole_form_leads_to_the_form(client, session):
    world = make_assignment_world()
    client.sign_in(world.learner)
    address = f"/courses/{world.context.course_slug}/{world.context.item_revision.slug}"
    answer = client.post_form(address, do="submit", text="")
    assert answer.status_code == 422
    assert set(links(answer.text)) == {"work"}
    assert not summary_of(client.get(address).text)


def test_an_assignment_does_not_say_that_nothing_was_changed(client, session):
    """A file that is refused leaves the text in the draft."""
    world = make_assignment_world()
    client.sign_in(world.learner)
    address = f"/courses/{world.context.course_slug}/{world.context.item_revision.slug}"
    answer = client.post_form(address, do="submit", text="x" * 9000)
    assert set(links(answer.text)) == {"text"}
    assert "Belum ada yang diubah" not in answer.text
