// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/query/rows/rows.h"

namespace hindcast::query {

/// The names that an expression may read.
struct Vocabulary {
    std::vector<std::string> loops;
    std::vector<std::string> values;  ///< logged names, arguments, probed names
};

/// What a word of an expression stands for.
struct Reference {
    enum class What { Version, Loop, Value };
    enum class Aspect { Plain, Source, Fidelity, Kind, Label };
    What what = What::Value;
    Aspect aspect = Aspect::Plain;
    std::string name;
    bool operator==(const Reference&) const = default;
};

/// The column of a pivot that shows a value: the name itself, or NAME.value where a loop or `version` has the name.
std::string valueColumn(const std::string& name, const std::vector<std::string>& loops);

/// Finds what a name in a query means: exactly as written, else the only one that differs in case alone; NAME.source,
/// NAME.fidelity and NAME.kind belong to NAME, LOOP.label to LOOP. False when nothing fits.
bool resolve(const std::string& word, const Vocabulary& vocabulary, Reference& out);

/// One SQL expression, checked and evaluated by SQLite itself. One object per thread.
class Expression {
public:
    /// InvalidArgument with SQLite's message and the position in `text`.
    static base::Result<Expression> parse(const std::string& text, const Vocabulary& vocabulary);
    Expression(Expression&&) noexcept;
    Expression& operator=(Expression&&) noexcept;
    ~Expression();

    /// What it reads, each once.
    const std::vector<Reference>& references() const;

    /// For each row whether it is true; of rows flagged in `unknown` (may be empty: none) whether it is not false.
    /// `rows` has one column for each reference, in that order. Cost: about a microsecond a row.
    base::Result<std::vector<bool>> evaluate(const Rows& rows, const std::vector<bool>& unknown);

private:
    struct Impl;
    explicit Expression(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

}  // namespace hindcast::query
