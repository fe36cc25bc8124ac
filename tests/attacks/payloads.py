"""Texts that run a script wherever escaping fails: ways out of a context × ways to run code × ways to write it.

Each calls ``sentinel()`` if it is ever interpreted; nothing on the site has that name.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from html import escape
from urllib.parse import quote

CALL = "sentinel()"

WAYS_OUT = {
    "text": "",
    "double-quoted attribute": '">',
    "single-quoted attribute": "'>",
    "unquoted attribute": " >",
    "title": "</title>",
    "textarea": "</textarea>",
    "style": "</style>",
    "script": "</script>",
    "select": "</option></select>",
    "noscript": "</noscript>",
    "comment": "-->",
    "cdata": "]]>",
    "svg": "</svg>",
    "details": "</summary></details>",
    "table": "</td></tr></table>",
    "backtick": "`>",
    "mixed quotes": "\"'`><!--",
}
"""What closes the place that a text stands in, by the name of that place."""

ELEMENTS = (
    "<script>{call}</script>",
    "<SCRIPT >{call}</SCRIPT >",
    "<script/x>{call}</script>",
    "<script\n>{call}</script>",
    "<scr<script>ipt>{call}</scr</script>ipt>",
    "<<script>{call}//<</script>",
    '<script src="data:text/javascript,{call}"></script>',
    "<img src=x onerror={call}>",
    "<img src=x onerror='{call}'>",
    "<img/src=x/onerror={call}>",
    "<img src=x\tonerror\n=\r{call}>",
    '<img src=\'x"\' onerror="{call}">',
    '<img srcset="x 1x" onerror="{call}">',
    "<image src=x onerror={call}>",
    "<svg onload={call}>",
    "<svg/onload={call}//",
    "<svg><script>{call}</script></svg>",
    "<svg><script href='data:text/javascript,{call}'/></svg>",
    "<svg><a xlink:href='javascript:{call}'><text y=20>x</text></a></svg>",
    "<svg><animate onbegin={call} attributeName=x dur=1s>",
    "<svg><set attributeName=href to='javascript:{call}'/></svg>",
    "<svg><foreignObject><body onload={call}></foreignObject></svg>",
    "<svg><use href='data:image/svg+xml,<svg id=x onload={call}></svg>#x'/></svg>",
    '<svg></p><style><a id="</style><img src=1 onerror={call}>">',
    '<math><mtext></p><mglyph><svg><mtext><style><img title="</style><img src=x onerror={call}>">',
    "<math><annotation-xml encoding=text/html><img src=x onerror={call}></annotation-xml></math>",
    "<math href='javascript:{call}'>x</math>",
    "<math><mi xlink:href='javascript:{call}'>x</mi></math>",
    "<iframe src='javascript:{call}'></iframe>",
    "<iframe srcdoc='<script>parent.{call}</script>'></iframe>",
    "<object data='javascript:{call}'></object>",
    "<embed src='javascript:{call}'>",
    "<body onload={call}>",
    "<body onpageshow={call}>",
    "<frameset onload={call}>",
    "<input autofocus onfocus={call}>",
    "<textarea autofocus onfocus={call}></textarea>",
    "<select autofocus onfocus={call}></select>",
    "<button autofocus onfocus={call}>x</button>",
    "<div tabindex=0 autofocus onfocus={call}>x</div>",
    "<details open ontoggle={call}><summary>x</summary></details>",
    "<video src=x onerror={call}></video>",
    "<video><source onerror={call}></video>",
    "<audio src=x onerror={call}></audio>",
    "<marquee onstart={call}>x</marquee>",
    "<style>@keyframes x{{}}</style><b style='animation-name:x' onanimationstart={call}>x</b>",
    "<b style='width:expression({call})'>x</b>",
    "<b onmouseover={call} onclick={call} onpointerover={call}>x</b>",
    "<a href='javascript:{call}'>x</a>",
    "<a href='java&#9;script:{call}'>x</a>",
    "<a href='java&NewLine;script&colon;{call}'>x</a>",
    "<a href='&#106;&#x61;vascript:{call}'>x</a>",
    "<a href='\x01javascript:{call}'>x</a>",
    "<a href='JaVaScRiPt:{call}'>x</a>",
    "<a href='vbscript:{call}'>x</a>",
    "<a href='data:text/html,<script>{call}</script>'>x</a>",
    "<a href='//\u0000javascript:{call}'>x</a>",
    "<form action='javascript:{call}'><button>x</button></form>",
    "<button formaction='javascript:{call}'>x</button>",
    "<isindex action='javascript:{call}' type=image>",
    "<base href='javascript:/a/-{call}//'>",
    "<link rel=stylesheet href='data:text/css,*{{background:url(javascript:{call})}}'>",
    "<link rel=import href='data:text/html,<script>{call}</script>'>",
    "<meta http-equiv=refresh content='0;url=javascript:{call}'>",
    "<template><script>{call}</script></template>",
    "<template shadowrootmode=open><img src=x onerror={call}></template>",
    '<noscript><p title="</noscript><img src=x onerror={call}>">',
    '<xmp><p title="</xmp><img src=x onerror={call}>">',
    "<listing>&lt;img onerror={call} src=x&gt;</listing>",
    "<plaintext><img src=x onerror={call}>",
    "<table background='javascript:{call}'><tr><td>x</table>",
    "<x onclick={call} contenteditable onbeforeinput={call}>x</x>",
    "<p id=sentinel name=location onload={call}>x</p>",
    "<dialog open onclose={call}><form method=dialog><button>x</button></form></dialog>",
    "<?xml-stylesheet href='javascript:{call}'?><img src=x onerror={call}>",
    "<![CDATA[<img src=x onerror={call}>]]>",
    "<!--[if gte IE 4]><script>{call}</script><![endif]-->",
    "<!--><img src=x onerror={call}>-->",
    "<img src=x:x onerror=eval(name) name={call}>",
)
"""Markup that runs ``{call}`` by itself, or when somebody looks at it, points to it or presses it."""

ATTRIBUTES = (
    '" onmouseover="{call}',
    "' onmouseover='{call}",
    '" autofocus onfocus="{call}" x="',
    '" onload="{call}" onerror="{call}" src="x',
    '" href="javascript:{call}" x="',
    '" style="animation:x" onanimationstart="{call}',
    '" formaction="javascript:{call}',
    " onpointerenter={call} ",
    '\n"\nonclick\n=\n"{call}',
    'x" srcdoc="<script>parent.{call}</script>',
)
"""Ends of an attribute's value that begin another attribute."""

