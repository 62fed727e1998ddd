// SPDX-License-Identifier: Apache-2.0
#include "core/syntax/scopes.h"

#include <gtest/gtest.h>

namespace hindcast::syntax {
namespace {

struct Parsed {
    explicit Parsed(const std::string& text) : tree(*parsePython("t.py", text)), scopes(*tree) {}

    /// The binding of the n-th token with the text.
    const Binding& of(const std::string& name, int n = 0) const {
        for (std::size_t t = 0; t < tree->tokens().size(); ++t) {
            if (tree->tokenText(t) == name && n-- == 0) return scopes.binding(scopes.bindingOf(t));
        }
        throw std::out_of_range(name);
    }
    std::shared_ptr<const SyntaxTree> tree;
    Scopes scopes;
};

TEST(Scopes, AFunctionsNameIsNotTheModulesUnlessDeclaredGlobal) {
    const Parsed p("x = 1\ndef f():\n    x = 2\ndef g():\n    global x\n    x = 3\n");
    EXPECT_NE(&p.of("x", 0), &p.of("x", 1));
    EXPECT_EQ(&p.of("x", 0), &p.of("x", 3));
}

TEST(Scopes, ClassNamesAreInvisibleInMethodsAndComprehensionNamesOutside) {
    const Parsed p("class A:\n    k = 1\n    def m(self):\n        return k\nz = [k for k in k]\n");
    EXPECT_EQ(p.of("k", 1).kind, BindingKind::Unresolved);
    EXPECT_EQ(p.of("k", 4).kind, BindingKind::Unresolved);
    EXPECT_EQ(&p.of("k", 2), &p.of("k", 3));
}

TEST(Scopes, DefaultsAreReadOutsideAndParametersBindInside) {
    const Parsed p("a = 1\ndef f(a=a, *rest, k: int = 2, **kw):\n    return a, rest, kw, k\n");
    EXPECT_EQ(&p.of("a", 0), &p.of("a", 2));
    EXPECT_EQ(&p.of("a", 1), &p.of("a", 3));
    EXPECT_EQ(p.of("rest", 1).kind, BindingKind::Parameter);
    EXPECT_EQ(p.of("kw", 1).kind, BindingKind::Parameter);
}

TEST(Scopes, ImportsRememberWhereTheyComeFrom) {
    const Parsed p("import torch.nn as nn\nfrom hindcast import log as l\nimport os.path\n");
    EXPECT_EQ(p.of("nn", 1).origin, "torch.nn");
    EXPECT_EQ(p.of("l").origin, "hindcast:log");
    EXPECT_EQ(p.of("os").origin, "os");
}

TEST(Scopes, WalrusWithExceptMatchAndTupleTargetsBind) {
    const Parsed p(
        "def f(v):\n    if any((w := e) for e in v): pass\n    with open(v) as (h, i): pass\n    try: pass\n    except "
        "E as err: pass\n"
        "    match v:\n        case [q, *r]: pass\n    return w, h, i, err, q, r\n");
    for (const char* name : {"w", "h", "i", "err", "q", "r"}) {
        EXPECT_EQ(&p.of(name, 0), &p.of(name, 1)) << name;
        EXPECT_NE(p.of(name, 1).kind, BindingKind::Unresolved) << name;
    }
}

}  // namespace
}  // namespace hindcast::syntax
