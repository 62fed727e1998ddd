// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace hindcast::syntax {

/// What a syntax node is, as far as the layers above need to tell nodes apart.
enum class Kind : std::uint8_t {
    Other,
    Token,
    Error,
    Module,
    Block,
    Comment,
    Identifier,
    Attribute,
    Call,
    Subscript,
    Arguments,
    KeywordArgument,
    DottedName,
    Lambda,
    Comprehension,
    ForInClause,
    NamedExpression,
    AsPattern,
    AsPatternTarget,
    Interpolation,
    String,
    StringPart,
    Number,
    PatternGroup,
    Parenthesized,
    ExpressionList,
    Parameters,
    LambdaParameters,
    DefaultParameter,
    TypedParameter,
    TypedDefaultParameter,
    SplatPattern,
    Decorator,
    TypeParameters,
    ExpressionStatement,
    Assignment,
    AugmentedAssignment,
    Return,
    Delete,
    Raise,
    Pass,
    Break,
    Continue,
    Global,
    Nonlocal,
    Import,
    ImportFrom,
    AliasedImport,
    WildcardImport,
    RelativeImport,
    TypeAlias,
    OtherSimple,
    If,
    For,
    While,
    Try,
    With,
    WithItem,
    Match,
    Function,
    Class,
    Decorated,
    ElifClause,
    ElseClause,
    ExceptClause,
    FinallyClause,
    CaseClause,
    CasePattern,
    Python2,
};

/// The role a child has in its parent, where it matters.
enum class Field : std::uint8_t {
    None,
    Name,
    Alias,
    Left,
    Right,
    Object,
    AttributeName,
    Function,
    Arguments,
    Body,
    Value,
    Definition,
    ModuleName,
    Parameters,
    Type,
    Condition
};

/// One node; children follow it directly (preorder), `next` is the index just past its subtree.
struct Node {
    Kind kind;
    Field field;
    bool named;
    std::uint32_t begin;  ///< first byte
    std::uint32_t end;    ///< past the last byte
    std::int32_t parent;  ///< -1 for the root
    std::uint32_t next;
};

/// What a token is when statements are compared.
enum class TokenKind : std::uint8_t { Identifier, Literal, Keyword, Punctuation };

/// One lexical token of the code; comments, line ends and `;` between statements are none.
struct Token {
    std::uint32_t begin;
    std::uint32_t end;
    std::uint32_t node;
    TokenKind kind;
    std::uint64_t hash;  ///< of the text
};

/// A parsed source: flat arrays over text that it owns. Immutable, so it may be read from any thread.
/// Node and token positions are byte offsets into text().
class SyntaxTree {
public:
    const std::string& text() const { return m_text; }
    const std::vector<Node>& nodes() const { return m_nodes; }
    const std::vector<Token>& tokens() const { return m_tokens; }
    const Node& node(std::size_t index) const { return m_nodes[index]; }
    const Token& token(std::size_t index) const { return m_tokens[index]; }

    std::string_view nodeText(std::size_t index) const { return range(m_nodes[index].begin, m_nodes[index].end); }
    std::string_view tokenText(std::size_t index) const { return range(m_tokens[index].begin, m_tokens[index].end); }
    std::string_view range(std::size_t begin, std::size_t end) const {
        return std::string_view(m_text).substr(begin, end - begin);
    }

    /// 1-based line of a byte, and the first byte of a 1-based line (lineCount() + 1 gives the end of the text).
    int lineOf(std::size_t byte) const;
    std::size_t lineBegin(int line) const;
    int lineCount() const { return static_cast<int>(m_lineBegins.size()); }

    /// Index of the first token that begins at or after the byte.
    std::size_t tokenAt(std::size_t byte) const;
    /// The child of `node` with the field, or -1.
    std::int32_t child(std::size_t node, Field field) const;

    /// True where the declared encoding is UTF-8 (declared, by a byte order mark, or by default).
    bool isUtf8() const { return m_utf8; }

private:
    friend class TreeBuilder;
    std::string m_text;
    std::vector<Node> m_nodes;
    std::vector<Token> m_tokens;
    std::vector<std::uint32_t> m_lineBegins;
    bool m_utf8 = true;
};

/// Parses Python source, given as the raw bytes of a file; `name` is used in messages only. ErrorCode::Parse where the
/// source has a syntax error, NUL bytes or a declared encoding that is not known, is larger than 16 MiB, or nests
/// deeper than 1,000 levels. ErrorCode::Conflict where it parses but only Python 2 could run it (print and exec
/// statements). About 10 MB/s.
[[nodiscard]] base::Result<std::shared_ptr<const SyntaxTree>> parsePython(std::string_view name, std::string text);

}  // namespace hindcast::syntax
