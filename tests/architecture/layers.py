# SPDX-License-Identifier: Apache-2.0
"""Checks the tree against core/layers.txt and the conventions of the code.

    layers.py ROOT            prints every violation with its reason; status 1 when there is one
"""
import os
import re
import subprocess
import sys

SOURCE_ENDINGS = (".h", ".cpp", ".cu")
MAX_FILE_LINES = 600
MAX_FOLDER_FILES = 32
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.MULTILINE)


def read_rules(path):
    """Returns ({folder: allowed folders}, {folder: reason}, [(third-party prefix, folders)])."""
    allowed, reasons, third_party, last = {}, {}, [], None
    for line in open(path, encoding="utf-8"):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("!"):
            reasons[last] = line[1:].strip()
        elif line.startswith("@"):
            prefix, folders = line[1:].split(":", 1)
            third_party.append((prefix.strip(), folders.split()))
        else:
            last, targets = (part.strip() for part in line.split(":", 1))
            allowed[last] = targets.split()
    return allowed, reasons, third_party


def layer_of(path, layers):
    """The longest listed folder that holds the path, or None."""
    fitting = [layer for layer in layers if path == layer or path.startswith(layer + "/")]
    return max(fitting, key=len, default=None)


def is_third_party(header, prefix):
    # "@Q" means Qt: headers named QSomething, or Qsci/, QtCore/ …; other prefixes match the start of the path.
    if prefix == "Q":
        return re.match(r"(Q[A-Z]|Qsci/|Qt[A-Z])", header) is not None
    return header.startswith(prefix)


def check_includes(path, text, rules):
    allowed, reasons, third_party = rules
    layer = layer_of(path, allowed)
    if layer is None:
        return
    for header in INCLUDE.findall(text):
        target = layer_of(header, allowed)
        if target and target != layer and not any(target == a or target.startswith(a + "/") for a in allowed[layer]):
            yield f"{path} includes {header}: {layer} may not use {target} ({reasons.get(layer, '')})"
        for prefix, folders in third_party:
            if is_third_party(header, prefix) and layer_of(path, folders) is None:
                yield f"{path} includes {header}: only {' '.join(folders)} may"


def check_file(path, text):
    lines = text.splitlines()
    if not lines or "SPDX-License-Identifier:" not in lines[0]:
        yield f"{path}: the first line names no licence"
    else:
        desktop = path.startswith(("app/desktop/", "widgets/", "tests/widgets/", "tests/app/desktop/"))
        wanted = "GPL-3.0-or-later" if desktop else "Apache-2.0"
        if wanted not in lines[0]:
            yield f"{path}: its licence is {wanted} (the desktop links GPL libraries, everything else must not depend on them)"
    if len(lines) > MAX_FILE_LINES:
        yield f"{path}: {len(lines)} lines; a file has one subject (at most {MAX_FILE_LINES})"
    if re.search(r"(^|/|_)(util|utils|common|misc|helper|helpers|manager)(\.|/|_|$)", path):
        yield f"{path}: the name says nothing about its subject"


def tracked(root):
    listing = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=root, capture_output=True, text=True, check=True)
    return [name for name in listing.stdout.splitlines() if os.path.exists(os.path.join(root, name))]


def check_top(names):
    fixed = {"app", "core", "widgets", "resources", "translations", "tests", "packaging"}
    for top in sorted({name.split("/", 1)[0] for name in names if "/" in name}):
        if top not in fixed and not top.startswith("."):
            yield f"{top}/: the top-level folders are fixed"


def check_tree(root):
    rules = read_rules(os.path.join(root, "core/layers.txt"))
    names = tracked(root)
    yield from check_top(names)
    folders = {}
    for name in names:
        if not name.endswith(SOURCE_ENDINGS):
            continue
        folders.setdefault(os.path.dirname(name), []).append(name)
        with open(os.path.join(root, name), encoding="utf-8") as file:
            text = file.read()
        yield from check_includes(name, text, rules)
        yield from check_file(name, text)
    for folder, files in sorted(folders.items()):
        if len(files) > 2 * MAX_FOLDER_FILES:
            yield f"{folder}: {len(files)} sources; a folder is a room, not a store"


if __name__ == "__main__":
    violations = list(check_tree(sys.argv[1]))
    for violation in violations:
        print(violation)
    sys.exit(1 if violations else 0)
