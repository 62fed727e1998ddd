# SPDX-License-Identifier: Apache-2.0
"""Names whose values differ from run to run by nature: times, process numbers, temporary paths. Found in the source, so
that a difference in them is not taken for a difference in the training."""
import ast
import re

from .rewrite import Aliases

_SOURCES = frozenset(
    "time perf_counter monotonic process_time thread_time time_ns perf_counter_ns monotonic_ns process_time_ns ctime strftime "
    "now utcnow today timestamp getpid getppid uuid1 uuid4 mkdtemp mkstemp gettempdir TemporaryDirectory NamedTemporaryFile "
    "gethostname memory_allocated max_memory_allocated memory_reserved max_memory_reserved mem_get_info memory_stats "
    "getrusage memory_info virtual_memory cpu_percent elapsed_time default_timer getloadavg".split()
)
_NAMES = re.compile(
    r"(^|_)(time|times|timer|start_time|end_time|tic|toc|t0|t1|elapsed|duration|eta|seconds|secs?|wall|timestamp|throughput"
    r"|speed|fps|img_s|images_per_sec|it_s|gpu_mem|mem|memory|pid|hostname)(_|$)", re.I
)


_APART = {code: " " for code in range(128) if not (chr(code).isalnum() or chr(code) == "_")}


class _File:
    """A source that the script loaded; looked into only where a word of it can make something volatile."""

    def __init__(self, text, relative):
        self._text = text
        self.relative = relative
        self._words = None
        self.seen = frozenset()  # the causes that it was looked through for
        self._parsed = None

    def causes(self, calls, names):
        """Which of these calls and names it has, as far as its words tell."""
        if self._words is None:
            self._words = frozenset(self._text.translate(_APART).split())
        called = {name for name in self._words & calls if name + "(" in self._text or name + " (" in self._text}
        return called | self._words & names

    def parsed(self):
        """(tree, how it calls this package); None where it does not parse."""
        if self._parsed is None:
            try:
                tree = ast.parse(self._text)
                self._parsed = (tree, Aliases(tree))
            except (SyntaxError, ValueError):
                self._parsed = ()
        return self._parsed or None


class Volatile:
    """What is volatile in the sources that a script loads: names by function, attributes, and names of logged values."""

    def __init__(self):
        self._files = []
        self._settled = True  # whether all files were taken into account
        self._answers = {}  # since then; the same few names are asked about again and again
        self._tainted = set()  # (file:function, name)
        self._constants = set()  # names of modules, as others see them
        self._attributes = set()
        self._logs = set()
        self._functions = set()

    def add(self, text, relative):
        """A source file that is loaded now."""
        self._files.append(_File(text, relative))
        self._settled = False

    def log(self, name):
        """Whether a logged name is volatile."""
        return self._asked(self._logs, name, name)

    def local(self, frame, name):
        """Whether a name of a frame ("file:function") is volatile."""
        return self._asked(self._tainted, (frame.split("#")[0], name), name)

    def attribute(self, name):
        """Whether an attribute is volatile."""
        return self._asked(self._attributes, name, name)

    def _asked(self, found, key, name):
        if not self._settled:
            self._settle()
        answers = self._answers.setdefault(id(found), {})
        answer = answers.get(key)
        if answer is None:
            answer = answers[key] = key in found or bool(_NAMES.search(name))
        return answer

    def orders_by_hash(self):
        """Whether some source makes sets or asks for hashes."""
        trees = (file.parsed() for file in self._files)
        return any(_orders_by_hash(node) for parsed in trees if parsed for node in ast.walk(parsed[0]))

    def _settle(self):
        """Looks through the files until nothing more is found: a function of one can make a name of another volatile."""
        before = -1
        while before != self._size():
            before = self._size()
            calls, names = _SOURCES | self._functions, self._attributes | self._constants
            for file in self._files:
                causes = file.causes(calls, names)
                if not causes <= file.seen and file.parsed():
                    file.seen = causes
                    self._look_through(file)
        self._settled = True
        self._answers = {}

    def _look_through(self, file):
        tree, aliases = file.parsed()
        before = -1
        while before != self._size():
            before = self._size()
            self._scan(tree, file.relative + ":<module>", file.relative, aliases)

    def _size(self):
        return len(self._tainted) + len(self._attributes) + len(self._logs) + len(self._functions) + len(self._constants)

    def _scan(self, node, scope, relative, aliases):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
                self._scan(child, "%s:%s" % (relative, child.name), relative, aliases)
                continue
            if isinstance(child, ast.Assign) and self._is_tainted(child.value, scope):
                for target in child.targets:
                    self._taint(target, scope)
            elif isinstance(child, (ast.AugAssign, ast.AnnAssign, ast.NamedExpr)) and child.value is not None:
                if self._is_tainted(child.value, scope):
                    self._taint(child.target, scope)
            elif isinstance(child, ast.withitem) and child.optional_vars is not None:
                if self._is_tainted(child.context_expr, scope):
                    self._taint(child.optional_vars, scope)
            elif isinstance(child, ast.Return) and child.value is not None and self._is_tainted(child.value, scope):
                self._functions.add(scope.rsplit(":", 1)[1])
            elif isinstance(child, ast.ImportFrom):
                self._tainted.update((scope, item.asname or item.name) for item in child.names if item.name in self._constants)
            elif isinstance(child, ast.Call):
                self._call(child, scope, aliases)
            self._scan(child, scope, relative, aliases)

    def _call(self, node, scope, aliases):
        values = list(node.args) + [keyword.value for keyword in node.keywords]
        if aliases.call(node) == "log" and len(node.args) > 1 and isinstance(node.args[0], ast.Constant):
            if self._is_tainted(node.args[1], scope):
                self._logs.add(node.args[0].value)
        elif getattr(node.func, "attr", None) == "add_argument" and self._is_tainted(node, scope):
            self._attributes |= _destinations(node)
        elif isinstance(node.func, ast.Attribute) and node.func.attr in ("append", "extend", "add", "update", "insert"):
            if any(self._is_tainted(value, scope) for value in values):
                self._taint(node.func.value, scope)

    def _taint(self, target, scope):
        if isinstance(target, ast.Name):
            self._tainted.add((scope, target.id))
            if scope.endswith(":<module>"):
                self._constants.add(target.id)
            if target.id.isupper():  # objects of settings take over what is written in capitals
                self._attributes.add(target.id)
        elif isinstance(target, ast.Attribute):
            self._attributes.add(target.attr)
        elif isinstance(target, (ast.Tuple, ast.List)):
            for item in target.elts:
                self._taint(item, scope)
        elif isinstance(target, (ast.Subscript, ast.Starred)):
            self._taint(target.value, scope)

    def _is_tainted(self, expression, scope):
        for node in ast.walk(expression):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", None)
                if name in _SOURCES or name in self._functions:
                    return True
            elif isinstance(node, ast.Name) and (scope, node.id) in self._tainted:
                return True
            elif isinstance(node, ast.Attribute) and (node.attr in self._attributes or isinstance(node.value, ast.Name) and node.attr in self._constants):
                return True
        return False


def _destinations(node):
    """Names under which a call of argparse's `add_argument` may keep its value."""
    given = [keyword.value for keyword in node.keywords if keyword.arg == "dest"] or node.args
    texts = [one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return {text.lstrip("-").replace("-", "_") for text in texts}


def _orders_by_hash(node):
    called = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else None
    return isinstance(node, (ast.Set, ast.SetComp)) or called in ("set", "frozenset", "hash")
