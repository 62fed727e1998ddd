// SPDX-License-Identifier: Apache-2.0
#include "core/syntax/syntax_tree.h"

#include <gtest/gtest.h>

namespace hindcast::syntax {
namespace {

std::vector<std::string> tokens(const std::string& text) {
    const auto tree = parsePython("t.py", text);
    EXPECT_TRUE(tree) << (tree ? "" : tree.error().text());
    std::vector<std::string> out;
    if (!tree) return out;
    for (std::size_t t = 0; t < (*tree)->tokens().size(); ++t) out.emplace_back((*tree)->tokenText(t));
    return out;
}

base::ErrorCode codeOf(const std::string& text) {
    const auto tree = parsePython("t.py", text);
    EXPECT_FALSE(tree);
    return tree ? base::ErrorCode::Internal : tree.error().code();
}

TEST(SyntaxTree, TokensLeaveOutCommentsAndLineContinuations) {
    EXPECT_EQ(tokens("x = 1 + \\\n    2  # two\n"), (std::vector<std::string>{"x", "=", "1", "+", "2"}));
}

TEST(SyntaxTree, PlainStringIsOneTokenAndNamesInAnFStringAreTokens) {
    EXPECT_EQ(tokens("s = 'a\\n{b}'\n").size(), 3u);
    const auto all = tokens("s = f'a {loss:.3f} b'\n");
    EXPECT_NE(std::find(all.begin(), all.end(), "loss"), all.end());
    EXPECT_EQ(all.back(), "'");
}

TEST(SyntaxTree, ByteRangesSurviveABomCarriageReturnsAndAMissingLastNewline) {
    const auto tree = parsePython("t.py",
                                  "\xEF\xBB\xBF"
                                  "a = 1\r\nb = 2");
    ASSERT_TRUE(tree);
    EXPECT_EQ((*tree)->tokenText(0), "a");
    EXPECT_EQ((*tree)->lineOf((*tree)->token(3).begin), 2);
    EXPECT_EQ((*tree)->lineCount(), 2);
}

TEST(SyntaxTree, DeclaredLatin1BytesParseAndKeepTheirPlaces) {
    const auto tree = parsePython("t.py", "# -*- coding: latin-1 -*-\nname = 'caf\xE9'\nx = 1\n");
    ASSERT_TRUE(tree);
    EXPECT_FALSE((*tree)->isUtf8());
    EXPECT_EQ((*tree)->tokenText(2), "'caf\xE9'");
}

TEST(SyntaxTree, ShiftJisTrailBytesThatLookLikeABackslashDoNotBreakStrings) {
    const auto tree = parsePython("t.py", "# coding: shift_jis\ns = '\x83\x5C'\ny = 2\n");
    ASSERT_TRUE(tree) << tree.error().text();
    EXPECT_EQ((*tree)->tokens().size(), 6u);
}

TEST(SyntaxTree, WhatIsNoPythonIsAParseError) {
    EXPECT_EQ(codeOf("def f(:\n"), base::ErrorCode::Parse);
    EXPECT_EQ(codeOf(std::string("a\0b", 3)), base::ErrorCode::Parse);
    EXPECT_EQ(codeOf("# coding: utf-16\nx = 1\n"), base::ErrorCode::Parse);
}

TEST(SyntaxTree, PythonTwoStatementsAreAConflictNotACrash) {
    EXPECT_EQ(codeOf("print 'loss', loss\n"), base::ErrorCode::Conflict);
    EXPECT_EQ(codeOf("exec code in env\n"), base::ErrorCode::Conflict);
}

TEST(SyntaxTree, DeepNestingIsRefusedAndArbitraryBytesNeverCrash) {
    EXPECT_EQ(codeOf("x = " + std::string(3000, '(') + "1" + std::string(3000, ')') + "\n"), base::ErrorCode::Parse);
    std::string noise;
    std::uint32_t state = 7;
    for (int i = 0; i < 20000; ++i) noise += static_cast<char>((state = state * 1664525u + 1013904223u) >> 24);
    EXPECT_FALSE(parsePython("t.py", noise));
}

}  // namespace
}  // namespace hindcast::syntax
