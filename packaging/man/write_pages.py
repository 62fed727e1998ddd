# SPDX-License-Identifier: Apache-2.0
"""Writes the manual pages from the program's own help, so that they cannot disagree with it.

    write_pages.py HINDCAST FOLDER      FOLDER/hindcast.1 and one hindcast-VERB.1 a verb
"""
import os
import re
import subprocess
import sys

EXIT_STATUS = [
    (0, "done (replay: every asked value is there and exact)"),
    (1, "failed"),
    (2, "wrong usage"),
    (3, "nothing to do"),
    (4, "a conflict needs a decision"),
    (5, "done, but some values are not exact; they are listed"),
    (6, "the store is damaged"),
    (7, "the store was written by a newer program"),
    (130, "cancelled"),
]


def help_of(program, *verb):
    return subprocess.run([program, *verb, "--help"], capture_output=True, text=True, check=True).stdout


def verbs_of(text):
    """(verb, what it does) of the Subcommands part of a help text."""
    part = text.split("Subcommands:", 1)[1] if "Subcommands:" in text else ""
    return re.findall(r"^  (\w+)\s{2,}(\S.*)$", part, re.MULTILINE)


def roff(text):
    lines = (line.replace("\\", "\\e").replace("-", "\\-") for line in text.strip("\n").split("\n"))
    return "\n".join("\\&" + line if line[:1] in (".", "'") else line for line in lines)


def page(name, what, text, see_also):
    parts = [f'.TH "{name.upper()}" 1 "" Hindcast', ".SH NAME", f"{roff(name)} \\- {roff(what)}", ".SH DESCRIPTION", ".nf", roff(text), ".fi", ".SH EXIT STATUS"]
    for status, meaning in EXIT_STATUS:
        parts += [".TP", f".B {status}", roff(meaning)]
    parts += [".SH SEE ALSO", ", ".join(f".BR {roff(other)} (1)" if i == 0 else f"{roff(other)}(1)" for i, other in enumerate(see_also))]
    return "\n".join(parts) + "\n"


def write(folder, name, content):
    with open(os.path.join(folder, f"{name}.1"), "w", encoding="utf-8") as file:
        file.write(content)


def main(program, folder):
    os.makedirs(folder, exist_ok=True)
    whole = help_of(program)
    verbs = verbs_of(whole)
    write(folder, "hindcast", page("hindcast", "shows what past training runs would have logged", whole, [f"hindcast-{verb}" for verb, _ in verbs]))
    for verb, what in verbs:
        text = help_of(program, verb)
        for sub, _ in verbs_of(text):
            text += "\n\n" + help_of(program, verb, sub)
        write(folder, f"hindcast-{verb}", page(f"hindcast-{verb}", what, text, ["hindcast"]))


if __name__ == "__main__":
    main(*sys.argv[1:])
