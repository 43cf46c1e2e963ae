# Part of OpenAgency.
# SPDX-License-Identifier: Apache-2.0
"""Whether anything in a page has come alive that others wrote, and whether it hides or covers something."""

from payloads import HIDDEN

# Is in every page before anything of it; a dialog rings too.
CANARY = """
(() => {
  const ring = (what) => console.error("canary rang: " + what);
  window.canary = ring;
  for (const name of ["alert", "confirm", "prompt", "print", "open", "eval"]) window[name] = (what) => ring(name + " " + what);
  addEventListener("securitypolicyviolation", (event) => ring("policy " + event.violatedDirective + " " + event.blockedURI));
})();
"""

# Everything that the desk's own pages are made of.
ELEMENTS = set(
    "html head meta title link script style body main header nav section div span p a h1 h2 h3 h4 dl dt dd ul ol li table thead "
    "tbody tr th td details summary pre code blockquote strong br form input textarea button label svg g path rect circle text "
    "figure figcaption tspan defs marker polygon line desc footer kbd select option".split()
)
ATTRIBUTES = set(
    "lang charset name content rel href src defer class id title style role data-live data-output data-new data-name data-arm data-key formaction selected method action "
    "type value disabled accesskey for autocomplete spellcheck maxlength rows required open colspan scope xmlns viewbox x y r cx "
    "cy d width height rx ry fill stroke points x1 x2 y1 y2 text-anchor aria-label aria-labelledby aria-hidden aria-live tabindex "
    "transform marker-end markerwidth markerheight refx refy orient preserveaspectratio max-width".split()
)

STRUCTURE = """
const [elements, attributes, hidden] = [new Set(arguments[0]), new Set(arguments[1]), new RegExp(arguments[2], "u")];
const strange = new Set();
const raw = new Set();
const look = (text, where) => {
  const found = hidden.exec(text);
  if (!found) return;
  const around = text.slice(Math.max(0, found.index - 30), found.index + 10);
  raw.add(`U+${found[0].codePointAt(0).toString(16)} in ${where}: ${around}`);
};
// A form can hide its own properties behind names of fields.
const own = (name) => Object.getOwnPropertyDescriptor(Element.prototype, name).get;
const [attributesOf, tagOf] = [own("attributes"), own("tagName")];
for (const element of document.querySelectorAll("*")) {
  const name = tagOf.call(element).toLowerCase();
  if (!elements.has(name)) strange.add("<" + name + ">");
  for (const { name: attribute, value } of attributesOf.call(element)) {
    if (!attributes.has(attribute.toLowerCase())) strange.add(name + " " + attribute);
    const isOurs = attribute === "style" ? /^(--[nv]:[0-9]+%?|max-width:[0-9]+(px|rem|em))$/
      : ["href", "src", "action", "data-live", "data-output"].includes(attribute) ? /^[#\\/](?!\\/)/ : /^/;
    if (!isOurs.test(value)) strange.add(name + " " + attribute + "=" + value);
    look(value, name + " " + attribute);
  }
}
for (const script of document.scripts) if (script.getAttribute("src") !== "/console.js") strange.add("script " + script.src);
for (const style of document.querySelectorAll("style")) if (!style.closest("svg")) strange.add("style");
const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const parent = tagOf.call(walker.currentNode.parentElement).toLowerCase();
  if (parent !== "script" && parent !== "style") look(walker.currentNode.data, parent);
}
const comments = document.createTreeWalker(document, NodeFilter.SHOW_COMMENT | NodeFilter.SHOW_CDATA_SECTION);
while (comments.nextNode()) strange.add("comment " + comments.currentNode.data.slice(0, 40));
return { strange: [...strange].slice(0, 20), raw: [...raw].slice(0, 20) };
"""

# The controls of the forms that cannot be pressed in their middle.
COVERED = """
const controls = ["input:not([type=hidden])", "textarea", "button"].map((one) => `#choose ${one}, #steer ${one}`).join();
const shown = [...document.querySelectorAll(controls)]
  .filter((element) => element.getClientRects().length > 0);
return { count: shown.length, covered: shown.filter((element) => {
  element.scrollIntoView({ block: "center", behavior: "instant" });
  const box = element.getBoundingClientRect();
  const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return !(top === element || element.contains(top)) || box.left < 0 || box.right > arguments[0] + 1 || box.width < 20;
}).map((element) => element.outerHTML.slice(0, 120)) };
"""


def watch(browser):
    """Puts the canary into every page from now on.

    The policy that pages come with would stop what escaping has let through; it is turned off so that escaping stands alone.
    """
    browser.command("Page.enable")
    browser.command("Network.enable")
    browser.command("Page.addScriptToEvaluateOnNewDocument", source=CANARY)
    browser.command("Page.setBypassCSP", enabled=True)
    browser.complaints()
    browser.network()


def structure(browser):
    """What in a page is none of the desk's own making, and what in it is raw that cannot be seen."""
    return browser.run(STRUCTURE, list(ELEMENTS), list(ATTRIBUTES), HIDDEN)



def requests(browser):
    """Every address that was asked for since this was last asked."""
    return [
        parameters["request"]["url"] for method, parameters in browser.network() if method == "Network.requestWillBeSent"
    ]


def covered(browser):
    """How many controls there are, and those that something covers."""
    seen = browser.run(COVERED, browser.size[0])
    return seen["count"], seen["covered"]

