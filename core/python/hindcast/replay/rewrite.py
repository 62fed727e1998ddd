# SPDX-License-Identifier: Apache-2.0
"""Rewrites a past source for replay. Line numbers stay; recording never needs this.

A recorded loop `for T in …hc.loop(N, it)…: BODY else: E` becomes

    __hc_x__ = __hc__.replace(N)            # a stored exit state, when this loop is to be replaced by it
    if __hc_x__ is not None: <names> = …; if exhausted: E
    else:
        for T in …:
            if __hc__.skipping: continue     # items before the first replayed pass, so that wrappers keep counting
            try:
                __hc_x__ = __hc__.take()     # names of this frame, right after state was restored
                …
                BODY
            except BaseException: __hc__.raised(); raise
        else: E

Names are assigned in the source because locals of a function cannot be set from outside. Injected statements go into
`with __hc__.observe(probe):`; the names they bind are kept apart from the script's (see private).
"""
import ast
import copy
import itertools

from . import private
from .scopes import assigned_names, scope_nodes

RUNTIME, TAKEN = "__hc__", "__hc_x__"
PACKAGES = ("hindcast",)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def may_record(text):
    """Whether a source can call this package at all: most files of a large project cannot, and cost nothing more."""
    return any(name in text for name in PACKAGES)


