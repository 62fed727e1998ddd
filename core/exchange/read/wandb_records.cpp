// SPDX-License-Identifier: Apache-2.0
#include "core/exchange/read/wandb_records.h"

#include <algorithm>
#include <functional>
#include <set>

#include "core/exchange/wire/texts.h"

namespace hindcast::exchange {

using base::BytesView;
using base::Result;
using nlohmann::json;

namespace {

/// HistoryItem, ConfigItem and SummaryItem alike: key or nested keys, and the value as JSON.
struct Item {
    std::string name;
    json value;
};

Item itemOf(BytesView message) {
    Item item;
    for (ProtoReader fields(message); fields.next();) {
        if (fields.number() == 1) item.name = wellFormed(fields.text());
        if (fields.number() == 2) item.name += (item.name.empty() ? "" : ".") + wellFormed(fields.text());
        if (fields.number() == 16) item.value = parseJson(fields.text());
    }
    return item;
}

void eachItem(BytesView message, std::uint32_t field, const std::function<void(const Item&)>& use) {
    for (ProtoReader fields(message); fields.next();)
        if (fields.number() == field) use(itemOf(fields.bytes()));
}

bool isHistogram(const json& value) {
    return value.is_object() && value.value("_type", json()) == "histogram";
}

std::vector<double> numbersIn(const json& object, const char* key) {
    std::vector<double> numbers;
    const auto found = object.find(key);
    if (found == object.end() || !found->is_array()) return numbers;
    for (const json& item : *found) numbers.push_back(item.is_number() ? item.get<double>() : 0);
    return numbers;
}

/// {"values": counts, "bins": edges}, or {"packedBins": {"min", "size", "count"}, "values"}.
std::optional<format::Value> histogramOf(const json& value) {
    const std::vector<double> counts = numbersIn(value, "values");
    std::vector<double> edges = numbersIn(value, "bins");
    const auto packed = value.find("packedBins");
    if (edges.empty() && packed != value.end() && packed->is_object()) {
        const auto number = [&packed](const char* key) {
            const auto found = packed->find(key);
            return found != packed->end() && found->is_number() ? found->get<double>() : 0.0;
        };
        for (std::size_t i = 0; i <= counts.size(); ++i)
            edges.push_back(number("min") + static_cast<double>(i) * number("size"));
    }
    if (counts.empty() || edges.size() != counts.size() + 1) return std::nullopt;
    return histogram(edges, counts);
}

/// Calls `use` for the leaves of nested objects; histograms and media are leaves. As deep as objects of configurations
/// go; what is deeper is one value.
void eachLeaf(const std::string& name, const json& value, int levels,
              const std::function<void(const std::string&, const json&)>& use) {
    const bool isInner = value.is_object() && !value.contains("_type") && !value.empty() && levels > 0;
    if (!isInner) return use(name, value);
    for (const auto& [key, inner] : value.items()) eachLeaf(name + "." + key, inner, levels - 1, use);
}

constexpr int kMostLevels = 16;

std::int64_t timestampOf(BytesView message) {
    double seconds = 0;
    for (ProtoReader fields(message); fields.next();) {
        if (fields.number() == 1) seconds += static_cast<double>(fields.integer());
        if (fields.number() == 2) seconds += static_cast<double>(fields.integer()) * 1e-9;
    }
    return microsOf(seconds);
}

}  // namespace

Result<void> WandbRecords::take(BytesView record) {
    ProtoReader fields(record);
    while (fields.next()) {
        switch (fields.number()) {
            case 2:
                HINDCAST_TRY(takeHistory(fields.bytes()));
                break;
            case 3:
                eachItem(fields.bytes(), 1, [this](const Item& item) { summarize(item.name, item.value); });
                break;
            case 4:
                eachItem(fields.bytes(), 1, [this](const Item& item) { configure(item.name, item.value); });
                break;
            case 17:
                takeRun(fields.bytes());
                break;
            case 18:
                takeExit(fields.bytes());
                break;
            default:
                break;
        }
    }
    if (fields.failed()) m_run.leaveOut("unreadable records");
    return {};
}

Result<void> WandbRecords::takeHistory(BytesView history) {
    std::map<std::string, json> items;
    std::optional<std::int64_t> step;
    for (ProtoReader fields(history); fields.next();) {
        if (fields.number() == 1) {
            Item item = itemOf(fields.bytes());
            items[item.name] = std::move(item.value);
        }
        if (fields.number() != 2) continue;
        step = 0;
        for (ProtoReader number(fields.bytes()); number.next();)
            if (number.number() == 1) step = number.integer();
    }
    if (const auto own = items.find("_step"); own != items.end() && own->second.is_number_integer())
        step = own->second.get<std::int64_t>();
    std::int64_t micros = 0;
    if (const auto time = items.find("_timestamp"); time != items.end() && time->second.is_number())
        micros = microsOf(time->second.get<double>());
    const std::int64_t at = step.value_or(m_nextStep);
    m_nextStep = std::max(m_nextStep, at) + 1;
    HINDCAST_ASSIGN(const PassId pass, m_run.pass(kOutside, "step", at, micros));
    for (const auto& [name, value] : items) {
        if (name.starts_with('_')) continue;
        Result<void> done;
        eachLeaf(name, value, kMostLevels, [&](const std::string& leaf, const json& inner) {
            if (done) done = log(pass, leaf, inner, micros);
        });
        HINDCAST_TRY(std::move(done));
    }
    return {};
}

Result<void> WandbRecords::log(PassId pass, const std::string& name, const json& value, std::int64_t micros) {
    if (value.is_discarded()) {
        m_run.leaveOut("values that are no JSON");
    } else if (isHistogram(value)) {
        const auto made = histogramOf(value);
        made ? m_run.log(pass, name, *made, micros) : m_run.leaveOut("histograms without bins");
    } else if (value.is_object() && value.contains("_type")) {
        m_run.leaveOut("pictures, tables and other media");
    } else {
        m_run.log(pass, name, valueOfJson(value), micros);
    }
    return {};
}

void WandbRecords::configure(const std::string& name, const json& value) {
    // "_wandb" is what W&B notes about itself.
    if (name.empty() || name.starts_with("_wandb") || value.is_discarded()) return;
    eachLeaf(name, value, kMostLevels,
             [this](const std::string& leaf, const json& inner) { m_run.addArgument(leaf, valueOfJson(inner)); });
}

void WandbRecords::summarize(const std::string& name, const json& value) {
    if (!name.starts_with('_') && !value.is_discarded()) m_summary[name] = value;
}

void WandbRecords::takeRun(BytesView message) {
    for (ProtoReader fields(message); fields.next();) {
        switch (fields.number()) {
            case 4:
                eachItem(fields.bytes(), 1, [this](const Item& item) { configure(item.name, item.value); });
                break;
            case 8:
                m_run.note = wellFormed(fields.text());
                break;
            case 13:
                m_run.host = wellFormed(fields.text());
                break;
            case 17:
                m_run.startedMicros = timestampOf(fields.bytes());
                break;
            case 21:
                for (ProtoReader git(fields.bytes()); git.next();) {
                    if (git.number() == 1) m_run.gitRemote = wellFormed(git.text());
                    if (git.number() == 2) m_run.gitHead = wellFormed(git.text());
                }
                break;
            default:
                break;
        }
    }
}

void WandbRecords::takeExit(BytesView message) {
    m_hasExit = true;
    for (ProtoReader fields(message); fields.next();)
        if (fields.number() == 1 && fields.integer() != 0)
            m_run.exception = "the script ended with exit code " + std::to_string(fields.integer());
}

void WandbRecords::finish(bool wholeLog) {
    const std::set<std::string> logged(m_run.names().begin(), m_run.names().end());
    for (const auto& [name, value] : m_summary) {
        eachLeaf(name, value, kMostLevels, [&](const std::string& leaf, const json& inner) {
            const bool isMedium = inner.is_object() && inner.contains("_type");
            if (!logged.contains(leaf) && !logged.contains(name) && !isMedium)
                m_run.log(kOutside, leaf, valueOfJson(inner));
        });
    }
    if (wholeLog && !m_hasExit && m_run.incomplete.empty())
        m_run.incomplete = "the log does not say that the run ended";
}

}  // namespace hindcast::exchange
