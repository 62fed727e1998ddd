// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

/// SQL text taken apart into tokens, so that names in it can be recognised and replaced without a parser of its own.
namespace hindcast::query {

enum class TokenKind {
    Word,        ///< unquoted identifier or keyword
    Identifier,  ///< "quoted", [quoted] or `quoted`
    Text,        ///< 'text'
    Number,
    Parameter,  ///< ?1, :name, @name, $name
    Symbol,     ///< one punctuation character
    Broken,     ///< a quote or comment that does not end, or a byte that no token starts with
};

struct Token {
    TokenKind kind = TokenKind::Symbol;
    std::size_t begin = 0;  ///< bytes
    std::size_t end = 0;
    std::string value;  ///< unquoted; of symbols and numbers as written
};

/// Tokens of an SQL text in order; blanks and comments are left out.
std::vector<Token> tokensOf(std::string_view sql);

/// "name" in double quotes, as SQL reads it back.
std::string quotedIdentifier(std::string_view name);
std::string quotedText(std::string_view text);

/// Lower case of the ASCII letters: what SQLite compares names by.
std::string folded(std::string_view name);
/// Whether the unquoted word is SQL's own.
bool isKeyword(std::string_view word);

/// "line 2, column 7" (1-based, columns in characters) of a byte position.
std::string placeOf(std::string_view text, std::size_t position);

/// Names in `known` that a user may have meant by `wrong`, best first, three at most.
std::vector<std::string> closeNames(const std::string& wrong, const std::vector<std::string>& known);
/// "; did you mean loss or val_loss?", or "" without close names.
std::string suggestion(const std::string& wrong, const std::vector<std::string>& known);

}  // namespace hindcast::query
