// SPDX-License-Identifier: Apache-2.0
#include "core/query/filter/expression.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace hindcast::query {
namespace {

using testing::HasSubstr;
using What = Reference::What;
using Aspect = Reference::Aspect;

const Vocabulary& vocabulary() {
    static const Vocabulary kVocabulary{
        {"epoch", "step"}, {"lr", "loss", "Loss", "val.acc", "train/loss", "epoch", "grad_norm", "select"}};
    return kVocabulary;
}

std::string failure(const std::string& text) {
    const auto parsed = Expression::parse(text, vocabulary());
    if (parsed) return "no error";
    EXPECT_EQ(parsed.error().code(), base::ErrorCode::InvalidArgument);
    return parsed.error().text();
}

/// Evaluates over one row whose cells are given in the order of the references.
std::vector<bool> evaluate(const std::string& text, const std::vector<std::vector<double>>& rows,
                           const std::vector<bool>& unknown = {}) {
    auto parsed = Expression::parse(text, vocabulary());
    if (!parsed) ADD_FAILURE() << parsed.error().text();
    Rows table;
    table.count = rows.size();
    for (std::size_t i = 0; i < parsed->references().size(); ++i) {
        Column& column = table.columns.emplace_back("c");
        for (const auto& row : rows) {
            if (row[i] == -1) {
                column.addMissing();
            } else {
                column.addDouble(row[i]);
            }
        }
    }
    return *parsed->evaluate(table, unknown);
}

TEST(Expression, learnsWhichNamesItReads) {
    auto parsed = Expression::parse(
        "lr > 0.01 AND epoch >= 5 and \"train/loss\" < 1 and val.acc > 0 and version in (1, 2)", vocabulary());
    ASSERT_TRUE(parsed) << parsed.error().text();
    EXPECT_THAT(parsed->references(), testing::ElementsAre(Reference{What::Value, Aspect::Plain, "lr"},
                                                           Reference{What::Loop, Aspect::Plain, "epoch"},
                                                           Reference{What::Value, Aspect::Plain, "train/loss"},
                                                           Reference{What::Value, Aspect::Plain, "val.acc"},
                                                           Reference{What::Version, Aspect::Plain, "version"}));
}

TEST(Expression, tellsNamesThatDifferInCaseApart) {
    EXPECT_EQ(evaluate("loss < 1 and Loss > 5", {{0, 9}, {9, 0}}), (std::vector<bool>{true, false}));
    // Only one name reads like this: case does not matter then.
    EXPECT_EQ(evaluate("LR > 1", {{2}, {0}}), (std::vector<bool>{true, false}));
}

TEST(Expression, aValueNamedLikeALoopIsReachedBySuffix) {
    auto parsed = Expression::parse("epoch = 1 and epoch.value > 3", vocabulary());
    ASSERT_TRUE(parsed) << parsed.error().text();
    EXPECT_THAT(parsed->references(), testing::ElementsAre(Reference{What::Loop, Aspect::Plain, "epoch"},
                                                           Reference{What::Value, Aspect::Plain, "epoch"}));
}

TEST(Expression, aValueNamedLikeAKeywordIsReachedInQuotes) {
    EXPECT_EQ(evaluate("\"select\" > 1", {{2}}), (std::vector<bool>{true}));
    EXPECT_THAT(failure("select > 1"), HasSubstr("syntax error"));
}

TEST(Expression, wordsInsideTextsAndFunctionsAreNoNames) {
    auto parsed = Expression::parse("abs(lr) > 1 and 'loss' = 'loss' /* step */ -- epoch", vocabulary());
    ASSERT_TRUE(parsed) << parsed.error().text();
    EXPECT_EQ(parsed->references().size(), 1U);
}

TEST(Expression, whatIsUnknownCountsWhileItCanStillBecomeTrue) {
    const std::string text = "lr > 1 and grad_norm > 10";
    // lr, grad_norm (-1: missing)
    const std::vector<std::vector<double>> rows{{2, -1}, {0, -1}, {2, 20}, {2, 5}};
    EXPECT_EQ(evaluate(text, rows), (std::vector<bool>{false, false, true, false}));
    EXPECT_EQ(evaluate(text, rows, {true, true, false, false}), (std::vector<bool>{true, false, true, false}));
}

TEST(Expression, whatLooksAtNullIsUnknownTooWhereAValueIsStillToCome) {
    const std::vector<std::vector<double>> row{{-1}};
    for (const std::string text :
         {"grad_norm is not null", "grad_norm notnull", "not grad_norm is null", "coalesce(grad_norm, 0) > 10",
          "case when grad_norm is null then 0 else 1 end", "typeof(grad_norm) = 'real'", "grad_norm is not null or 0",
          "grad_norm between 1 and 3 and grad_norm is not null -- why"}) {
        EXPECT_EQ(evaluate(text, row), (std::vector<bool>{false})) << text;
        EXPECT_EQ(evaluate(text, row, {true}), (std::vector<bool>{true})) << text;
    }
    // What is known still decides.
    EXPECT_EQ(evaluate("lr < 1 and grad_norm is not null", {{5, -1}}, {true}), (std::vector<bool>{false}));
    EXPECT_EQ(evaluate("(lr < 1 or lr is null) and grad_norm is not null", {{5, -1}}, {true}),
              (std::vector<bool>{false}));
}

TEST(Expression, nanComparesAsMissingAndItsKindSaysSo) {
    const double nan = std::nan("");
    EXPECT_EQ(evaluate("loss > 0", {{nan}, {1}}), (std::vector<bool>{false, true}));
    EXPECT_EQ(evaluate("loss is null", {{nan}, {1}}), (std::vector<bool>{true, false}));
    EXPECT_EQ(evaluate("\"loss.kind\" = 'nan'", {{nan}, {1}, {-1}}), (std::vector<bool>{true, false, false}));
    EXPECT_EQ(evaluate("loss.kind = 'inf'", {{INFINITY}, {-INFINITY}}), (std::vector<bool>{true, false}));
    EXPECT_EQ(evaluate("loss > 1e300", {{INFINITY}, {-INFINITY}}), (std::vector<bool>{true, false}));
}

TEST(Expression, errorsSayWhereInTheUsersText) {
    EXPECT_THAT(failure("lr > and epoch"), HasSubstr("column 6: near \"and\": syntax error"));
    EXPECT_THAT(failure("val.acc > 1 and lrr > 0"), HasSubstr("column 17: no such name: lrr; did you mean lr"));
    EXPECT_THAT(failure("lr >"), HasSubstr("incomplete input"));
    EXPECT_THAT(failure("lr > 'x"), HasSubstr("column 6: a quote that is not closed"));
    EXPECT_THAT(failure("nosuch(lr)"), HasSubstr("no such function: nosuch"));
    EXPECT_THAT(failure("\"nothing\" = 1"), HasSubstr("no such name: nothing"));
}

TEST(Expression, isOneExpressionAndNothingElse) {
    for (const std::string text :
         {"1) or (1", "lr > 1; drop table r", "(select 1)", "lr in (select 2)", "max(lr) over () > 1", "count(*) > 1",
          "?1 = 1", ":x", "load_extension('x')", "1 limit 5", "lr > 1)", "(lr > 1"}) {
        EXPECT_NE(failure(text), "no error") << text;
    }
}

TEST(Expression, survivesHostileNames) {
    const Vocabulary hostile{{"a\"b"}, {"it's", "per cent%", "名前", "; drop table x", "unknown", "rowid", "'"}};
    auto parsed = Expression::parse(
        "\"a\"\"b\" = 1 and \"it's\" > 0 and 名前 > 0 and \"; drop table x\" is null and \"unknown\" = 3 and "
        "rowid > 4",
        hostile);
    ASSERT_TRUE(parsed) << parsed.error().text();
    EXPECT_EQ(parsed->references().size(), 6U);
}

}  // namespace
}  // namespace hindcast::query
