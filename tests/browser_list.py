"""``python tests/browser_list.py`` holds the site's styles and scripts to the browsers of ``support_data.BROWSERS``.

The parsers are tinycss2 and tree-sitter, the data are MDN's; docs/decisions/0014-the-browser-list.md says why no
linter of the npm registry is used. It prints ``file:line: what needs which version`` and fails if there is anything
to print.
"""

from __future__ import annotations

import sys
from pathlib import Path

from browsers import support_data
from browsers.script_support import Script
from browsers.style_support import Sheet

STATIC = Path(__file__).resolve().parents[1] / "lms" / "web" / "static"

STYLE_NICETIES = {
    "properties.color-scheme": "fields and scroll bars stay light beside a dark page",
    "properties.text-wrap": "a heading breaks where it is full",
    "properties.text-underline-offset": "underlines stand closer",
    "properties.text-decoration-thickness": "underlines are as thick as the browser draws them",
    "properties.accent-color": "boxes and circles have the browser's colour",
    "properties.cursor": "a phone has no pointer",
    "properties.resize": "a phone has no corner to drag",
    "properties.font-family.ui-monospace": "the next font of the list is taken",
    "at-rules.page": "the browser's own margins",
    "at-rules.media.forced-colors": "contrast themes look as the browser makes them",
    "properties.forced-color-adjust": "as above",
    "properties.page": "the board prints upright, where Chrome makes it smaller",
    "properties.break-after.avoid": "a heading may stand last on a sheet",
    ":focus-visible": "95-older.css outlines what has the focus",
    ".row:has(> h1)": "a heading stands closer to what follows",
    ".choice:has(:checked)": "the circle or box shows the choice",
    "[data-verdict=right] .choice:has(:checked)": "what is said below says it in words",
    "[data-verdict=wrong] .choice:has(:checked)": "what is said below says it in words",
    ".choice:has(input:not(:checked)) + .only:not(:has(.field--error))": "the fields of other choices are shown too",
    "html:has(.grade__end)": "a jump may end beneath the bar",
}
SCRIPT_NICETIES = {
    **dict.fromkeys(("turn", "login", "hide", "seconds"), "a name of our own"),
    "clipboard": "where it throws, the script copies otherwise",
    "writeText": "where it throws, the script copies otherwise",
    **dict.fromkeys(("dataavailable_event", "stop_event"), "of a MediaRecorder: without one there is no button"),
    "beforeunload_event": "Safari on phones never asks; what was typed is sent when the page is hidden",
}


def styles() -> dict[Path, str]:
    return {path: path.read_text() for path in sorted(STATIC.glob("css/**/*.css"))}


def scripts() -> dict[Path, str]:
    return {path: path.read_text() for path in sorted(STATIC.glob("js/**/*.js"))}


def problems() -> list[str]:
    data = support_data.read()
    found = []
    sheet = Sheet(data["css"], STYLE_NICETIES)
    joined, starts = "", []
    for path, text in styles().items():
        starts.append((joined.count("\n"), path))
        joined += text.rstrip("\n") + "\n"
    for problem in sheet.check(joined):
        line, _, what = problem.partition(": ")
        start, path = max(one for one in starts if one[0] < int(line))
        found.append(f"{path.relative_to(STATIC)}:{int(line) - start}: {what}")
    script = Script(data["syntax"], data["names"], SCRIPT_NICETIES)
    for path, text in scripts().items():
        found += [f"{path.relative_to(STATIC)}:{problem}" for problem in script.check(text)]
    found += [f"{name}: named as a nicety, and nothing asks for it" for name in sorted(sheet.unused | script.unused)]
    return found


if __name__ == "__main__":
    found = problems()
    print("\n".join(found), end="\n" if found else "")
    sys.exit(bool(found))
