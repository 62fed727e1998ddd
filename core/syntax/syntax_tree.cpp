// SPDX-License-Identifier: Apache-2.0
#include "core/syntax/syntax_tree.h"

#include <tree_sitter/api.h>
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <unordered_map>

#include "core/syntax/source_encoding.h"

extern "C" const TSLanguage* tree_sitter_python(void);

namespace hindcast::syntax {
namespace {

constexpr std::size_t kMaxBytes = 16u << 20;
constexpr int kMaxDepth = 1000;
constexpr std::uint64_t kMaxParseMicros = 20'000'000;

struct SymbolName {
    std::string_view name;
    Kind kind;
};

constexpr SymbolName kSymbolNames[] = {
    {"module", Kind::Module},
    {"block", Kind::Block},
    {"comment", Kind::Comment},
    {"identifier", Kind::Identifier},
    {"attribute", Kind::Attribute},
    {"call", Kind::Call},
    {"subscript", Kind::Subscript},
    {"argument_list", Kind::Arguments},
    {"keyword_argument", Kind::KeywordArgument},
    {"dotted_name", Kind::DottedName},
    {"lambda", Kind::Lambda},
    {"list_comprehension", Kind::Comprehension},
    {"set_comprehension", Kind::Comprehension},
    {"dictionary_comprehension", Kind::Comprehension},
    {"generator_expression", Kind::Comprehension},
    {"for_in_clause", Kind::ForInClause},
    {"named_expression", Kind::NamedExpression},
    {"as_pattern", Kind::AsPattern},
    {"as_pattern_target", Kind::AsPatternTarget},
    {"interpolation", Kind::Interpolation},
    {"string", Kind::String},
    {"string_start", Kind::StringPart},
    {"string_content", Kind::StringPart},
    {"string_end", Kind::StringPart},
    {"integer", Kind::Number},
    {"float", Kind::Number},
    {"pattern_list", Kind::PatternGroup},
    {"tuple_pattern", Kind::PatternGroup},
    {"list_pattern", Kind::PatternGroup},
    {"parenthesized_expression", Kind::Parenthesized},
    {"tuple", Kind::Parenthesized},
    {"list", Kind::Parenthesized},
    {"expression_list", Kind::ExpressionList},
    {"parameters", Kind::Parameters},
    {"lambda_parameters", Kind::LambdaParameters},
    {"default_parameter", Kind::DefaultParameter},
    {"typed_parameter", Kind::TypedParameter},
    {"typed_default_parameter", Kind::TypedDefaultParameter},
    {"list_splat_pattern", Kind::SplatPattern},
    {"dictionary_splat_pattern", Kind::SplatPattern},
    {"splat_pattern", Kind::SplatPattern},
    {"decorator", Kind::Decorator},
    {"type_parameter", Kind::TypeParameters},
    {"expression_statement", Kind::ExpressionStatement},
    {"assignment", Kind::Assignment},
    {"augmented_assignment", Kind::AugmentedAssignment},
    {"return_statement", Kind::Return},
    {"delete_statement", Kind::Delete},
    {"raise_statement", Kind::Raise},
    {"pass_statement", Kind::Pass},
    {"break_statement", Kind::Break},
    {"continue_statement", Kind::Continue},
    {"global_statement", Kind::Global},
    {"nonlocal_statement", Kind::Nonlocal},
    {"import_statement", Kind::Import},
    {"import_from_statement", Kind::ImportFrom},
    {"future_import_statement", Kind::ImportFrom},
    {"aliased_import", Kind::AliasedImport},
    {"wildcard_import", Kind::WildcardImport},
    {"relative_import", Kind::RelativeImport},
    {"type_alias_statement", Kind::TypeAlias},
    {"assert_statement", Kind::OtherSimple},
    {"if_statement", Kind::If},
    {"for_statement", Kind::For},
    {"while_statement", Kind::While},
    {"try_statement", Kind::Try},
    {"with_statement", Kind::With},
    {"with_item", Kind::WithItem},
    {"match_statement", Kind::Match},
    {"function_definition", Kind::Function},
    {"class_definition", Kind::Class},
    {"decorated_definition", Kind::Decorated},
    {"elif_clause", Kind::ElifClause},
    {"else_clause", Kind::ElseClause},
    {"except_clause", Kind::ExceptClause},
    {"except_group_clause", Kind::ExceptClause},
    {"finally_clause", Kind::FinallyClause},
    {"case_clause", Kind::CaseClause},
    {"case_pattern", Kind::CasePattern},
    {"print_statement", Kind::Python2},
    {"exec_statement", Kind::Python2},
};

struct FieldName {
    std::string_view name;
    Field field;
};

constexpr FieldName kFieldNames[] = {
    {"name", Field::Name},
    {"alias", Field::Alias},
    {"left", Field::Left},
    {"right", Field::Right},
    {"object", Field::Object},
    {"attribute", Field::AttributeName},
    {"function", Field::Function},
    {"arguments", Field::Arguments},
    {"body", Field::Body},
    {"consequence", Field::Body},
    {"value", Field::Value},
    {"definition", Field::Definition},
    {"module_name", Field::ModuleName},
    {"parameters", Field::Parameters},
    {"type", Field::Type},
    {"condition", Field::Condition},
    {"subject", Field::Condition},
};

/// Kinds and fields by tree-sitter's numbers, made once.
struct LanguageTables {
    std::vector<Kind> kinds;
    std::vector<Field> fields;

