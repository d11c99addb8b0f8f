# SPDX-License-Identifier: GPL-2.0-or-later
"""What a page says, and how it is worked."""

import re
import unicodedata

FAILED = ("rejected", "challenged", "unanswered", "incomplete")


class Failed(Exception):
    """What is shown is not what should be."""


def expect(what, shown, expected):
    if shown != expected:
        raise Failed(f"{what}: shown {shown!r}, expected {expected!r}")


def holds(what, text, part):
    if part not in text:
        raise Failed(f"{what}: no {part!r} in {text!r}")


def visible(text):
    """Text of JSON as the page has it: nothing hides or reorders."""
    harmful = ("Cc", "Cf", "Zl", "Zp", "Cs", "Co", "Cn")
    return "".join(
        c if unicodedata.category(c) not in harmful else
        f"\\x{ord(c):02x}" if ord(c) < 0x100 else f"\\u{{{ord(c):04x}}}"
        for c in text)


def squeezed(text):
    """As HTML lays it out: runs of space are one."""
    return re.sub(r"\s+", " ", text).strip()


def go(tab, place):
    tab.run(f"location.hash = {place!r}")
    tab.settle()


def definitions(tab, selector):
    """What stands beside each term of a list."""
    return dict(tab.run(f"""[...document.querySelectorAll(
        {selector!r} + " > div")].map((row) => [
            row.querySelector("dt").textContent,
            row.querySelector("dd").textContent])"""))


def listed(tab):
    """All rows of the table: a list of cells a row, scrolled through."""
    return tab.run("""(async () => {
        const scroller = document.querySelector(".scroll");
        const rows = new Map();
        const drawn = () => new Promise((done) => requestAnimationFrame(
            () => requestAnimationFrame(done)));
        for (let top = 0; ; top += 300) {
            scroller.scrollTop = top;
            await drawn();
            for (const row of document.querySelectorAll("tr.row"))
                rows.set(Number(row.dataset.index), [...row.children].map(
                    (cell) => cell.textContent));
            if (top > scroller.scrollHeight)
                break;
        }
        scroller.scrollTop = 0;
        await drawn();
        return [...rows].sort(([a], [b]) => a - b).map(([, row]) => row);
    })()""")


def numbers(tab):
    return [int(row[0]) for row in listed(tab)]


def choose(tab, selector, value):
    """Sets a field as a user does, who leaves an event behind."""
    tab.run(f"""(() => {{
        const field = document.querySelector({selector!r});
        field.value = {value!r};
        field.dispatchEvent(new Event("input", {{bubbles: true}}));
    }})()""")
    tab.settle()


def quiet(tab):
    """No error, no violation, nothing asked of the network."""
    expect("complaints", tab.complaints(), [])
    expect("requests", tab.requests(), [])