ADDRESSES = (
    "javascript:{call}",
    " javascript:{call}",
    "java\tscript:{call}",
    "java\nscript:{call}",
    "\x01javascript:{call}",
    "JAVASCRIPT:{call}",
    "javascript&colon;{call}",
    "javascript&#58;{call}",
    "&#106avascript:{call}",
    "%6aavascript:{call}",
    "javascript:/*--></title></style></textarea></script><svg/onload='+/\"/+/onmouseover=1/+/[*/[]/+{call}//'>",
    "javascript://example.go.id/%0a{call}",
    "javascript://%E2%80%A9{call}",
    "data:text/html,<script>{call}</script>",
    "data:text/html;base64,PHNjcmlwdD5zZW50aW5lbCgpPC9zY3JpcHQ+",
    "data:image/svg+xml,<svg onload={call} xmlns='http://www.w3.org/2000/svg'/>",
    "vbscript:{call}",
    "view-source:javascript:{call}",
    "blob:javascript:{call}",
    "//jahat.example/x.js",
)
"""Addresses that run a script, or lead to another site, where only this site's own should stand."""

TEMPLATES = (
    "{{{{ {call} }}}}",
    "{{{{constructor.constructor('{call}')()}}}}",
    "${{{call}}}",
    "<%= {call} %>",
    "{{% include 'x' %}}{call}",
    "#{{{call}}}",
    "';{call};//",
    '";{call};//',
    "\\';{call};//",
    "</script><script>{call}</script>",
    "\u2028{call}",
    "*/{call}/*",
    "-{call}-",
    '"-{call}-"',
    '{{"x":"</script><script>{call}</script>"}}',
)
"""For places inside scripts, JSON and templates."""

MARKDOWN = (
    "[x]({address})",
    "[x](<{address}>)",
    '[x]({address} "a\\" onmouseover=sentinel() \\"")',
    "![x]({address})",
    '![" onerror=sentinel() "]({address})',
    "<{address}>",
    '[x][r]\n\n[r]: {address} "t"',
    '[x]({address}\n"t")',
    "> [x]({address})",
    "| a |\n|---|\n| [x]({address}) |",
    "[^1]\n\n[^1]: [x]({address})",
    "# [x]({address})",
    "- [ ] [x]({address})",
    '!!! note "{address}"\n    [x]({address})',
    "***[x]({address})***",
)
"""Markdown with a place for an address."""

