"""A form whose session or token is gone keeps its fields through the sign-in, for its owner alone."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from factories import make_person
from pages import csrf_token, parse

from lms.auth.services.passwords import set_password
from lms.core import clock
from lms.people.models import Person
from lms.web import errors, form_recovery

PASSWORD = "kopi pahit di pagi hari"
FORM = "/account/devices/sign-out-others"
"""Any form of a signed-in page will do: all go the same way."""
FROM_HERE = {"Sec-Fetch-Site": "same-origin"}


def make_user() -> Person:
    person = make_person()
    set_password(person, PASSWORD, clock.now())
    return person


def hidden_inputs(answer) -> list[tuple[str, str]]:
    """As a browser reads and sends them: line ends become CR LF again."""
    tree = parse(answer.get_data(as_text=True))
    inputs = [field for field in tree.iter("input") if field.get("type") == "hidden"]
    return [(field.get("name"), field.get("value").replace("\n", "\r\n")) for field in inputs]


def action(answer) -> str:
    return parse(answer.get_data(as_text=True)).find(".//main//form").get("action")


def as_data(pairs) -> dict[str, list[str]]:
    data: dict[str, list[str]] = {}
    for name, text in pairs:
        data.setdefault(name, []).append(text)
    return data


def post(client, fields=(), path=FORM, headers=FROM_HERE, **values):
    return client.post(path, data=as_data(fields) | values, headers=headers)


def sign_in(client, page, nip, password=PASSWORD):
    """Send the sign-in form of ``page`` as it stands, with everything it carries."""
    return client.post(action(page), data=as_data(hidden_inputs(page)) | {"username": nip, "password": password})


def kept_fields(answer) -> list[tuple[str, str]]:
    return [(name, text) for name, text in hidden_inputs(answer) if name not in form_recovery.OWN_FIELDS]


TEXTS = [
    "biasa",
    "",
    "  spasi di tepi  ",
    "baris satu\r\nbaris dua\r\n\r\nbaris empat\r\n",
    "\r\nbaris kosong di depan",
    "tab\tdi tengah",
    "\"kutip\" 'tunggal' <b>tanda</b> & &amp; &lt; &#39;",
    "{{ 7 * 7 }} {% raw %}",
    "é ñ 漢字 😀 \u200b\u00a0|",
    "</textarea><script>alert(1)</script>",
]


@pytest.mark.parametrize("text", TEXTS)
def test_every_sign_survives_the_sign_in(client, text):
    nip = make_user().nip
    page = post(client, [("answer", text)])
    assert page.status_code == 401
    assert kept_fields(sign_in(client, page, nip)) == [("answer", text)]


def test_after_the_sign_in_one_press_sends_it_to_where_it_was_going(client):
    person = make_user()
    nip, elsewhere = person.nip, client.application.test_client().sign_in(person)
    still_here = sign_in(client, post(client), nip)
    assert still_here.status_code == 200
    assert action(still_here) == FORM
    sent = client.post(FORM, data=as_data(hidden_inputs(still_here)))
    assert sent.location == "/account"
    assert client.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302


@pytest.mark.parametrize(
    ("fields", "heading", "button"),
    [
        ([], "Satu ketukan lagi", "Lanjutkan"),
        ([("place", "asas"), ("age", "12"), ("do", "submit"), ("text", " ")], "Satu ketukan lagi", "Lanjutkan"),
        ([("answer", "isi")], "Isian Anda masih ada", "Kirim sekarang"),
    ],
)
def test_only_a_form_with_entries_is_said_to_have_kept_them(client, fields, heading, button):
    answer = sign_in(client, post(client, fields), make_user().nip)
    assert f"<h1>{heading}</h1>" in answer.text and f"{button}</button>" in answer.text
    assert ("Isian" in answer.text) == (button == "Kirim sekarang")
    assert kept_fields(answer) == fields


FILLED_IN = re.compile(r'<(?:input type="hidden"|button)[^>]* name="([a-z_]+)"')
LMS = Path(form_recovery.__file__).parents[1]
ONLY_IN_OFFICES = {"all", "scheduled", "set", "show", "open", "unread"}


def test_what_the_pages_of_learners_fill_in_is_known_as_such():
    packages = ("learning", "quizzes", "assignments", "enrolment", "notices", "objections", "home")
    pages = [path for package in packages for path in (LMS / package / "templates").glob("*.html")]
    names = {name for path in pages for name in FILLED_IN.findall(path.read_text())}
    assert {"do", "number", "turn", "cohort", "notice"} <= names
    assert names - ONLY_IN_OFFICES <= form_recovery.FILLED_BY_THE_PAGE


def test_while_the_site_is_away_a_button_is_pressed_again_and_a_text_is_sent_again(app):
    for fields, said, button in (
        ({"do": "finish", "place": "asas"}, "Tombol yang baru Anda tekan mungkin belum bekerja.", "Tekan lagi"),
        ({"text": "isi"}, "Yang baru Anda kirim mungkin belum tersimpan.", "Kirim lagi"),
    ):
        with app.test_request_context("/courses/a/b", method="POST", data=fields, headers=FROM_HERE):
            page = errors._try_later(30).get_data(as_text=True)
        assert said in page and f"<button>{button}</button>" in page


def test_a_wrong_password_loses_nothing(client):
    nip = make_user().nip
    page = post(client, [("answer", "isi")])
    for _ in range(2):
        page = sign_in(client, page, nip, "bukan itu")
        assert page.status_code == 422
    assert kept_fields(sign_in(client, page, nip)) == [("answer", "isi")]


def test_having_to_wait_loses_nothing(client):
    nip = make_user().nip
    page = post(client, [("answer", "isi")])
    for _ in range(6):
        page = sign_in(client, page, nip, "bukan itu")
    assert page.status_code == 429
    assert ("kept-field-answer", "isi") in hidden_inputs(page)


def test_several_values_of_one_name_stay_in_their_order(client):
    nip = make_user().nip
    fields = [("picked", "c"), ("picked", "a"), ("picked", "b"), ("note", "x")]
    assert kept_fields(sign_in(client, post(client, fields), nip)) == fields


def test_names_that_look_like_ours_are_kept_apart(client):
    nip = make_user().nip
    fields = [("kept-path", "/elsewhere"), ("kept-field-answer", "1"), ("username", "2"), ("next", "3")]
    still_here = sign_in(client, post(client, fields), nip)
    assert kept_fields(still_here) == fields
    assert action(still_here) == FORM


def test_the_address_is_kept_with_its_query(client):
    nip = make_user().nip
    still_here = sign_in(client, post(client, path=FORM + "?week=2&title=a%26b%20%C3%A9"), nip)
    assert action(still_here) == FORM + "?week=2&title=a%26b%20%C3%A9"


def test_a_password_is_never_kept(client):
    page = post(client, [("password", "rahasia-1"), ("new_password", "rahasia-2"), ("answer", "isi")])
    assert "rahasia" not in page.get_data(as_text=True)
    assert ("kept-field-answer", "isi") in hidden_inputs(page)


def test_files_are_asked_for_again(client):
    nip = make_user().nip
    data = {"answer": "isi", "file": (io.BytesIO(b"x"), "tugas.pdf")}
    page = client.post(FORM, data=data, headers=FROM_HERE, content_type="multipart/form-data")
    assert ("kept-files", "1") in hidden_inputs(page)
    again = sign_in(client, page, nip, "bukan itu")
    assert ("kept-files", "1") in hidden_inputs(again)
    still_here = sign_in(client, again, nip)
    assert "note--wait" in still_here.get_data(as_text=True)
    assert kept_fields(still_here) == [("answer", "isi")]


def test_an_empty_file_field_is_no_file(client):
    data = {"answer": "isi", "file": (io.BytesIO(b""), "")}
    page = client.post(FORM, data=data, headers=FROM_HERE, content_type="multipart/form-data")
    assert ("kept-files", "") in hidden_inputs(page)


def test_long_texts_are_kept_and_far_too_long_ones_refused(client):
    nip = make_user().nip
    essay = "kalimat yang panjang. " * 10_000
    assert kept_fields(sign_in(client, post(client, [("answer", essay)]), nip)) == [("answer", essay)]
    assert post(client, [("answer", "é" * 140_000)]).status_code == 413


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "http://localhost.elsewhere.example"},
        {"Origin": "null"},
        {"Referer": "https://elsewhere.example/form"},
        {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
        {},
    ],
)
@pytest.mark.parametrize("is_signed_in", [False, True])
def test_a_form_from_another_site_is_not_kept(client, headers, is_signed_in):
    if is_signed_in:
        client.sign_in(make_person())
    answer = post(client, [("answer", "isi")], headers=headers)
    assert answer.status_code == 400
    assert "isi" not in [text for _name, text in hidden_inputs(answer)]


@pytest.mark.parametrize("headers", [{"Origin": "http://localhost"}, {"Referer": "http://localhost/courses"}])
def test_older_browsers_tell_by_origin_or_referrer(client, headers):
    assert post(client, [("answer", "isi")], headers=headers).status_code == 401


def test_another_account_does_not_get_to_see_or_send_it(client):
    owner, other = make_user(), make_user()
    other_nip, mark = other.nip, form_recovery.owner_mark(owner.id)
    page = post(client, [("answer", "isi rahasia"), ("for", mark)])
    answer = sign_in(client, page, other_nip)
    assert answer.location == "/"
    assert "isi rahasia" not in answer.get_data(as_text=True)


def test_its_owner_gets_it_back(client):
    owner = make_user()
    nip, mark = owner.nip, form_recovery.owner_mark(owner.id)
    page = post(client, [("answer", "isi"), ("for", mark)])
    assert kept_fields(sign_in(client, page, nip)) == [("answer", "isi")]


def test_a_mark_in_strange_letters_is_another_account(client):
    client.sign_in(make_person())
    assert post(client, [("for", "é漢")]).location == "/"


def test_a_stale_token_of_a_signed_in_person_is_confirmed_without_a_sign_in(client):
    client.sign_in(make_person())
    page = post(client, [("answer", "isi"), ("csrf_token", "stale")])
    assert page.status_code == 400
    assert kept_fields(page) == [("answer", "isi")]
    assert client.post(action(page), data=as_data(hidden_inputs(page))).location == "/account"


def test_the_page_of_the_one_before_on_a_shared_computer_sends_nothing(client):
    first, second = make_user(), make_user()
    mark, second_nip = form_recovery.owner_mark(first.id), second.nip
    client.sign_in(first)
    old = csrf_token(client.get("/account").get_data(as_text=True))
    client.post_form("/logout")
    client.post_form("/login", username=second_nip, password=PASSWORD)
    assert post(client, [("csrf_token", old), ("for", mark), ("answer", "isi")]).location == "/"


@pytest.mark.parametrize(
    "path", ["https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example", "/\t/elsewhere.example", "x"]
)
def test_kept_fields_are_never_sent_elsewhere(client, path):
    nip = make_user().nip
    page = client.get("/login")
    data = as_data(hidden_inputs(page)) | {"kept-path": path, "kept-field-answer": "isi"}
    answer = client.post("/login", data=data | {"username": nip, "password": PASSWORD})
    assert answer.location == "/"


def test_a_sign_in_that_came_too_late_is_just_shown_again(client):
    answer = post(client, path="/login", username="199001012015031001", password=PASSWORD)
    assert answer.status_code == 400
    assert not [name for name, _text in hidden_inputs(answer) if name.startswith(form_recovery.PREFIX)]
    page = answer.get_data(as_text=True)
    assert 'value="199001012015031001"' in page
    assert PASSWORD not in page


def test_a_sign_in_that_came_too_late_still_carries_what_was_kept(client):
    nip = make_user().nip
    page = post(client, [("answer", "isi")])
    with client.session_transaction() as session:
        session.clear()
    late = client.post(
        "/login", data=as_data(hidden_inputs(page)) | {"username": nip, "password": PASSWORD}, headers=FROM_HERE
    )
    assert late.status_code == 400
    assert kept_fields(sign_in(client, late, nip)) == [("answer", "isi")]


def test_who_signed_in_in_another_tab_meanwhile_goes_straight_on(client):
    nip = make_user().nip
    page = post(client, [("answer", "isi")])
    client.post_form("/login", username=nip, password=PASSWORD)
    answer = client.post(
        "/login", data=as_data(hidden_inputs(page)) | {"username": nip, "password": PASSWORD}, headers=FROM_HERE
    )
    assert kept_fields(answer) == [("answer", "isi")]


def test_a_password_that_must_be_set_first_loses_nothing(client):
    person = make_user()
    person.must_change_password = True
    nip = person.nip
    page = sign_in(client, post(client, [("answer", "isi")]), nip)
    assert action(page) == "/account/new-password"
    another = "perahu layar di laut biru"
    unequal = as_data(hidden_inputs(page)) | {"new_password": another, "again": "lain"}
    page = client.post(action(page), data=unequal)
    assert page.status_code == 422
    data = as_data(hidden_inputs(page)) | {"new_password": another, "again": another}
    assert kept_fields(client.post(action(page), data=data)) == [("answer", "isi")]


def test_a_script_is_told_in_its_own_language(client):
    headers = {"X-Requested-With": "fetch"}
    answer = post(client, [("answer", "isi")], headers=headers)
    assert (answer.status_code, answer.json) == (401, {"error": "signed-out"})
    client.sign_in(make_person())
    assert post(client, headers=headers).json == {"error": "token"}
