# SPDX-License-Identifier: Apache-2.0
"""Where scripts lie and how they are started: paths, links, modules, prompts, notebooks."""
import fcntl
import os
import pty
import stat
import struct
import subprocess
import sys
import termios

import pytest

SCRIPT = 'import hindcast as hc\nfor epoch in hc.loop("epoch", range(2)):\n    hc.log("x", epoch)\n'


def execute(made, command, cwd=None, text=None, **environment):
    return subprocess.run([sys.executable, *command], cwd=cwd or made.folder, env=made.environment(**environment), input=text,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True, check=False)


def only(made):
    (version,) = made.versions()
    assert list(version.values("x").values()) == [0, 1] and version.end()["status"] == "complete"
    return version.run


def test_ranks_that_begin_at_once_make_one_shared_store_with_its_rights(project):
    made = project({"ranks.py": '''
import multiprocessing
import os
import sys
import time
from hindcast.record import place

chmod = os.chmod


def late(*arguments):
    """As on a busy file server: a folder has not got its rights at once."""
    time.sleep(0.02)
    chmod(*arguments)


os.chmod = late


def rank(folder, barrier):
    barrier.wait()
    place.prepare(place.Place(folder, ""))


for attempt in range(5):
    folder = os.path.join(sys.argv[1], str(attempt))
    os.mkdir(folder)
    barrier = multiprocessing.Barrier(8)
    ranks = [multiprocessing.Process(target=rank, args=(folder, barrier)) for _ in range(8)]
    for one in ranks:
        one.start()
    for one in ranks:
        one.join()
        assert one.exitcode == 0
    for name in (".hindcast", ".hindcast/versions"):
        assert os.stat(os.path.join(folder, name)).st_mode & 0o7777 == 0o2770, (attempt, name)
    assert os.listdir(folder) == [".hindcast"], os.listdir(folder)
'''})
    done = execute(made, ["ranks.py", str(made.folder)], HINDCAST_SHARED="group")
    assert done.returncode == 0, done.stderr


def test_by_a_relative_path_from_another_folder(project):
    made = project({"code/train.py": SCRIPT, ".git/HEAD": "ref: refs/heads/main\n"})
    elsewhere = made.folder.parent / "elsewhere"
    elsewhere.mkdir()
    assert execute(made, [os.path.relpath(made.folder / "code" / "train.py", elsewhere)], cwd=elsewhere).returncode == 0
    run = only(made)
    assert run["script"] == os.path.join("code", "train.py") and run["folder"] == str(elsewhere)
    assert not list(elsewhere.iterdir())


def test_through_a_link_the_project_is_where_the_script_really_is(project):
    made = project({"train.py": SCRIPT})
    link = made.folder.parent / "link.py"
    link.symlink_to(made.folder / "train.py")
    assert execute(made, [str(link)], cwd=made.folder.parent).returncode == 0
    assert only(made)["script"] == "train.py" and not (made.folder.parent / ".hindcast").exists()


def test_as_a_module_of_a_package(project):
    made = project({"pack/__init__.py": "", "pack/sub/__init__.py": "", "pack/sub/train.py": SCRIPT})
    assert execute(made, ["-m", "pack.sub.train", "--flag"]).returncode == 0
    run = only(made)
    assert run["module"] == "pack.sub.train" and run["script"] == os.path.join("pack", "sub", "train.py") and run["argv"][1:] == ["--flag"]


def test_as_a_package_with_a_main_module(project):
    made = project({"pack/__init__.py": "", "pack/__main__.py": SCRIPT})
    assert execute(made, ["-m", "pack"]).returncode == 0
    run = only(made)
    assert run["module"] == "pack.__main__" and run["script"] == os.path.join("pack", "__main__.py") and run["project"] == os.path.realpath(made.folder)


def test_from_the_command_line_and_from_standard_input(project):
    for command, text in ((["-c", SCRIPT], None), ([], SCRIPT), (["-"], SCRIPT)):
        made = project({})
        result = execute(made, command, text=text)
        assert result.returncode == 0, result.stderr
        assert only(made)["script"] == "" and only(made)["project"] == os.path.realpath(made.folder)


def test_at_an_interactive_prompt(project):
    made = project({})
    result = execute(made, ["-i", "-q"], text='import hindcast as hc\nfor e in hc.loop("epoch", range(2)): hc.log("x", e)\n\n1/0\nhc.log("y", 1)\n')
    assert "ZeroDivisionError" in result.stderr
    (version,) = made.versions()
    assert [key[1] for key in version.values()] == ["x", "x", "y"] and version.end()["status"] == "complete"


def test_in_a_path_with_spaces_and_letters_of_every_sort(project):
    made = project({"my projekt ö ✓/däta set/train it.py": SCRIPT})
    folder = made.folder / "my projekt ö ✓" / "däta set"
    assert execute(made, [str(folder / "train it.py")]).returncode == 0
    made.folder = folder
    assert only(made)["script"] == "train it.py"


