"""A workshop in a hall where a phone has no line: the code is typed, waits, and is sent."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from lms.demo.cast import INSTRUCTOR, LEARNERS

SESSION = "/courses/lokakarya-loket/bertemu"
ATTENDANCE = "/teach/courses/lokakarya-loket/attendance/bertemu"


def test_a_code_that_is_typed_without_a_line_is_sent_once_there_is_one(open_page, ask_database):
    ask_database("DELETE FROM attendance_mark WHERE meeting = 2")  # of a first try
    screen = open_page(INSTRUCTOR, scripts=False, width=1280)
    screen.goto(ATTENDANCE)
    screen.get_by_role("link", name=re.compile("pukul 13.00")).click()
    screen.get_by_role("link", name=re.compile("kode")).click()
    if screen.get_by_role("button", name="Buka pencatatan").is_visible():
        screen.get_by_role("button", name="Buka pencatatan").click()
    code = screen.get_by_label("Kode kehadiran").inner_text()
    phone = open_page(LEARNERS[8])
    phone.goto(SESSION)
    phone.context.set_offline(True)
    phone.get_by_label("Kode kehadiran").fill(code)
    phone.get_by_role("button", name="Saya hadir").click()
    expect(phone.get_by_text("Tersimpan di perangkat ini")).to_be_visible()
    phone.context.set_offline(False)
    phone.evaluate("dispatchEvent(new Event('online'))")
    expect(phone.get_by_text("Anda tercatat hadir di pertemuan 2.")).to_be_visible()
    screen.goto(ATTENDANCE)
    expect(screen.get_by_text("1 dari 9 hadir")).to_be_visible()
