"""A deputy head with an authenticator app on a phone: set up, signed in with a recovery code, remembered, removed."""

from __future__ import annotations

import re

import pyotp
import pytest
from layout import is_too_wide
from shots import Shots

from lms.demo.cast import DEPUTY, PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.once]


def enter_password(page):
    page.goto("/login")
    page.fill("[name=username]", DEPUTY)
    page.fill("[name=password]", PASSWORD)
    page.click("main form button:not([type=button])")


@pytest.mark.parametrize("scripts", [False, True], ids=["plain", "scripts"])
def test_from_the_account_page_and_back(open_page, scripts):
    shoot, page = Shots(f"second-step-{scripts}"), open_page(DEPUTY, scripts=scripts)
    page.goto("/account")
    shoot(page, "account")
    page.click("a[href='/account/second-factor']")
    shoot(page, "set-up")
    assert not is_too_wide(page)
    secret = re.search(r"secret=([A-Z2-7]+)", page.content())[1]
    page.fill("[name=code]", "000000")
    page.click("main form button:not([type=button])")
    shoot(page, "wrong")
    page.fill("[name=code]", pyotp.TOTP(secret).now())
    page.click("main form button:not([type=button])")
    shoot(page, "codes")
    assert not is_too_wide(page)
    codes = page.input_value("#codes").split()
    page.click("main a.button")
    phone = open_page(scripts=scripts)
    enter_password(phone)
    shoot(phone, "second")
    assert not is_too_wide(phone)
    phone.click("summary")
    phone.fill("[name=recovery_code]", codes[0])
    phone.check("[name=remember]")
    shoot(phone, "recovery")
    phone.click("main form button:not([type=button])")
    phone.wait_for_url("**/")
    phone.context.clear_cookies(name="session")
    enter_password(phone)
    phone.wait_for_url("**/")
    phone.goto("/account/second-factor")
    shoot(phone, "state")
    phone.click("form[action='/account/second-factor/remove'] button")
    shoot(phone, "proof")  # a remembered device has not given it
    phone.click("summary")
    phone.fill("[name=confirm_recovery_code]", codes[1])
    phone.click("main form button:not([type=button])")
    phone.wait_for_url("**/account")
    shoot(phone, "removed")
