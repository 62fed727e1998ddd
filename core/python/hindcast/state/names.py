# SPDX-License-Identifier: Apache-2.0
"""Where things of a script live: which files belong to the project, what a frame is called, module globals by frame name."""
import os
import sys

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_OUTSIDE = ("site-packages", "dist-packages", "/.venv/", "/venv/")


class Project:
    """The folder of a project and names relative to it. Results are kept per file name, so questions cost a look-up."""

    def __init__(self, folder, script):
        self.folder = os.path.realpath(folder)
        self.script = script  # relative to the folder, or absolute when outside
        self._script = os.path.realpath(os.path.join(self.folder, script))
        self._relative = {}
        self._folders = {}  # real path of each folder that was asked for
        self._modules = (), []  # what sys.modules looked like, and [(name, module, key)] of the project in it

    def relative(self, file_name):
        """Path of a source file relative to the project, or None when it is not part of it."""
        known = self._relative.get(file_name, self)
        if known is not self:
            return known
        result = self._find(file_name)
        self._relative[file_name] = result
        return result

    def _find(self, file_name):
        if not file_name or file_name.startswith("<"):
            return None
        path = self._real(file_name)
        if path == self._script:
            return self.script
        if path.startswith(_PACKAGE + os.sep) or any(part in path for part in _OUTSIDE):
            return None
        if not path.startswith(self.folder + os.sep):
            return None
        return os.path.relpath(path, self.folder)

    def _real(self, file_name):
        """The real path of a file; a thousand modules stand in a hundred folders."""
        folder, name = os.path.split(file_name)
        real = self._folders.get(folder)
        if real is None:
            real = self._folders[folder] = os.path.realpath(folder)
        path = os.path.join(real, name)
        return os.path.realpath(path) if os.path.islink(path) else path

    def frame_key(self, frame):
        """Name of a frame of the project: "train.py:main", "train.py:<module>"; None for others."""
        relative = self.relative(frame.f_code.co_filename)
        return None if relative is None else relative + ":" + frame.f_code.co_name

    def chain(self, frame):
        """Frames of the project from `frame` outwards: [(key, frame)], innermost first; recursion is numbered."""
        found, seen = [], {}
        while frame is not None:
            key = self.frame_key(frame)
            if key is not None:
                seen[key] = seen.get(key, 0) + 1
                found.append((key if seen[key] == 1 else "%s#%d" % (key, seen[key]), frame))
            frame = frame.f_back
        return found

    def modules(self):
        """Globals of every imported module of the project: {key: globals}, the main script first."""
        looks = len(sys.modules), next(reversed(sys.modules)), sys.modules.get("__main__")
        known, mine = self._modules
        if looks != known or any(sys.modules.get(name) is not module for name, module, _ in mine):
            mine = list(self._imported())
            self._modules = looks, mine
        found = {}
        for _, module, key in mine:
            found.setdefault(key, module.__dict__)
        return found

    def _imported(self):
        for name in ["__main__"] + [name for name in list(sys.modules) if name not in ("__main__", "__mp_main__")]:
            module = sys.modules.get(name)
            relative = self.relative(getattr(module, "__file__", None) or "")
            if relative is not None:
                yield name, module, relative + ":<module>"

    def owns_class(self, cls):
        """Whether a class is defined by the project's own code."""
        module = sys.modules.get(cls.__module__)
        return cls.__module__ == "__main__" or self.relative(getattr(module, "__file__", None) or "") is not None


def find_frame(frame, code):
    """The first frame from `frame` outwards that runs `code`, or None."""
    while frame is not None and frame.f_code is not code:
        frame = frame.f_back
    return frame


def class_name(value):
    """Full name of a value's class."""
    cls = type(value)
    return cls.__module__ + "." + cls.__qualname__