    LanguageTables() {
        const TSLanguage* language = tree_sitter_python();
        const std::uint32_t symbols = ts_language_symbol_count(language);
        for (std::uint32_t s = 0; s < symbols; ++s) {
            kinds.push_back(kindOf(language, static_cast<TSSymbol>(s)));
        }
        const std::uint32_t count = ts_language_field_count(language);
        fields.assign(count + 1, Field::None);
        for (std::uint32_t f = 1; f <= count; ++f) {
            const std::string_view name = ts_language_field_name_for_id(language, static_cast<TSFieldId>(f));
            for (const auto& known : kFieldNames) {
                if (known.name == name) fields[f] = known.field;
            }
        }
    }

    static Kind kindOf(const TSLanguage* language, TSSymbol symbol) {
        if (ts_language_symbol_type(language, symbol) != TSSymbolTypeRegular) return Kind::Token;
        const std::string_view name = ts_language_symbol_name(language, symbol);
        for (const auto& known : kSymbolNames) {
            if (known.name == name) return known.kind;
        }
        return Kind::Other;
    }
};

const LanguageTables& tables() {
    static const LanguageTables instance;
    return instance;
}

struct ParserDelete {
    void operator()(TSParser* parser) const { ts_parser_delete(parser); }
};
struct TreeDelete {
    void operator()(TSTree* tree) const { ts_tree_delete(tree); }
};

base::Error parseError(std::string_view name, const std::string& what) {
    return base::Error(base::ErrorCode::Parse, std::string(name) + ": " + what);
}

}  // namespace

/// Walks tree-sitter's tree once and fills the flat arrays.
class TreeBuilder {
public:
    explicit TreeBuilder(std::string_view name) : m_name(name), m_result(std::make_shared<SyntaxTree>()) {}

