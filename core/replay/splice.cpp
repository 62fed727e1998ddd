// SPDX-License-Identifier: Apache-2.0
#include "core/replay/splice.h"

#include <algorithm>

#include "core/base/lines.h"
#include "core/format/digest.h"

namespace hindcast::replay {

using base::Error;
using base::ErrorCode;
using base::linesOf;
using base::Result;

namespace {

bool isInserted(const propagate::SplicedFile& spliced, int line) {
    return std::any_of(spliced.inserted.begin(), spliced.inserted.end(),
                       [line](const propagate::LineRange& range) { return line >= range.first && line <= range.last; });
}

std::string_view withoutLineEnd(std::string_view line) {
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
    return line;
}

bool endsLine(std::string_view text) {
    return text.empty() || text.back() == '\n' || text.back() == '\r';
}

/// One insertion at its place in a file, with the probe it belongs to.
struct Put {
    std::size_t offset;
    std::string_view text;
    int probe;
};

int lineCount(std::string_view text) {
    return static_cast<int>(linesOf(text).size());
}

/// Builds one file; appends the line ranges.
std::string putAll(std::string_view original, const std::vector<Put>& puts, const std::string& file,
                   std::vector<Injection>& injected) {
    std::string out;
    std::size_t from = 0;
    for (const Put& put : puts) {
        out += original.substr(from, put.offset - from);
        from = put.offset;
        std::string_view text = put.text;
        if (put.offset == original.size() && !endsLine(original)) {
            // The file ended without a line end: the first insertion brings one, those after it must not bring another.
            const std::size_t lead = std::min(text.find_first_not_of("\r\n"), text.size());
            if (!endsLine(out)) out += lead > 0 ? text.substr(0, lead) : "\n";
            text.remove_prefix(lead);
        }
        const int first = lineCount(out) + 1;
        out += text;
        injected.push_back({file, first, lineCount(out), put.probe});
    }
    out += original.substr(from);
    return out;
}

}  // namespace

Result<std::vector<Insertion>> insertionsOf(std::string_view original, const propagate::SplicedFile& spliced) {
    const Error mismatch(ErrorCode::InvalidArgument,
                         spliced.file + ": the spliced text is not the original with lines added");
    const std::vector<std::string_view> old = linesOf(original);
    std::vector<Insertion> insertions;
    std::size_t at = 0;
    std::size_t offset = 0;
    int line = 0;
    bool open = false;
    std::string broughtLineEnd;
    for (const std::string_view text : linesOf(spliced.text)) {
        ++line;
        if (isInserted(spliced, line)) {
            const bool starts = std::any_of(spliced.inserted.begin(), spliced.inserted.end(),
                                            [line](const propagate::LineRange& range) { return range.first == line; });
            if (!open || starts) insertions.push_back({spliced.file, offset, std::exchange(broughtLineEnd, "")});
            insertions.back().text += text;
            open = true;
            continue;
        }
        open = false;
        if (at >= old.size() || withoutLineEnd(old[at]) != withoutLineEnd(text)) return mismatch;
        if (text.size() > old[at].size()) broughtLineEnd = std::string(text.substr(old[at].size()));
        offset += old[at].size();
        ++at;
    }
    if (at != old.size()) return mismatch;
    return insertions;
}

Result<SplicedSource> spliceAll(const std::map<std::string, std::string>& originals,
                                const std::vector<ProbeInsertions>& probes) {
    std::map<std::string, std::vector<Put>> byFile;
    for (const ProbeInsertions& probe : probes) {
        for (const Insertion& insertion : probe.insertions) {
            const auto original = originals.find(insertion.file);
            if (original == originals.end())
                return Error(ErrorCode::NotFound, "the version has no file " + insertion.file);
            if (insertion.offset > original->second.size()) {
                return Error(ErrorCode::InvalidArgument,
                             insertion.file + " is shorter than the place a probe stands at");
            }
            std::vector<Put>& puts = byFile[insertion.file];
            const bool shared = std::any_of(puts.begin(), puts.end(), [&](const Put& put) {
                return put.offset == insertion.offset && put.text == insertion.text && put.probe != probe.probe;
            });
            if (!shared) puts.push_back({insertion.offset, insertion.text, probe.probe});
        }
    }
    SplicedSource source;
    for (auto& [file, puts] : byFile) {
        std::stable_sort(puts.begin(), puts.end(), [](const Put& a, const Put& b) { return a.offset < b.offset; });
        source.files[file] = putAll(originals.at(file), puts, file, source.injected);
    }
    return source;
}

std::string memoKey(const base::Uuid& version, const std::map<std::string, std::string>& changed, Mode mode) {
    format::DigestStream stream;
    const auto add = [&stream](std::string_view text) {
        stream.update(base::bytesOf(text));
        stream.update(base::bytesOf(std::string_view("\0", 1)));
    };
    add(version.text());
    for (const auto& [file, text] : changed) {
        add(file);
        add(text);
    }
    add(modeName(mode));
    return stream.digest().hex();
}

}  // namespace hindcast::replay
