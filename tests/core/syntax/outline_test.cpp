// SPDX-License-Identifier: Apache-2.0
#include "core/syntax/outline.h"

#include <gtest/gtest.h>

namespace hindcast::syntax {
namespace {

struct Parsed {
    explicit Parsed(const std::string& text) : tree(*parsePython("t.py", text)), outline(*tree) {}
    std::shared_ptr<const SyntaxTree> tree;
    Outline outline;
};

TEST(Outline, EverySuiteOfACompoundStatementIsABlockOfItsClause) {
    const Parsed p("try:\n    a()\nexcept E:\n    b()\nelse:\n    c()\nfinally:\n    d()\n");
    ASSERT_EQ(p.outline.blocks().size(), 5u);
    EXPECT_EQ(p.outline.block(1).clause, Kind::Other);
    EXPECT_EQ(p.outline.block(2).clause, Kind::ExceptClause);
    EXPECT_EQ(p.outline.block(3).clause, Kind::ElseClause);
    EXPECT_EQ(p.outline.block(4).clause, Kind::FinallyClause);
}

TEST(Outline, MatchCasesAsyncLoopsAndDecoratedMethodsAreRead) {
    const Parsed p(
        "class A:\n    @dec\n    async def f(self):\n        async for x in y:\n            match x:\n                "
        "case 1:\n                    a = 1\n                case _:\n                    a = 2\n");
    const auto last = static_cast<StatementId>(p.outline.statements().size()) - 1;
    EXPECT_EQ(p.tree->range(p.outline.statement(last).begin, p.outline.statement(last).end), "a = 2");
    EXPECT_EQ(p.outline.qualifiedName(last), "A.f");
    EXPECT_EQ(p.outline.block(p.outline.statement(last).block).clause, Kind::CaseClause);
    EXPECT_EQ(p.outline.statement(p.outline.startingOnLine(*p.tree, 2)).name, "f");
}

TEST(Outline, EqualTreesHashEquallyWhateverTheLayoutAndShapesForgetNames) {
    const Parsed p("if x: y = f(a)\nif x:\n    # why\n    y = f( a )\nif x: z = g(b)\nif x: y = f(a); w = 1\n");
    const auto& s = p.outline.statements();
    const auto& first = p.outline.statement(p.outline.block(0).statements[0]);
    const auto& second = p.outline.statement(p.outline.block(0).statements[1]);
    const auto& renamed = p.outline.statement(p.outline.block(0).statements[2]);
    EXPECT_EQ(first.hash, second.hash);
    EXPECT_NE(first.hash, renamed.hash);
    EXPECT_EQ(first.shape, renamed.shape);
    EXPECT_NE(first.shape, s.back().shape);
    EXPECT_TRUE(p.outline.block(1).sameLine);
    EXPECT_FALSE(p.outline.block(2).sameLine);
}

}  // namespace
}  // namespace hindcast::syntax
