"""Today's Chromium as a browser of the list: without the younger interfaces and the younger words of CSS.

Its syntax of scripts stays today's; ``browser_list.py`` holds that.
"""

from __future__ import annotations

import json
from functools import cache

from browsers import support_data
from browsers.style_support import Sheet
from playwright.sync_api import Page, Route

NEEDED_BY_PLAYWRIGHT = {"BigInt", "BigInt64Array", "BigUint64Array"}

TAKE_AWAY = """names => {
    const absent = new Set(names);
    const strip = one => {
        for (const name of Object.getOwnPropertyNames(one)) if (absent.has(name)) delete one[name];
    };
    for (const name of Object.getOwnPropertyNames(window)) {
        if (!/^[A-Z]/.test(name) || absent.has(name)) continue;
        const found = window[name];
        if (found && (typeof found === 'function' || typeof found === 'object')) strip(found);
        if (found && found.prototype) strip(found.prototype);
    }
    strip(window);
}"""

STUCK_TOGETHER = """() => [...document.querySelectorAll(
    '.row, .chips, .tiles, .dots, .run, .foot, .choice, .tell, .pick')]
    .filter(box => box.getClientRects().length && getComputedStyle(box).display.includes('flex')).flatMap(box => {
        const parts = [...box.children].filter(one => one.getClientRects().length && !one.matches('.hidden'))
            .map(one => [one, one.getBoundingClientRect()]).filter(([, at]) => at.width && at.height);
        return parts.slice(1).filter(([one, at], before) => {
            const last = parts[before][1];
            return at.top < last.bottom && last.top < at.bottom && at.left - last.right < 2;
        }).map(([one]) => `${box.className}: ${one.outerHTML.slice(0, 80)}`);
    })"""
"""Neighbours on a line of a flex box with nothing between them."""


@cache
def _as_seen(style: str) -> str:
    """Each page of a journey asks for the same sheets."""
    return Sheet(support_data.read()["css"]).as_seen(style)


def make_older(page: Page) -> None:
    """From its next page on."""
    data = support_data.read()
    absent = [name for name in data["names"] if not name.endswith("_event") and name not in NEEDED_BY_PLAYWRIGHT]
    page.add_init_script(f"({TAKE_AWAY})({json.dumps(absent)})")

    def style(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=_as_seen(answer.text()))

    page.route("**/static/*.css", style)
