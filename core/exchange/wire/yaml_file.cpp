// SPDX-License-Identifier: Apache-2.0
#include "core/exchange/wire/yaml_file.h"

#include <yaml.h>

#include <cmath>
#include <memory>
#include <vector>

#include "core/base/file.h"
#include "core/exchange/wire/texts.h"

namespace hindcast::exchange {

using base::Error;
using base::ErrorCode;
using base::Result;
using nlohmann::json;

namespace {

struct EndParser {
    void operator()(yaml_parser_t* parser) const { yaml_parser_delete(parser); }
};
struct EndEvent {
    void operator()(yaml_event_t* event) const { yaml_event_delete(event); }
};

json plainScalar(const std::string& text) {
    if (text.empty() || text == "~") return nullptr;
    const format::Value value = valueOfText(text);
    if (const auto* number = std::get_if<double>(&value)) return std::isfinite(*number) ? json(*number) : json(text);
    if (const auto* integer = std::get_if<std::int64_t>(&value)) return *integer;
    if (const auto* flag = std::get_if<bool>(&value)) return *flag;
    if (std::holds_alternative<std::monostate>(value)) return nullptr;
    if (text == ".nan" || text == ".NaN") return "NaN";
    if (text == ".inf" || text == "-.inf") return text.front() == '-' ? "-Infinity" : "Infinity";
    return text;
}

/// Builds the document from libyaml's events.
class Builder {
public:
    /// False at what a document of a tracker never has.
    bool take(const yaml_event_t& event) {
        switch (event.type) {
            case YAML_ALIAS_EVENT:
                return false;
            case YAML_SCALAR_EVENT: {
                const std::string text(reinterpret_cast<const char*>(event.data.scalar.value),
                                       event.data.scalar.length);
                const bool plain = event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
                if (needsKey()) {
                    m_open.back().key = text;
                    m_open.back().hasKey = true;
                } else {
                    put(plain ? plainScalar(text) : json(text));
                }
                return true;
            }
            case YAML_MAPPING_START_EVENT:
            case YAML_SEQUENCE_START_EVENT: {
                constexpr std::size_t kMostLevels = 64;
                if (m_open.size() >= kMostLevels || needsKey()) return false;
                m_open.push_back({event.type == YAML_MAPPING_START_EVENT ? json::object() : json::array(), "", false});
                return true;
            }
            case YAML_MAPPING_END_EVENT:
            case YAML_SEQUENCE_END_EVENT: {
                json done = std::move(m_open.back().value);
                m_open.pop_back();
                put(std::move(done));
                return true;
            }
            default:
                return true;
        }
    }
    json take() { return std::move(m_document); }

private:
    struct Open {
        json value;
        std::string key;
        bool hasKey;
    };
    bool needsKey() const { return !m_open.empty() && m_open.back().value.is_object() && !m_open.back().hasKey; }
    void put(json value) {
        if (m_open.empty()) {
            if (m_document.is_null()) m_document = std::move(value);
        } else if (m_open.back().value.is_object()) {
            m_open.back().value[m_open.back().key] = std::move(value);
            m_open.back().hasKey = false;
        } else {
            m_open.back().value.push_back(std::move(value));
        }
    }

    std::vector<Open> m_open;
    json m_document;
};

}  // namespace

Result<json> readYaml(const std::filesystem::path& path) {
    constexpr std::uint64_t kMostBytes = std::uint64_t{16} << 20;
    HINDCAST_ASSIGN(const std::string raw, base::readTextFile(path, kMostBytes));
    const std::string text = wellFormed(raw);
    yaml_parser_t storage;
    if (yaml_parser_initialize(&storage) == 0) return Error(ErrorCode::Internal, "out of memory");
    const std::unique_ptr<yaml_parser_t, EndParser> parser(&storage);
    yaml_parser_set_input_string(parser.get(), reinterpret_cast<const unsigned char*>(text.data()), text.size());
    const auto wrong = [&parser, &path] {
        return Error(ErrorCode::Parse, path.string() + " is no YAML that can be read: line " +
                                           std::to_string(parser->mark.line + 1) +
                                           (parser->problem != nullptr ? std::string(": ") + parser->problem : ""));
    };
    Builder builder;
    for (;;) {
        yaml_event_t event;
        if (yaml_parser_parse(parser.get(), &event) == 0) return wrong();
        const std::unique_ptr<yaml_event_t, EndEvent> owner(&event);
        if (event.type == YAML_STREAM_END_EVENT) return builder.take();
        if (!builder.take(event)) return wrong();
    }
}

}  // namespace hindcast::exchange