class Aliases:
    """How a file calls this package: `import hindcast as hc`, `from hindcast import loop as l`."""

    def __init__(self, tree):
        self.modules, self.functions = set(), {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for item in node.names:
                    if item.name in PACKAGES:
                        self.modules.add(item.asname or item.name)
            elif isinstance(node, ast.ImportFrom) and node.module in PACKAGES and not node.level:
                for item in node.names:
                    self.functions[item.asname or item.name] = item.name

    def call(self, node):
        """Which function of this package a call calls ("loop", "log", …), or None."""
        if not isinstance(node, ast.Call):
            return None
        target = node.func
        if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id in self.modules:
            return target.attr
        return self.functions.get(target.id) if isinstance(target, ast.Name) else None


def loop_call(aliases, expression):
    """The `hc.loop` call inside an iterated expression (not inside a nested function), or None."""
    for node in ast.walk(expression):
        if aliases.call(node) == "loop" and node.args:
            return node
    return None


def iteration_item(aliases, node):
    """The `hc.iteration` call of a `with` statement, or None."""
    for item in getattr(node, "items", ()):
        if aliases.call(item.context_expr) == "iteration" and item.context_expr.args:
            return item.context_expr
    return None


def recorded_loops(tree, aliases):
    """{id of a statement: its call} for every `for` over a recorded loop and every `with hc.iteration(…)`.

    A `for` may also go over a variable that was bound once, to an expression with the `hc.loop` call in it.
    """
    found = {}
    scopes = [tree.body] + [node.body for node in ast.walk(tree) if isinstance(node, _FUNCTIONS[:2])]
    for body in scopes:
        nodes = list(scope_nodes(body))
        variables, stores = {}, {}
        for node in nodes:
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                stores[node.id] = stores.get(node.id, 0) + 1
            if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
                call = loop_call(aliases, node.value)
                if call is not None and isinstance(call.args[0], ast.Constant):
                    variables[node.targets[0].id] = call
        for node in nodes:
            call = None
            if isinstance(node, ast.For):
                call = loop_call(aliases, node.iter)
                names = [one.id for one in ast.walk(node.iter) if isinstance(one, ast.Name)] if call is None else ()
                call = call or next((variables[name] for name in names if name in variables and stores[name] == 1), None)
            elif isinstance(node, ast.With):
                call = iteration_item(aliases, node)
            if call is not None:
                found[id(node)] = call
    return found


def rewrite(text, file_name, injected, stop_passes=False):
    """Code object of the rewritten source. `injected`: list of (first line, last line, probe).

    `stop_passes` wraps loop bodies so that a pass can be ended early (mode "pre"). SyntaxError as from compile().
    """
    if not injected and not may_record(text):
        return compile(text, file_name, "exec", dont_inherit=True)
    tree = ast.parse(text, file_name)
    if injected:
        private.separate(tree, [(first, last) for first, last, _ in injected])
        _observe_injected(tree, list(injected))
    aliases = Aliases(tree)
    if aliases.modules or aliases.functions:
        tree = _Transform(aliases, stop_passes).module(tree)
    ast.fix_missing_locations(tree)
    return compile(tree, file_name, "exec", dont_inherit=True)


def _observe_injected(tree, injected):
    """Puts statements whose lines were injected into observers."""
    for node in ast.walk(tree):
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
                setattr(node, field, _observed_block(block, injected))


def _observed_block(block, injected):
    """The block with one observer around the statements of one probe: what one of them does, the next one is to see."""
    found = []
    for one, statements in itertools.groupby(block, lambda statement: _injection(statement, injected)):
        statements = list(statements)
        if one is None:
            found += statements
            continue
        call = _call("observe", [ast.Constant(one[2]), ast.Constant(all(map(is_reading, statements)))])
        guard = ast.With(items=[ast.withitem(context_expr=call)], body=statements)
        found.append(ast.copy_location(guard, statements[0]))
    return found


def _injection(statement, injected):
    inside = (one for one in injected if statement.lineno >= one[0] and (statement.end_lineno or statement.lineno) <= one[1])
    return next(inside, None)


_PURE = frozenset(
    "norm sum mean item max min abs float int len sqrt std var detach clone cpu numpy argmax argmin softmax log_softmax square "
    "parameters named_parameters buffers named_buffers sorted zip range enumerate list dict tuple str round isinstance log tolist "
    "all any exp sigmoid tanh pow stack cat size dim numel median quantile unique bincount histc isnan isfinite count_nonzero "
    "items keys values get format eq ne gt lt ge le float32 double long flatten view reshape unsqueeze squeeze unbind "
    "vector_norm linalg cosine_similarity dot topk sort state_dict hypot isinf logical_and logical_or print repr bool hasattr type set".split()
)


def is_reading(statement):
    """Whether a statement only calls well-known reading functions: then nothing needs to be saved around it."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", None)
            if name not in _PURE and not isinstance(node.func, ast.Lambda):  # what a function without a name calls is looked at too
                return False
        elif isinstance(node, (ast.Delete, ast.Yield, ast.YieldFrom, ast.Await, ast.Import, ast.ImportFrom, ast.AugAssign)):
            return False
        elif isinstance(node, (ast.Attribute, ast.Subscript)) and not isinstance(node.ctx, ast.Load):
            return False
    return True


class _Transform(ast.NodeTransformer):
    """Rewrites the loops of one module."""

    def __init__(self, aliases, stop_passes):
        self._aliases = aliases
        self._stop_passes = stop_passes
        self._names = []
        self._loops = {}

    def module(self, tree):
        self._loops = recorded_loops(tree, self._aliases)
        self._names = assigned_names(tree.body)
        return self.generic_visit(tree)

    def visit_FunctionDef(self, node):  # noqa: N802
        outer = self._names
        arguments = node.args
        own = [a.arg for a in arguments.posonlyargs + arguments.args + arguments.kwonlyargs]
        own += [a.arg for a in (arguments.vararg, arguments.kwarg) if a is not None]
        self._names = list(dict.fromkeys(own + assigned_names(node.body)))
        self.generic_visit(node)
        self._names = outer
        return node

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815

    def visit_ClassDef(self, node):  # noqa: N802
        outer, self._names = self._names, assigned_names(node.body)
        self.generic_visit(node)
        self._names = outer
        return node

    def visit_Import(self, node):  # noqa: N802
        imported = any(item.name in PACKAGES for item in node.names)
        return [node, self._at(node, ast.Expr(_call("imported", [])))] if imported else node

    def visit_ImportFrom(self, node):  # noqa: N802
        return [node, self._at(node, ast.Expr(_call("imported", [])))] if node.module in PACKAGES else node

    def visit_For(self, node):  # noqa: N802
        call = self._loops.get(id(node))
        self.generic_visit(node)
        if call is None:
            return node
        skip = ast.If(test=_attribute("skipping"), body=[ast.Continue()], orelse=[])
        body = [skip, *self._take("take", [], assigned_names([ast.Expr(node.target)])), *node.body]
        handlers = [ast.ExceptHandler(type=ast.Name("BaseException", ast.Load()), name=None, body=[ast.Expr(_call("raised", [])), ast.Raise()])]
        if self._stop_passes:
            handlers.insert(0, ast.ExceptHandler(type=_attribute("StopPass"), name=None, body=[ast.Continue()]))
        body = [skip, ast.Try(body=body[1:], handlers=handlers, orelse=[], finalbody=[])]
        replaced = self._take("replace", [copy.deepcopy(call.args[0])])
        if node.orelse:
            test = ast.Attribute(value=ast.Name(TAKEN, ast.Load()), attr="exhausted", ctx=ast.Load())
            replaced[1].body.append(ast.If(test=test, body=copy.deepcopy(node.orelse), orelse=[]))
        node.body = body
        replaced[1].orelse = [node]
        return [self._at(node, statement) for statement in replaced]

    def visit_With(self, node):  # noqa: N802
        call = self._loops.get(id(node))
        self.generic_visit(node)
        if call is None:
            return node
        jump = self._take("jump", [copy.deepcopy(call.args[0])])
        if self._stop_passes:
            handler = ast.ExceptHandler(type=_attribute("StopPass"), name=None, body=[ast.Pass()])
            node.body = [ast.Try(body=node.body, handlers=[handler], orelse=[], finalbody=[])]
        whole = ast.If(test=ast.UnaryOp(op=ast.Not(), operand=_call("skips_pass", [])), body=[node], orelse=[])
        return [self._at(node, statement) for statement in [*jump, whole]]

    def _take(self, method, arguments, fresh=()):
        """`__hc_x__ = __hc__.<method>(…)` and the assignment of the names it brings, but for those that are bound already."""
        store = ast.Assign(targets=[ast.Name(TAKEN, ast.Store())], value=_call(method, arguments))
        sets = []
        for name in [name for name in self._names if name not in fresh]:
            test = ast.Compare(left=ast.Constant(name), ops=[ast.In()], comparators=[ast.Name(TAKEN, ast.Load())])
            value = ast.Subscript(value=ast.Name(TAKEN, ast.Load()), slice=ast.Constant(name), ctx=ast.Load())
            sets.append(ast.If(test=test, body=[ast.Assign(targets=[ast.Name(name, ast.Store())], value=value)], orelse=[]))
        present = ast.Compare(left=ast.Name(TAKEN, ast.Load()), ops=[ast.IsNot()], comparators=[ast.Constant(None)])
        return [store, ast.If(test=present, body=sets or [ast.Pass()], orelse=[])]

    @staticmethod
    def _at(node, statement):
        """Gives new nodes the place of the statement they stand before."""
        for child in ast.walk(statement):
            if isinstance(child, (ast.stmt, ast.expr, ast.ExceptHandler)) and not hasattr(child, "lineno"):
                ast.copy_location(child, node)
        return statement


def _attribute(name):
    return ast.Attribute(value=ast.Name(RUNTIME, ast.Load()), attr=name, ctx=ast.Load())


def _call(method, arguments):
    return ast.Call(func=_attribute(method), args=arguments, keywords=[])
