# SPDX-License-Identifier: GPL-2.0-or-later
"""How a page is worked, on a capture of many failures: by pointer and keys."""

from reading import Failed, choose, expect, go, holds, listed, numbers


def sorted_by_each_column(tab, report):
    by_id = report["registrations"]
    keys = {"id": lambda r: r["id"], "start": lambda r: r["start"],
            "duration": lambda r: r["duration_ms"]}
    for key, value in keys.items():
        tab.click(f'th[data-key="{key}"] button')
        # It begins with the numbers, upwards.
        up = key != "id"
        for is_up in (up, not up):
            if is_up != up:
                tab.click(f'th[data-key="{key}"] button')
            expect(f"aria-sort of {key}", tab.run(
                f"""document.querySelector('th[data-key="{key}"]')
                .getAttribute("aria-sort")"""),
                   "ascending" if is_up else "descending")
            expect(f"order by {key}", numbers(tab), [
                r["id"] for r in sorted(by_id, key=value,
                                        reverse=not is_up)])
        expect("sorted columns", tab.count("th[aria-sort]"), 1)
    tab.click('th[data-key="cause"] button')
    causes = [row[6] for row in listed(tab)]
    expect("order by cause", causes, sorted(causes, key=str.lower))


def filtered(tab, report):
    rows = report["registrations"]
    cause = rows[0]["cause"]
    of_cause = [r["id"] for r in rows if r["cause"] == cause]
    choose(tab, "#cause", cause)
    expect("of one cause", numbers(tab), of_cause)
    expect("count", tab.texts("#count")[0],
           f"{len(of_cause)} of {len(rows)} registrations")
    tab.click("#reset")
    expect("all again", numbers(tab), [r["id"] for r in rows])
    choose(tab, "#kind", "initial")
    expect("of one kind", numbers(tab),
           [r["id"] for r in rows if r["kind"] == "initial"])
    tab.click("#reset")
    second = rows[5]["start"][:19]
    choose(tab, "#from", second)
    choose(tab, "#to", second)
    expect("in one second", numbers(tab),
           [r["id"] for r in rows
            if r["start"][:19] <= second <= r["end"][:19]])
    tab.click("#reset")


def searched(tab, report):
    rows = report["registrations"]
    tab.click("#search")
    tab.type(rows[3]["call_id"][:12].upper())
    expect("found", numbers(tab),
           [r["id"] for r in rows
            if rows[3]["call_id"][:12] in r["call_id"]])
    tab.click("#reset")
    tab.click("#search")
    tab.type("500 carol")
    expect("found by two words", numbers(tab),
           [r["id"] for r in rows
            if r["status"] == 500 and "carol" in r["impu"]])
    tab.type(" nobody")
    expect("found none", tab.texts("#count")[0],
           f"0 of {len(rows)} registrations")
    tab.click("#reset")


def chosen_by_cause_and_outcome(tab, report):
    """A cause of the summary, a tile, bring the table to what they count."""
    slug = tab.texts(".causes tbody tr:nth-child(2) code")[0]
    tab.click(".causes tbody tr:nth-child(2) button")
    expect("of the cause", numbers(tab),
           [r["id"] for r in report["registrations"] if r["cause"] == slug])
    tab.click(".tile.rejected")
    expect("of the outcome", numbers(tab),
           [r["id"] for r in report["registrations"]
            if r["outcome"] == "rejected"])
    tab.click("#reset")


def chosen_by_time(tab, report):
    """A stretch of the chart, dragged over, is what the table lists."""
    x, y = tab.middle(".chart")
    box = tab.run("""(({x, width}) => [x, width])(
        document.querySelector(".chart").getBoundingClientRect())""")
    tab.drag((box[0] + box[1] * 0.3, y), (box[0] + box[1] * 0.6, y))
    shown = numbers(tab)
    if not 0 < len(shown) < len(report["registrations"]):
        raise Failed(f"dragging lists {len(shown)}")
    start, end = tab.run(
        "['from', 'to'].map((id) => document.getElementById(id).value)")
    if not start or not end or start > end:
        raise Failed(f"the fields say {start} to {end}")
    tab.click("#reset")


