#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What the texts beside the captures say of the laboratory is so: each tells
its story in the same parts, and the scenarios that it names are there."""

import pathlib
import re
import unittest

from scenarios import all_scenarios

CAPTURES = pathlib.Path(__file__).resolve().parents[2] / "captures"
PARTS = ["What it shows", "Where it is from", "How to make it again",
         "What imsleuth says"]


class Texts(unittest.TestCase):
    def test_parts(self):
        for path in sorted(CAPTURES.glob("[0-9]*.md")):
            with self.subTest(path.name):
                text = path.read_text(encoding="utf-8")
                self.assertEqual(re.findall(r"^## (.*)$", text, re.M), PARTS)
                self.assertIn(f"`{path.stem}.pcap", text)

    def test_scenarios(self):
        known = set(all_scenarios())
        for path in sorted(CAPTURES.glob("[0-9]*.md")):
            text = path.read_text(encoding="utf-8").replace("\n", " ")
            named = [n for names in re.findall(r"`scripts/lab ([\w -]+)`",
                                               text) for n in names.split()]
            with self.subTest(path.name):
                self.assertTrue(named)
                self.assertLessEqual(set(named), known)


class Scenarios(unittest.TestCase):
    def test_stories(self):
        for scenario in all_scenarios().values():
            with self.subTest(scenario.name):
                self.assertRegex(scenario.story, r"\.$")
                self.assertTrue(scenario.registrations)


if __name__ == "__main__":
    unittest.main()
