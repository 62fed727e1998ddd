// SPDX-License-Identifier: Apache-2.0
#include "core/syntax/log_calls.h"

#include <algorithm>
#include <cctype>

namespace hindcast::syntax {
namespace {

constexpr std::string_view kPackage = "hindcast";

const Binding* bindingAt(const SyntaxTree& tree, const Scopes& scopes, std::uint32_t node) {
    const auto token = tree.tokenAt(tree.node(node).begin);
    if (token >= tree.tokens().size() || scopes.bindingOf(token) < 0) return nullptr;
    return &scopes.binding(scopes.bindingOf(token));
}

/// `__import__("hindcast")`
bool isInlineImport(const SyntaxTree& tree, std::uint32_t node) {
    if (tree.node(node).kind != Kind::Call) return false;
    const auto function = tree.child(node, Field::Function);
    const auto arguments = tree.child(node, Field::Arguments);
    if (function < 0 || arguments < 0 || tree.nodeText(static_cast<std::size_t>(function)) != "__import__")
        return false;
    const auto first = static_cast<std::uint32_t>(arguments) + 2;  // past the parenthesis
    return first < tree.node(static_cast<std::size_t>(arguments)).next && literalString(tree, first) == kPackage;
}

std::vector<std::string> loopsAround(const SyntaxTree& tree, const Scopes& scopes, const Outline& outline,
                                     StatementId id) {
    std::vector<std::string> loops;
    for (auto up = outline.parent(id); up >= 0; up = outline.parent(up)) {
        const Kind kind = outline.statement(up).kind;
        const std::string name = loopName(tree, scopes, outline, up);
        if (kind == Kind::For || kind == Kind::While || !name.empty()) loops.insert(loops.begin(), name);
        if (kind == Kind::Function) break;
    }
    return loops;
}

/// The first argument of a call that is not a keyword, or the keyword `name`.
std::uint32_t nameArgument(const SyntaxTree& tree, std::uint32_t call) {
    const auto arguments = tree.child(call, Field::Arguments);
    if (arguments < 0) return 0;
    const auto list = static_cast<std::uint32_t>(arguments);
    for (std::uint32_t i = list + 1; i < tree.node(list).next; i = tree.node(i).next) {
        const Node& node = tree.node(i);
        if (!node.named || node.kind == Kind::Comment) continue;
        if (node.kind != Kind::KeywordArgument) return i;
        const auto key = tree.child(i, Field::Name);
        const auto value = tree.child(i, Field::Value);
        if (key >= 0 && value >= 0 && tree.nodeText(static_cast<std::size_t>(key)) == "name")
            return static_cast<std::uint32_t>(value);
    }
    return 0;
}

}  // namespace

std::string hindcastFunction(const SyntaxTree& tree, const Scopes& scopes, std::uint32_t call) {
    const auto function = tree.child(call, Field::Function);
    if (function < 0) return {};
    const auto callee = static_cast<std::uint32_t>(function);
    if (tree.node(callee).kind == Kind::Identifier) {
        const Binding* binding = bindingAt(tree, scopes, callee);
        const std::string prefix = std::string(kPackage) + ":";
        if (binding == nullptr || binding->origin.compare(0, prefix.size(), prefix) != 0) return {};
        return binding->origin.substr(prefix.size());
    }
    if (tree.node(callee).kind != Kind::Attribute) return {};
    const auto object = tree.child(callee, Field::Object);
    const auto attribute = tree.child(callee, Field::AttributeName);
    if (object < 0 || attribute < 0) return {};
    const std::string name(tree.nodeText(static_cast<std::size_t>(attribute)));
    if (isInlineImport(tree, static_cast<std::uint32_t>(object))) return name;
    if (tree.node(static_cast<std::size_t>(object)).kind != Kind::Identifier) return {};
    const Binding* binding = bindingAt(tree, scopes, static_cast<std::uint32_t>(object));
    return binding != nullptr && binding->origin == kPackage ? name : std::string();
}

bool callsLog(const SyntaxTree& tree, const Scopes& scopes, std::uint32_t node) {
    const auto end = tree.node(node).next;
    for (auto n = node; n < end; ++n) {
        if (tree.node(n).kind == Kind::Call && hindcastFunction(tree, scopes, n) == "log") return true;
    }
    return false;
}

std::string literalString(const SyntaxTree& tree, std::uint32_t node) {
    if (tree.node(node).kind != Kind::String) return {};
    std::string_view text = tree.nodeText(node);
    std::size_t quote = text.find_first_of("'\"");
    if (quote == std::string_view::npos) return {};
    for (const char c : text.substr(0, quote)) {
        const char lower = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        if (lower != 'r' && lower != 'u') return {};
    }
    const bool triple = text.size() >= quote + 6 && text[quote + 1] == text[quote] && text[quote + 2] == text[quote];
    const std::size_t width = triple ? 3 : 1;
    if (text.size() < quote + 2 * width) return {};
    const auto content = text.substr(quote + width, text.size() - quote - 2 * width);
    return content.find('\\') == std::string_view::npos ? std::string(content) : std::string();
}

std::string loopName(const SyntaxTree& tree, const Scopes& scopes, const Outline& outline, StatementId id) {
    const Statement& statement = outline.statement(id);
    if (statement.kind != Kind::For && statement.kind != Kind::With) return {};
    const std::uint32_t headEnd = statement.head.second > 0 ? tree.token(statement.head.second - 1).end : statement.end;
    for (std::uint32_t i = statement.node; i < tree.node(statement.node).next && tree.node(i).begin < headEnd; ++i) {
        if (tree.node(i).kind != Kind::Call) continue;
        const std::string function = hindcastFunction(tree, scopes, i);
        const bool names = (statement.kind == Kind::For && function == "loop") ||
                           (statement.kind == Kind::With && function == "iteration");
        if (!names) continue;
        const std::uint32_t argument = nameArgument(tree, i);
        return argument == 0 ? std::string() : literalString(tree, argument);
    }
    return {};
}

std::vector<LogCall> findLogCalls(const SyntaxTree& tree, const Scopes& scopes, const Outline& outline) {
    std::vector<LogCall> calls;
    for (std::uint32_t i = 0; i < tree.nodes().size(); ++i) {
        if (tree.node(i).kind != Kind::Call || hindcastFunction(tree, scopes, i) != "log") continue;
        LogCall call{};
        const std::uint32_t argument = nameArgument(tree, i);
        call.name = argument == 0 ? std::string() : literalString(tree, argument);
        call.literal = !call.name.empty();
        if (!call.literal && argument != 0) call.name = std::string(tree.nodeText(argument));
        call.line = tree.lineOf(tree.node(i).begin);
        call.statement = outline.covering(tree.node(i).begin);
        if (call.statement >= 0) call.loops = loopsAround(tree, scopes, outline, call.statement);
        calls.push_back(std::move(call));
    }
    return calls;
}

std::string logCallee(const SyntaxTree& tree, const Scopes& scopes, std::size_t byte) {
    const ScopeId here = scopes.scopeAt(tree, byte);
    std::string viaFunction;
    for (const Binding& binding : scopes.bindings()) {
        if (binding.kind != BindingKind::Import || binding.definitions.empty()) continue;
        const bool above = tree.token(binding.definitions.front()).begin < byte || (binding.scope == 0 && here != 0);
        const BindingId visible = scopes.lookUp(binding.name, here);
        if (!above || visible < 0 || &scopes.binding(visible) != &binding) continue;
        if (binding.origin == kPackage) return binding.name + ".log";
        if (binding.origin == "hindcast:log") viaFunction = binding.name;
    }
    return viaFunction.empty() ? "__import__(\"hindcast\").log" : viaFunction;
}

}  // namespace hindcast::syntax
