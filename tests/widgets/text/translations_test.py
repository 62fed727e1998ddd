# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the sources again with lupdate and compares: every sentence of the window stands finished in the translations."""
import os
import re
import shutil
import subprocess
import xml.etree.ElementTree as tree

import pytest

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), *[os.pardir] * 3))
LUPDATE = os.environ["HINDCAST_LUPDATE"]


def sources():
    found = []
    for folder in ("widgets", "app/desktop"):
        for place, _, names in os.walk(os.path.join(ROOT, folder)):
            found += [os.path.join(place, name) for name in names if name.endswith((".cpp", ".h"))]
    return found


def read_again(tmp_path, language, *options):
    """The translations as they stand, and as they would be after another look at the sources."""
    stored = os.path.join(ROOT, "translations", f"hindcast_{language}.ts")
    fresh = str(tmp_path / f"hindcast_{language}.ts")
    shutil.copyfile(stored, fresh)
    done = subprocess.run([LUPDATE, "-silent", "-no-obsolete", "-locations", "none", "-I", ROOT, *options, *sources(), "-ts", fresh],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    # What lupdate cannot assign to a class would be looked up under another name by the program.
    assert done.stderr.strip() == "", done.stderr
    return tree.parse(stored).getroot(), tree.parse(fresh).getroot()


def messages(root):
    for context in root.iter("context"):
        for message in context.iter("message"):
            yield (context.findtext("name"), message.findtext("source"), message.findtext("comment")), message.find("translation")


def texts(translation):
    forms = [form.text or "" for form in translation.iter("numerusform")]
    return forms or [translation.text or ""]


@pytest.mark.parametrize("language, options", [("ja", ()), ("en", ("-pluralonly",))])
def test_every_sentence_of_the_sources_is_translated_and_none_is_left_over(tmp_path, language, options):
    stored, fresh = read_again(tmp_path, language, *options)
    wanted = {key for key, _ in messages(fresh)}
    assert wanted, "lupdate found no sentences"
    assert {key for key, _ in messages(stored)} == wanted
    unfinished = [key for key, translation in messages(fresh) if translation.get("type") or not all(texts(translation))]
    assert unfinished == []


@pytest.mark.parametrize("language", ["ja", "en"])
def test_translations_keep_the_places_that_are_filled_in(language):
    root = tree.parse(os.path.join(ROOT, "translations", f"hindcast_{language}.ts")).getroot()
    hole = re.compile(r"%(?:[1-9]|n)")
    wrong = [(source, text) for (_, source, _), translation in messages(root) for text in texts(translation)
             if sorted(hole.findall(source)) != sorted(hole.findall(text))]
    assert wrong == []


def test_japanese_menu_entries_have_their_keys():
    root = tree.parse(os.path.join(ROOT, "translations", "hindcast_ja.ts")).getroot()
    without = [source for (_, source, _), translation in messages(root)
               if re.search(r"&\w", source) and not re.search(r"\(&[A-Z]\)", texts(translation)[0])]
    assert without == []


def test_the_window_knows_every_reason_that_a_replay_gives():
    with open(os.path.join(ROOT, "widgets", "text", "words.cpp"), encoding="utf-8") as file:
        table = dict(re.findall(r'QStringLiteral\("([a-z-]+)"\),\s*QT_TRANSLATE_NOOP\("Words",\s*"(.*?)"\)', file.read()))
    with open(os.path.join(ROOT, "core", "python", "hindcast", "decide", "decision.py"), encoding="utf-8") as file:
        decided = dict(re.findall(r'^\s+"([a-z-]+)": "(.*?)",$', file.read(), re.M))
    assert len(decided) > 20
    assert set(decided) - set(table) == set()
    for key, text in decided.items():
        # The decision counts its arguments from 0, the window from 1; both name the same ones.
        assert {int(at) + 1 for at in re.findall(r"\{(\d)\}", text)} == {int(at) for at in re.findall(r"%(\d)", table[key])}, key
    planned = set()
    for folder in ("core/replay", "core/workspace"):
        for place, _, names in os.walk(os.path.join(ROOT, folder)):
            for name in names:
                if not name.endswith(".cpp"):
                    continue
                with open(os.path.join(place, name), encoding="utf-8") as file:
                    source = file.read()
                planned |= set(re.findall(r'(?:reasonKey|whyNone) = "([a-z-]+)"', source))
                planned |= set(re.findall(r'stop\([^,]+, "([a-z-]+)"', source))
                for pair in re.findall(r'reasonKey = \w+ \? "([a-z-]+)" : "([a-z-]+)"', source):
                    planned |= set(pair)
    assert len(planned) > 10
    assert planned - set(table) == set()
