"""A deputy head with passkeys of a virtual authenticator: added, used to sign in, copied, removed; and without scripts.

A server of its own at ``localhost``, since browsers make no passkeys for an address of numbers.
"""

from __future__ import annotations

import re

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from layout import is_too_wide
from servers import Server
from shots import Shots

from lms.demo.cast import DEPUTY, PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.once]

BUTTON = "main form button:not([type=button])"
PASSKEY = "[data-passkey] button"
AXE = Axe().axe_script


@pytest.fixture(scope="module")
def server(tmp_path_factory, run_folder):
    server = Server(tmp_path_factory.mktemp("passkeys"), None, host="localhost")
    server.make_demo(run_folder)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def add_authenticator():
    """Gives a page a phone with a fingerprint reader; returns the session that steers it, and its id."""

    def add(page, **values):
        session = page.context.new_cdp_session(page)
        session.send("WebAuthn.enable")
        kind = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
        options = kind | {"isUserVerified": True, "automaticPresenceSimulation": True} | values
        return session, session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]

    return add


def enter_password(page):
    page.goto("/login")
    page.fill("[name=username]", DEPUTY)
    page.fill("[name=password]", PASSWORD)
    page.click(BUTTON)


def check(page) -> None:
    """Narrow enough, and nothing for axe to complain of. It needs scripts."""
    assert not is_too_wide(page)
    page.evaluate(AXE)
    found = page.evaluate("axe.run({resultTypes: ['violations'], rules: {'target-size': {enabled: true}}})")
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]] == []


def problems_of(page) -> list[str]:
    found: list[str] = []
    page.on("console", lambda one: found.append(one.text) if one.type == "error" else None)
    page.on("pageerror", lambda one: found.append(str(one)))
    return found


@pytest.mark.parametrize("width", [360, 1280])
def test_from_the_account_page_to_the_sign_in_and_back(open_page, add_authenticator, width):
    shoot, page = Shots(f"passkey-{width}"), open_page(DEPUTY, width=width)
    session, key = add_authenticator(page)
    problems = problems_of(page)
    page.goto("/account/second-factor")
    assert page.is_hidden("[data-without-passkey]")
    shoot(page, "set-up")
    check(page)
    page.click("[data-passkey] button")
    page.fill("[name=name]", "HP saya")
    shoot(page, "add")
    check(page)
    page.click(PASSKEY)
    page.wait_for_selector("#codes")
    shoot(page, "codes")
    codes = page.input_value("#codes").split()
    page.goto("/account/second-factor")
    shoot(page, "state")
    check(page)

    # the same device has one already
    page.click("[data-passkey] button")
    page.click(PASSKEY)
    page.wait_for_selector("[data-passkey] [role=alert]:visible")
    shoot(page, "known")
    check(page)

    page.context.clear_cookies(name="session")
    enter_password(page)
    page.wait_for_url("**/login/second-factor")
    shoot(page, "second")
    check(page)
    assert page.is_hidden("[name=recovery_code]")
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new DOMException('', 'AbortError')); }")
    page.click(PASSKEY)
    page.wait_for_selector("[data-passkey] [role=alert]:visible")
    shoot(page, "cancelled")
    page.reload()
    page.click(PASSKEY)
    page.wait_for_url("**/")

    # what was copied counts less than the site
    page.context.clear_cookies(name="session")
    held = session.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"][0]
    session.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": key})
    session, key = add_authenticator(page)
    session.send("WebAuthn.addCredential", {"authenticatorId": key, "credential": held | {"signCount": 0}})
    enter_password(page)
    page.click(PASSKEY)
    page.wait_for_selector(".note--fail:visible")
    shoot(page, "copied")
    page.click("summary")
    page.fill("[name=recovery_code]", codes[0])
    page.check("[name=remember]")
    page.click(BUTTON)
    page.wait_for_url("**/")

    # a remembered device is asked for it before it is removed
    page.context.clear_cookies(name="session")
    enter_password(page)
    page.wait_for_url("**/")
    page.goto("/account/second-factor")
    page.click("form[action$='/remove'] button")
    shoot(page, "proof")
    check(page)
    page.click("summary")
    page.fill("[name=confirm_recovery_code]", codes[1])
    page.click(BUTTON)
    page.wait_for_url("**/account")
    shoot(page, "removed")
    assert [one for one in problems if not re.search("40[019]|422", one)] == []


@pytest.mark.parametrize("width", [360])
def test_beside_an_app_and_without_scripts(open_page, add_authenticator, width):
    shoot, page = Shots(f"passkey-plain-{width}"), open_page(DEPUTY, width=width)
    add_authenticator(page)
    plain = open_page(DEPUTY, scripts=False, width=width)
    plain.goto("/account/second-factor")
    assert plain.is_visible("[data-without-passkey]")
    assert plain.is_hidden("[data-passkey]")
    shoot(plain, "set-up")
    page.goto("/account/second-factor")
    page.click("[data-passkey] button")
    page.click(PASSKEY)
    page.wait_for_selector("#codes")
    codes = page.input_value("#codes").split()
    plain.goto("/account/second-factor")
    shoot(plain, "state")
    plain.click("summary")
    secret = re.search(r"secret=([A-Z2-7]+)", plain.content())[1]
    plain.fill("[name=code]", pyotp.TOTP(secret).now())
    assert not is_too_wide(plain)
    plain.click("details form button")
    shoot(plain, "proof")
    assert not is_too_wide(plain)
    plain.fill("[name=confirm_recovery_code]", codes[1])
    plain.click(BUTTON)
    plain.wait_for_selector("form[action='/account/second-factor/remove']")
    shoot(plain, "both")

    phone = open_page(width=width)
    add_authenticator(phone)
    enter_password(phone)
    phone.wait_for_url("**/login/second-factor")
    shoot(phone, "either")
    check(phone)
    plain.click("form[action='/account/second-factor/remove'] button")
    plain.wait_for_selector("[name=sealed]", state="attached")  # an app could be set up again

    other = open_page(scripts=False, width=width)
    enter_password(other)
    other.wait_for_url("**/login/second-factor")
    assert other.is_hidden("[data-passkey]")
    assert other.is_visible("[name=recovery_code]")
    assert not is_too_wide(other)
    shoot(other, "second")
    other.click(BUTTON)
    shoot(other, "nothing")
    other.fill("[name=recovery_code]", codes[0])
    other.click(BUTTON)
    other.wait_for_url("**/")
    other.goto("/account/second-factor")
    other.click("form[action$='/remove'] button")
    other.wait_for_url("**/account")


def test_at_another_address_of_the_same_site_the_page_says_where_to_go(open_page, add_authenticator, server):
    page = open_page(width=360)
    add_authenticator(page)
    elsewhere = server.url.replace("localhost", "127.0.0.1")
    page.goto(f"{elsewhere}/login?next=/account/second-factor")
    page.fill("[name=username]", DEPUTY)
    page.fill("[name=password]", PASSWORD)
    page.click(BUTTON)
    page.click("[data-passkey] button")
    page.click(PASSKEY)
    page.wait_for_selector("[data-passkey] [role=alert]:visible")
    assert server.url in page.inner_text("[data-passkey] [role=alert]")
