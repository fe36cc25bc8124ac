"""What search engines and chats show of a page that is open to visitors."""

from __future__ import annotations

import pytest
from factories import make_course, make_record
from pages import parse

OPEN = [
    "/",
    "/courses",
    "/courses/pelatihan",
    "/login",
    "/help",
    "/help/head",
    "/help/contact",
    "/verify",
    "/verify/{code}",
]


def metas(html: str) -> dict[str, str]:
    found = [one.attrib for one in parse(html).iter("meta")]
    return {one.get("name") or one.get("property", ""): one.get("content", "") for one in found}


@pytest.fixture
def code(session) -> str:
    make_course("pelatihan", title='Pelayanan "Prima"', summary="Melayani dengan <hormat> & cepat.")
    return make_record().code


@pytest.mark.parametrize("path", OPEN)
def test_open_pages_have_a_description_and_a_preview(app, client, code, path):
    said = metas(client.text(path.format(code=code)))
    assert 30 <= len(said["description"]) <= 200
    assert said["og:description"] == said["description"]
    assert said["og:title"]
    image = said["og:image"].removeprefix(app.config["BASE_URL"])
    assert (client.get(image).content_type, client.get(image).status_code) == ("image/png", 200)


def test_a_course_is_previewed_in_its_own_words(client, code):
    said = metas(client.text("/courses/pelatihan"))
    assert (said["og:title"], said["description"]) == ('Pelayanan "Prima"', "Melayani dengan <hormat> & cepat.")


def test_a_preview_of_a_certificate_names_nobody(client, code):
    said = metas(client.text(f"/verify/{code}"))
    assert "Peserta" not in "".join(said.values())


def test_pages_of_people_who_are_signed_in_have_none(client, world):
    assert "og:title" not in metas(client.sign_in(world.learner).text("/courses"))