AROUND_MARKUP = (
    "{}",
    "a {} b",
    "**{}**",
    "`{}` {}",
    "# {}",
    "> {}",
    "- {}",
    "| {} | b |\n|---|---|\n| {} | c |",
    "[{}](/a)",
    '![{}](/a.svg "{}")',
    "```html\n{}\n```\n{}",
    "    {}\n\n{}",
    "$$\\text{{{}}}$$",
    '!!! tip "{}"\n    {}',
    "[^1] {}\n\n[^1]: {}",
    "<details>\n<summary>{}</summary>\n\n{}\n\n</details>",
    "<b>{}</b>",
    "<!-- {} -->",
    '<sub title="{}">{}</sub>',
    "&lt;{}&gt;",
)
"""Markdown with a place for markup."""


def _doubled(text: str) -> str:
    return text.replace("<", "<<").replace("script", "scrscriptipt")


WRITINGS = {
    "as it is": lambda text: text,
    "upper case": lambda text: text.upper().replace("SENTINEL", "sentinel"),
    "named entities": escape,
    "escaped twice": lambda text: escape(escape(text)),
    "numbers": lambda text: "".join(f"&#{ord(sign)};" if sign in "<>\"'" else sign for sign in text),
    "numbers without an end": lambda text: text.replace("<", "&#60").replace(">", "&#x3e"),
    "percent": lambda text: quote(text, safe="()"),
    "percent twice": lambda text: quote(quote(text, safe="()"), safe="()"),
    "escapes of scripts": lambda text: text.replace("<", "\\u003c").replace(">", "\\x3e"),
    "full width": lambda text: text.replace("<", "\uff1c").replace(">", "\uff1e").replace('"', "\uff02"),
    "control characters": lambda text: text.replace("<", "<\x00").replace("on", "o\x0bn"),
    "soft hyphens": lambda text: text.replace("script", "scr\u00adipt").replace("onerror", "on\u200berror"),
    "backslashes": lambda text: text.replace('"', '\\"').replace("'", "\\'"),
    "nested": _doubled,
    "private use": lambda text: "\ue03c" + text.replace("<", "\ue03c").replace(">", "\ue03e"),
    "slashes for spaces": lambda text: text.replace(" ", "/"),
    "line breaks for spaces": lambda text: text.replace(" ", "\r\n"),
}
"""Ways to write the same payload, by name."""


def _plain_payloads() -> Iterator[str]:
    for vector in (*ELEMENTS, *TEMPLATES):
        for out in WAYS_OUT.values():
            yield out + vector.format(call=CALL)
    for vector in (*ATTRIBUTES, *ADDRESSES):
        yield vector.format(call=CALL)


@cache
def texts() -> tuple[str, ...]:
    """Every way out × every element, and each of them in one of the other writings by turns; several thousand."""
    plain = list(_plain_payloads())
    writings = list(WRITINGS.values())
    written = [writings[1 + place % (len(writings) - 1)](one) for place, one in enumerate(plain)]
    elements = [write(vector.format(call=CALL)) for vector in ELEMENTS for write in writings]
    return tuple(dict.fromkeys([*plain, *written, *elements]))


@cache
def markdown_texts() -> tuple[str, ...]:
    """Each construct of Markdown × each address and element, in the plain writing and in one other by turns."""
    writings = list(WRITINGS.values())
    found = [
        construct.replace("{address}", address.format(call=CALL)) for construct in MARKDOWN for address in ADDRESSES
    ]
    for number, around in enumerate(AROUND_MARKUP):
        for place, vector in enumerate(ELEMENTS):
            payload = vector.format(call=CALL)
            for one in (payload, writings[1 + (number + place) % (len(writings) - 1)](payload)):
                found.append(around.replace("{{", "{").replace("}}", "}").replace("{}", one))
    return tuple(dict.fromkeys(found))


def sample(source: tuple[str, ...], size: int, seed: int = 1) -> list[str]:
    """The same ones each time."""
    return random.Random(seed).sample(source, min(size, len(source)))
