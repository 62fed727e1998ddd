// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <future>
#include <memory>
#include <string>
#include <string_view>

#include "core/propagate/propagate.h"
#include "core/syntax/outline.h"
#include "core/syntax/scopes.h"
#include "core/syntax/syntax_tree.h"

namespace hindcast::propagate {

/// A source with all that is read off it. Immutable.
struct ParsedFile {
    std::string path;
    std::shared_ptr<const syntax::SyntaxTree> tree;
    syntax::Outline outline;
    syntax::Scopes scopes;

    const std::string& text() const { return tree->text(); }
};

using ParsedFilePtr = std::shared_ptr<const ParsedFile>;

[[nodiscard]] base::Result<ParsedFilePtr> parseFile(std::string path, std::string text);

/// The way to a Project's parsed files. Thread-safe.
class ProjectAccess {
public:
    /// The parsed file, parsing it on first use. ErrorCode::NotFound, Parse or Conflict (Python 2).
    [[nodiscard]] static base::Result<ParsedFilePtr> parsed(const Project& project, std::string_view path);
    /// Parses a file on another thread if that has not been done; waited for where the answer is dropped.
    [[nodiscard]] static std::future<void> parseBeside(const Project& project, std::string_view path);
    static const SourceFile* find(const Project& project, std::string_view path);
};

}  // namespace hindcast::propagate