    base::Result<std::shared_ptr<const SyntaxTree>> build(std::string text) {
        if (text.size() > kMaxBytes) return parseError(m_name, "the file is larger than 16 MiB");
        if (text.find('\0') != std::string::npos)
            return parseError(m_name, "the file has NUL bytes; it is no Python source");
        HINDCAST_ASSIGN(auto encoding, declaredEncoding(text));
        m_result->m_text = std::move(text);
        m_result->m_utf8 = encoding.utf8;
        indexLines();
        std::string masked = needsMask(encoding) ? maskedForParsing(m_result->m_text, encoding) : std::string();
        if (m_loneReturns) masked = withLineFeeds(masked.empty() ? m_result->m_text : std::move(masked));
        const std::string& source = masked.empty() ? m_result->m_text : masked;
        std::unique_ptr<TSParser, ParserDelete> parser(ts_parser_new());
        ts_parser_set_language(parser.get(), tree_sitter_python());
        ts_parser_set_timeout_micros(parser.get(), kMaxParseMicros);
        std::unique_ptr<TSTree, TreeDelete> tree(
            ts_parser_parse_string(parser.get(), nullptr, source.data(), static_cast<std::uint32_t>(source.size())));
        if (!tree) return parseError(m_name, "the file takes too long to parse");
        const TSNode root = ts_tree_root_node(tree.get());
        if (ts_node_has_error(root))
            return parseError(m_name, "syntax error near line " + std::to_string(errorLine(root)));
        HINDCAST_TRY(walk(root));
        collectTokens();
        return std::shared_ptr<const SyntaxTree>(m_result);
    }

private:
    bool needsMask(const SourceEncoding& encoding) const {
        return !encoding.utf8 && std::any_of(m_result->m_text.begin(), m_result->m_text.end(),
                                             [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
    }

    void indexLines() {
        auto& begins = m_result->m_lineBegins;
        const std::string& text = m_result->m_text;
        begins.push_back(0);
        for (std::size_t i = 0; i < text.size(); ++i) {
            const bool loneReturn = text[i] == '\r' && (i + 1 == text.size() || text[i + 1] != '\n');
            m_loneReturns = m_loneReturns || loneReturn;
            if ((text[i] == '\n' || loneReturn) && i + 1 < text.size())
                begins.push_back(static_cast<std::uint32_t>(i + 1));
        }
    }

    /// The grammar knows no line that ends with a lone carriage return; Python does.
    static std::string withLineFeeds(std::string text) {
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (text[i] == '\r' && (i + 1 == text.size() || text[i + 1] != '\n')) text[i] = '\n';
        }
        return text;
    }

    static std::uint32_t errorLine(TSNode node) {
        // Descend to the first node that is itself the error.
        for (;;) {
            if (ts_node_is_missing(node) || ts_node_type(node) == std::string_view("ERROR")) break;
            bool found = false;
            for (std::uint32_t i = 0; i < ts_node_child_count(node) && !found; ++i) {
                const TSNode child = ts_node_child(node, i);
                if (ts_node_has_error(child) || ts_node_is_missing(child)) {
                    node = child;
                    found = true;
                }
            }
            if (!found) break;
        }
        return ts_node_start_point(node).row + 1;
    }

    base::Result<void> walk(TSNode root) {
        m_result->m_nodes.reserve(m_result->m_text.size() / 3 + 16);
        TSTreeCursor cursor = ts_tree_cursor_new(root);
        auto outcome = walkWith(cursor);
        ts_tree_cursor_delete(&cursor);
        return outcome;
    }

    base::Result<void> walkWith(TSTreeCursor& cursor) {
        std::vector<std::uint32_t> open;
        for (;;) {
            const std::uint32_t index = add(cursor, open.empty() ? -1 : static_cast<std::int32_t>(open.back()));
            const Kind kind = m_result->m_nodes[index].kind;
            if (kind == Kind::Python2) {
                return base::Error(base::ErrorCode::Conflict,
                                   std::string(m_name) + ": line " +
                                       std::to_string(m_result->lineOf(m_result->m_nodes[index].begin)) +
                                       " is a Python 2 statement; the recorded interpreter cannot run this file");
            }
            if (kind != Kind::StringPart && ts_tree_cursor_goto_first_child(&cursor)) {
                open.push_back(index);
                if (open.size() > kMaxDepth) return parseError(m_name, "the file nests too deeply");
                continue;
            }
            m_result->m_nodes[index].next = index + 1;
            while (!ts_tree_cursor_goto_next_sibling(&cursor)) {
                if (!ts_tree_cursor_goto_parent(&cursor) || open.empty()) return {};
                m_result->m_nodes[open.back()].next = static_cast<std::uint32_t>(m_result->m_nodes.size());
                open.pop_back();
                if (open.empty()) return {};
            }
        }
    }

    std::uint32_t add(const TSTreeCursor& cursor, std::int32_t parent) {
        const TSNode node = ts_tree_cursor_current_node(&cursor);
        const TSSymbol symbol = ts_node_symbol(node);
        const auto& names = tables();
        Node out{};
        out.kind = symbol < names.kinds.size() ? names.kinds[symbol] : Kind::Error;
        const TSFieldId field = ts_tree_cursor_current_field_id(&cursor);
        out.field = field < names.fields.size() ? names.fields[field] : Field::None;
        out.named = ts_node_is_named(node);
        out.begin = ts_node_start_byte(node);
        out.end = ts_node_end_byte(node);
        out.parent = parent;
        m_result->m_nodes.push_back(out);
        return static_cast<std::uint32_t>(m_result->m_nodes.size() - 1);
    }

    /// Tokens are the leaves; a string without interpolation is one token, and in one with them the text that no leaf
    /// covers (format specifiers) becomes a token too.
    void collectTokens() {
        const auto& nodes = m_result->m_nodes;
        for (std::uint32_t i = 0; i < nodes.size();) {
            const Node& node = nodes[i];
            if (node.kind == Kind::Comment || isLineContinuation(i)) {
                i = node.next;
            } else if (node.kind == Kind::String) {
                addString(i);
                i = node.next;
            } else {
                if (node.next == i + 1 && node.end > node.begin) addToken(node.begin, node.end, i);
                ++i;
            }
        }
    }

    bool isLineContinuation(std::uint32_t index) const {
        const Node& node = m_result->m_nodes[index];
        return node.next == index + 1 && node.end > node.begin && m_result->m_text[node.begin] == '\\';
    }

    void addString(std::uint32_t index) {
        const auto& nodes = m_result->m_nodes;
        const Node& string = nodes[index];
        bool interpolated = false;
        for (std::uint32_t i = index + 1; i < string.next; ++i) interpolated |= nodes[i].kind == Kind::Interpolation;
        if (!interpolated) {
            addToken(string.begin, string.end, index);
            return;
        }
        std::uint32_t covered = string.begin;
        for (std::uint32_t i = index + 1; i < string.next; ++i) {
            if (nodes[i].next != i + 1 || nodes[i].end <= nodes[i].begin || nodes[i].kind == Kind::Comment) continue;
            if (nodes[i].begin > covered && hasInk(covered, nodes[i].begin)) addToken(covered, nodes[i].begin, index);
            addToken(nodes[i].begin, nodes[i].end, i);
            covered = nodes[i].end;
        }
        if (covered < string.end && hasInk(covered, string.end)) addToken(covered, string.end, index);
    }

    bool hasInk(std::uint32_t begin, std::uint32_t end) const {
        return m_result->range(begin, end).find_first_not_of(" \t\r\n\f") != std::string_view::npos;
    }

    void addToken(std::uint32_t begin, std::uint32_t end, std::uint32_t node) {
        const std::string_view text = m_result->range(begin, end);
        m_result->m_tokens.push_back(
            {begin, end, node, tokenKind(m_result->m_nodes[node], text), XXH3_64bits(text.data(), text.size())});
    }

    static TokenKind tokenKind(const Node& node, std::string_view text) {
        if (node.kind == Kind::Identifier) return TokenKind::Identifier;
        if (node.kind == Kind::String || node.kind == Kind::StringPart || node.kind == Kind::Number)
            return TokenKind::Literal;
        const auto first = static_cast<unsigned char>(text.front());
        return std::isalpha(first) != 0 ? TokenKind::Keyword : TokenKind::Punctuation;
    }

    std::string_view m_name;
    std::shared_ptr<SyntaxTree> m_result;
    bool m_loneReturns = false;
};

int SyntaxTree::lineOf(std::size_t byte) const {
    const auto after = std::upper_bound(m_lineBegins.begin(), m_lineBegins.end(), byte);
    return static_cast<int>(after - m_lineBegins.begin());
}

std::size_t SyntaxTree::lineBegin(int line) const {
    if (line < 1) return 0;
    return line > lineCount() ? m_text.size() : m_lineBegins[static_cast<std::size_t>(line - 1)];
}

std::size_t SyntaxTree::tokenAt(std::size_t byte) const {
    const auto found = std::lower_bound(m_tokens.begin(), m_tokens.end(), byte,
                                        [](const Token& token, std::size_t at) { return token.begin < at; });
    return static_cast<std::size_t>(found - m_tokens.begin());
}

std::int32_t SyntaxTree::child(std::size_t parent, Field field) const {
    for (std::uint32_t i = static_cast<std::uint32_t>(parent) + 1; i < m_nodes[parent].next; i = m_nodes[i].next) {
        if (m_nodes[i].field == field) return static_cast<std::int32_t>(i);
    }
    return -1;
}

base::Result<std::shared_ptr<const SyntaxTree>> parsePython(std::string_view name, std::string text) {
    return TreeBuilder(name).build(std::move(text));
}

}  // namespace hindcast::syntax
