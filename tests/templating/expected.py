#!/usr/bin/python3
"""Asks Jinja2 what the cases of cases.py print.

expected.py write FOLDER   rewrites FOLDER/*.json, one file per group of cases
expected.py check FOLDER   compares the stored expectations with what this machine's Jinja2 prints; exit 1 on a
                           difference, exit 77 (skipped) when there is no Jinja2
"""
import json
import pathlib
import sys

try:
    import jinja2
except ImportError:
    print("SKIPPED: python3-jinja2 is not installed, the stored expectations were not checked against Jinja2")
    sys.exit(77)

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from cases import CASES, DATA  # noqa: E402


def render(case):
    templates = case["template"]
    if isinstance(templates, str):
        templates = {"main": templates}
    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined, loader=jinja2.DictLoader(templates), **case["options"])
    return environment.get_template("main").render({**DATA, **case["data"]})


def groups():
    result, problems = {}, []
    for case in CASES:
        name = case["name"].rsplit("-", 1)[0]
        entry = {"name": case["name"], "template": case["template"], "options": case["options"], "data": case["data"]}
        try:
            entry["expected"] = render(case)
        except Exception as problem:
            problems.append(f"{case['name']}: Jinja2 fails: {type(problem).__name__}: {problem}\n{case['template']}")
            continue
        result.setdefault(name, []).append(entry)
    if problems:
        sys.exit("\n".join(problems))
    return {name: json.dumps(entries, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
            for name, entries in result.items()}


def main():
    action, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    files = {f"{name}.json": text for name, text in groups().items()}
    files["data.json"] = json.dumps(DATA, indent=1, ensure_ascii=False) + "\n"
    if action == "write":
        folder.mkdir(exist_ok=True)
        for old in folder.glob("*.json"):
            old.unlink()
        for name, text in files.items():
            (folder / name).write_text(text)
        print(f"{len(CASES)} cases in {len(files) - 1} files")
        return
    stored = {path.name: path.read_text() for path in folder.glob("*.json")}
    differing = sorted(name for name in files.keys() | stored.keys() if files.get(name) != stored.get(name))
    for name in differing:
        print(f"{folder / name} is not what Jinja2 {jinja2.__version__} prints; expected.py write rewrites it")
    if differing:
        sys.exit(1)
    print(f"{len(CASES)} cases agree with Jinja2 {jinja2.__version__}")


main()