def worked_by_keyboard(tab, report):
    rows = report["registrations"]
    tab.run("document.querySelector('th:last-child button').focus()")
    tab.key("Tab")
    holds("first row", tab.focused(), f"Registration {rows[0]['id']},")
    outline = tab.run("getComputedStyle(document.activeElement).outline")
    if "none" in outline or "0px" in outline:
        raise Failed(f"the focus is not to be seen: {outline}")
    tab.key("ArrowDown", times=2)
    holds("third row", tab.focused(), f"Registration {rows[2]['id']},")
    tab.key("End")
    holds("last row", tab.focused(), f"Registration {rows[-1]['id']},")
    tab.key("Tab")
    if "Registration" in tab.focused():
        raise Failed("Tab does not leave the table")
    tab.key("Tab", 8)
    holds("back in the table", tab.focused(),
          f"Registration {rows[-1]['id']},")
    tab.key("Enter")
    expect("opened", tab.run("document.querySelector('dialog').open"), True)
    holds("what is open", tab.texts("#panel-title")[0],
          f"Registration {rows[-1]['id']}")
    tab.key("Escape")
    expect("closed", tab.run("document.querySelector('dialog').open"), False)
    holds("where one is again", tab.focused(),
          f"Registration {rows[-1]['id']},")


def ladder_worked(tab, report):
    """Steps by arrow keys; evidence leads to its step; a filter is copied."""
    registration = report["registrations"][0]
    steps = registration["steps"]
    tab.click("tr.row button")
    tab.run("document.querySelector('#panel .steps button').focus()")
    tab.key("Home")
    tab.key("ArrowDown")
    expect("the chosen step", tab.count("#panel [aria-current]"), 1)
    holds("the second step", tab.focused(), f"Step 2: {steps[1]['message']}")
    holds("its details", tab.texts("#panel .about h3")[0],
          steps[1]["message"])
    finding = next(f for f in report["findings"]
                   if f["rule"] == registration["cause"])
    tab.click("#panel .evidence button")
    holds("the step of the evidence", tab.texts("#panel .about")[0],
          f"frame {finding['frames'][0]['frame']}")
    tab.click("#panel .finding .copyable button")
    said = tab.wait("document.querySelector('#panel .said').textContent")
    expect("copying", said, "Copied")
    tab.click("#panel .panel-head button:nth-child(2)")
    holds("the next", tab.texts("#panel-title")[0],
          f"Registration {report['registrations'][1]['id']}")
    tab.run("history.back()")
    tab.wait("document.querySelector('#panel-title').textContent.includes("
             f"'Registration {registration['id']}:')")
    tab.click("#close")
    expect("closed", tab.run("document.querySelector('dialog').open"), False)


def columns_are_the_roles(tab, report):
    registration = report["registrations"][0]
    go(tab, f"#r{registration['id']}")
    roles = {step[end].split()[0] for step in registration["steps"]
             for end in ("from", "to")}
    shown = tab.run("""[...document.querySelectorAll(
        "#panel .node .role")].map((text) => text.firstChild.data)""")
    order = ["UE", "P-CSCF", "I-CSCF", "S-CSCF", "HSS"]
    # A P-CSCF with one address to each side is one column.
    expect("columns", shown, [role for role in order if role in roles])
    tab.click("#close")


def light_and_dark(tab, _):
    def background():
        return tab.run("getComputedStyle(document.body).backgroundColor")
    light = background()
    tab.media(("prefers-color-scheme", "dark"))
    dark = background()
    if light == dark:
        raise Failed(f"light and dark are both {light}")
    tab.click("#theme")
    expect("switched to light", background(), light)
    expect("what the button does now", tab.focused(),
           "Switch to dark colours")
    tab.media()
    tab.click("#theme")
    expect("switched to dark", background(), dark)
    tab.media(kind="print")
    expect("print is light", tab.run(
        "getComputedStyle(document.documentElement)"
        ".getPropertyValue('--page').trim()"), "#f6f7f9")
    tab.media()
    tab.click("#theme")


def printed(tab, report):
    def is_seen(selector):
        return tab.run(f"document.querySelector({selector!r})"
                       ".getClientRects().length > 0")
    tab.media(kind="print")
    tab.run("dispatchEvent(new Event('beforeprint'))")
    expect("rows on paper", tab.count("tr.row"),
           len(report["registrations"]))
    expect("the filters on paper", is_seen("#filters"), False)
    tab.run("dispatchEvent(new Event('afterprint'))")
    tab.media()
    go(tab, f"#r{report['registrations'][0]['id']}")
    tab.media(kind="print")
    expect("the page behind the panel", is_seen("main"), False)
    expect("the ladder on paper", is_seen("#panel .ladder svg"), True)
    tab.media()
    tab.click("#close")


def narrow(tab, report):
    tab.size(390, 844)
    for place in ("#", f"#r{report['registrations'][0]['id']}"):
        go(tab, place)
        wide = tab.run("document.documentElement.scrollWidth")
        if wide > 390:
            raise Failed(f"{place} is {wide} pixels wide")
    tab.click("#close")
    tab.size(1280, 900)


WORKED = (sorted_by_each_column, filtered, searched,
          chosen_by_cause_and_outcome, chosen_by_time, worked_by_keyboard,
          ladder_worked, columns_are_the_roles, light_and_dark, printed,
          narrow)
