#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Checks imsleuth.schema.json against the catalogue and against outputs.

    check_schema.py IMSLEUTH SCHEMA [CAPTURE...]

(a) The slugs and keys of the schema are those of `imsleuth explain --json`.
(b) What the program writes about each capture is valid, as JSON, as NDJSON
    and with --separate; a folder means the captures in it. Exit status 77,
    a skipped test, where python3-jsonschema is not there.
"""
import json
import pathlib
import subprocess
import sys

try:
    import jsonschema
except ImportError:
    print("no python3-jsonschema: skipped")
    sys.exit(77)

KEYS = {
    "string": ["string", "null"],
    "integer": ["integer", "null"],
    "number": ["number", "null"],
    "boolean": ["boolean", "null"],
    "strings": ["array", "null"],
    "frame": None,
}


def run(program, *arguments):
    result = subprocess.run([program, *arguments], stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE)
    if result.returncode not in (0, 1, 2):
        raise AssertionError(f"{arguments}: status {result.returncode}")
    return result.stdout.decode("utf-8")


def check_catalogue(program, schema):
    rules = json.loads(run(program, "explain", "--json"))
    slugs = [rule["slug"] for rule in rules]
    assert slugs, "an empty catalogue"
    assert schema["$defs"]["rule"]["enum"] == slugs, \
        "slugs: run scripts/update-schema"
    for rule in rules:
        facts = schema["$defs"]["facts_" + rule["slug"]]
        keys = [fact["key"] for fact in rule["facts"]]
        assert list(facts["properties"]) == keys, rule["slug"]
        assert facts["required"] == keys, rule["slug"]
        for fact in rule["facts"]:
            found = facts["properties"][fact["key"]].get("type")
            assert found == KEYS[fact["type"]], (rule["slug"], fact["key"])
    return len(slugs)


def validator(schema, definition):
    part = {"$schema": schema["$schema"], "$defs": schema["$defs"],
            "$ref": "#/$defs/" + definition}
    return jsonschema.Draft202012Validator(part)


def check(valid, value, what):
    for error in valid.iter_errors(value):
        # Of a choice, the branch that came nearest says most.
        best = jsonschema.exceptions.best_match([error])
        raise AssertionError(
            f"{what}: {best.json_path}: {best.message[:500]}")


def check_order(report, what):
    for name in ("registrations", "exchanges"):
        ids = [item["id"] for item in report[name]]
        assert ids == sorted(ids), f"{what}: {name} not in order of id"
    keys = [(item["time"], item["id"]) for item in report["findings"]]
    assert keys == sorted(keys), f"{what}: findings not in order of time"


def check_capture(program, schema, capture):
    report = json.loads(run(program, "-f", "json", capture))
    check(validator(schema, "report"), report, capture)
    check_order(report, capture)
    lines = [json.loads(line) for line in
             run(program, "-f", "ndjson", capture).splitlines()]
    valid = validator(schema, "line")
    for line in lines:
        check(valid, line, f"{capture}, {line.get('type')}")
    assert lines[-1]["type"] == "summary", capture
    for name, kind in (("registrations", "registration"),
                       ("findings", "finding"), ("exchanges", "exchange")):
        listed = {item["id"]: item for item in report[name]}
        lined = {line["id"]: {key: value for key, value in line.items()
                              if key != "type"}
                 for line in lines if line["type"] == kind}
        assert listed == lined, f"{capture}: {name} differ"
    separate = json.loads(run(program, "--separate", "-f", "json", capture))
    assert separate == [report], f"{capture}: --separate differs"


def captures_in(arguments):
    for argument in map(pathlib.Path, arguments):
        if argument.is_dir():
            yield from sorted(p for p in argument.iterdir()
                              if ".pcap" in p.name)
        else:
            yield argument


def main():
    program, schema_file, *arguments = sys.argv[1:]
    schema = json.loads(pathlib.Path(schema_file).read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    n_rules = check_catalogue(program, schema)
    n_captures = 0
    for capture in captures_in(arguments):
        check_capture(program, schema, str(capture))
        n_captures += 1
    print(f"{n_rules} rules, {n_captures} captures: as the schema says")
    return 0


if __name__ == "__main__":
    sys.exit(main())
