# Part of OpenAgency.
# SPDX-License-Identifier: Apache-2.0
"""What holds for every page of the desk, looked up in the browser."""

SURVEY = """
const width = arguments[0];
const isShown = (element) => element.getClientRects().length > 0 && getComputedStyle(element).visibility !== "hidden";
const name = (element) => element.tagName.toLowerCase() + (element.id ? "#" + element.id : "")
  + (element.className && element.className.baseVal === undefined ? "." + element.className : "") + " “"
  + (element.textContent || "").trim().slice(0, 40) + "”";
const scrolls = (element) => {
  for (let one = element.parentElement; one; one = one.parentElement) {
    if (["auto", "scroll", "hidden"].includes(getComputedStyle(one).overflowX) && one !== document.body
      && one !== document.documentElement) return true;
  }
  return false;
};
const wide = [...document.body.querySelectorAll("*")].filter((element) => isShown(element)
  && element.getBoundingClientRect().right + scrollX > width + 1 && !scrolls(element));
const fields = [...document.querySelectorAll("input:not([type=hidden]), textarea, select")].filter(isShown);
const buttons = [...document.querySelectorAll("button, a[href], summary")].filter(isShown);
const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
const links = [...document.querySelectorAll("a[href^='#']")].map((link) => link.getAttribute("href").slice(1));
const isWithin = (element) => element.parentElement.closest("main, article, aside, nav, section");
const banners = [...document.querySelectorAll("[role=banner], header")].filter((one) => one.matches("[role=banner]")
  || !isWithin(one));
return {
  scrollWidth: Math.max(document.documentElement.scrollWidth, document.body.scrollWidth),
  wide: wide.slice(0, 5).map(name),
  unlabelled: fields.filter((field) => !(field.labels && [...field.labels].some((label) => label.textContent.trim())
    || field.getAttribute("aria-label") || field.getAttribute("aria-labelledby"))).map(name),
  unnamed: buttons.filter((button) => !(button.textContent.trim() || button.getAttribute("aria-label"))).map(name),
  mains: document.querySelectorAll("main").length,
  banners: banners.length,
  navigations: document.querySelectorAll("nav, [role=navigation]").length,
  headings: [...document.querySelectorAll("h1")].filter(isShown).length,
  language: document.documentElement.lang,
  title: document.title,
  repeatedIDs: ids.filter((id, index) => ids.indexOf(id) !== index),
  brokenLinks: links.filter((id) => id && !document.getElementById(decodeURIComponent(id))),
};
"""


def survey(browser):
    """What is to be known of the page, at the size that the browser has."""
    return browser.run(SURVEY, browser.size[0])


def check(test, browser, where):
    """Asserts what holds for every page at one size; what is wrong is told all at once for each page."""
    seen = survey(browser)
    with test.subTest(f"{where} at {browser.size[0]}"):
        test.assertLessEqual(seen["scrollWidth"], browser.size[0], f"the page scrolls sideways because of {seen['wide']}")
        test.assertEqual([], seen["wide"], "these stick out of the page")
        test.assertEqual([], seen["unlabelled"], "these fields have no label")
        test.assertEqual([], seen["unnamed"], "these have no name")
        test.assertEqual(1, seen["mains"], "there is one main part")
        test.assertGreaterEqual(seen["banners"], 1, "there is a bar on top")
        test.assertEqual(1, seen["headings"], "there is one main heading")
        test.assertEqual("en", seen["language"])
        test.assertTrue(seen["title"].endswith(" · agency"), seen["title"])
        test.assertEqual([], seen["repeatedIDs"], "these ids are there twice")
        test.assertEqual([], seen["brokenLinks"], "these links within the page lead nowhere")


def check_both(test, browser, where, sizes):
    """Asserts it at several sizes, and leaves the page at the size that it had."""
    before = browser.size
    for size in sizes:
        browser.resize(size)
        check(test, browser, where)
    browser.resize(before)