def test_in_a_path_that_is_no_text(project):
    made = project({})
    folder = os.fsencode(made.folder) + b"/bad\xff name"
    os.mkdir(folder)
    with open(folder + b"/train.py", "w", encoding="utf-8") as file:
        file.write(SCRIPT)
    result = subprocess.run([os.fsencode(sys.executable), folder + b"/train.py"], env=made.environment(), stderr=subprocess.PIPE, check=False)
    assert result.returncode == 0, result.stderr
    (version,) = os.listdir(folder + b"/.hindcast/versions")
    assert b"journal" in os.listdir(folder + b"/.hindcast/versions/" + version)


def test_without_a_home(project):
    made = project({"train.py": SCRIPT})
    environment = made.environment()
    environment.pop("HOME", None)
    assert subprocess.run(made.command(), cwd=made.folder, env=environment, stderr=subprocess.DEVNULL, check=False).returncode == 0
    only(made)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_in_a_folder_that_cannot_be_written(project):
    made = project({"train.py": SCRIPT})
    made.folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        result = made.execute()
    finally:
        made.folder.chmod(stat.S_IRWXU)
    assert result.returncode == 0 and result.stderr.count("nothing is recorded") == 1 and made.versions() == []


def test_where_the_store_cannot_be_a_folder(project):
    made = project({"train.py": SCRIPT + 'print("done")\n', ".hindcast": "a file\n"})
    result = made.execute()
    assert result.returncode == 0 and result.stdout == "done\n" and result.stderr.count("nothing is recorded") == 1


def test_in_a_folder_that_is_removed_while_it_runs(project):
    made = project({"train.py": 'import shutil\nimport hindcast as hc\nhc.log("x", 1)\nshutil.rmtree(".hindcast")\n' + SCRIPT + 'print("done")\n'})
    result = made.execute()
    assert result.returncode == 0 and result.stdout == "done\n", result.stderr


def test_in_cells_as_a_notebook_runs_them(project):
    made = project({})
    cells = ['import hindcast as hc', 'for epoch in hc.loop("epoch", range(2)):\n    hc.log("x", epoch)', 'hc.log("y", 1)']
    text = '''
import code, sys
console = code.InteractiveConsole()
for number, cell in enumerate(%r):
    exec(compile(cell, "<ipython-input-%%d>" %% number, "exec"), console.locals)
''' % cells
    assert execute(made, ["-c", text]).returncode == 0
    run = only(made)
    assert run["script"] == "" and [key[1] for key in made.versions()[0].values()] == ["x", "x", "y"]


def test_in_a_notebook(project):
    pytest.importorskip("nbformat")
    pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    made = project({})
    result = execute(made, ["-c", '''
import nbformat, nbclient
book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in %r])
book.metadata.kernelspec = {"name": "python3", "display_name": "python3", "language": "python"}
nbclient.NotebookClient(book, timeout=120).execute()
''' % [SCRIPT, 'hc.log("y", 1)', "hc.commit()"]])
    assert result.returncode == 0, result.stderr
    (version,) = made.versions()
    assert list(version.values("x").values()) == [0, 1] and list(version.values("y").values()) == [1] and version.end()["exit"] == "commit"
    assert version.notes("cells")[0]["texts"] == [SCRIPT.rstrip("\n"), 'hc.log("y", 1)', "hc.commit()"]


MEASURED = """
import os, subprocess
import hindcast as hc
for epoch in hc.loop("epoch", range(3)):
    rows, columns = subprocess.run(["stty", "size"], stdout=subprocess.PIPE, check=True).stdout.split()
    hc.log("rows", int(rows))
    hc.log("columns", os.get_terminal_size().columns)
"""


def test_at_a_terminal_whose_size_the_script_asks_for(project):
    made = project({"train.py": MEASURED})
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 33, 123, 0, 0))
    subprocess.run(made.command(), cwd=made.folder, env=made.environment(), stdin=theirs, stdout=theirs, stderr=theirs, check=True)
    os.close(theirs)
    os.close(ours)
    (version,) = made.versions()
    assert version.run["terminal"] == {"columns": 123, "rows": 33, "streams": [0, 1, 2]}
    replay = made.replay(version, "deep", 0, 2, [("train.py", 'hc.log("rows"', 'hc.log("both", "%s %s" % (columns, rows))')])
    assert set(replay.grades().values()) == {"exact"}, (replay.output, replay.fidelity())
    assert set(replay.values("both").values()) == {"b'123' b'33'"}


def test_without_a_terminal_no_size_is_kept(project):
    made = project({"train.py": SCRIPT})
    assert execute(made, ["train.py"], text="").returncode == 0
    assert only(made)["terminal"] is None
