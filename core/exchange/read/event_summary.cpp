// SPDX-License-Identifier: Apache-2.0
#include "core/exchange/read/event_summary.h"

#include "core/exchange/read/tensor_proto.h"
#include "core/exchange/wire/texts.h"

namespace hindcast::exchange {

using base::BytesView;
using base::Result;
using format::Value;

namespace {

/// SummaryMetadata: the plug-in's name, and what it keeps for itself.
struct PluginData {
    std::string name;
    BytesView content;
};

PluginData pluginOf(BytesView metadata) {
    PluginData plugin;
    for (ProtoReader fields(metadata); fields.next();) {
        if (fields.number() != 1) continue;
        for (ProtoReader data(fields.bytes()); data.next();) {
            if (data.number() == 1) plugin.name = wellFormed(data.text());
            if (data.number() == 2) plugin.content = data.bytes();
        }
    }
    return plugin;
}

/// google.protobuf.Value, as far as hyper-parameters have it.
Value parameterOf(BytesView message) {
    Value value = std::monostate{};
    for (ProtoReader fields(message); fields.next();) {
        if (fields.number() == 2) value = fields.number64();
        if (fields.number() == 3) value = wellFormed(fields.text());
        if (fields.number() == 4) value = fields.integer() != 0;
    }
    return value;
}

}  // namespace

Result<void> EventSink::take(BytesView event) {
    Where where;
    BytesView summary;
    ProtoReader fields(event);
    while (fields.next()) {
        if (fields.number() == 1) where.micros = microsOf(fields.number64());
        if (fields.number() == 2) where.step = fields.integer();
        if (fields.number() == 5) summary = fields.bytes();
        if (fields.number() == 4 || fields.number() == 9) m_run.leaveOut("graphs");
    }
    if (fields.failed()) {
        m_run.leaveOut("unreadable events");
        return {};
    }
    m_run.noteTime(where.micros);
    return takeSummary(summary, where);
}

Result<void> EventSink::takeSummary(BytesView summary, const Where& where) {
    ProtoReader fields(summary);
    while (fields.next())
        if (fields.number() == 1) HINDCAST_TRY(takeValue(fields.bytes(), where));
    if (fields.failed()) m_run.leaveOut("unreadable events");
    return {};
}

Result<void> EventSink::log(const std::string& tag, Value value, const Where& where) {
    HINDCAST_ASSIGN(const PassId pass, m_run.pass(kOutside, m_loop, where.step, where.micros));
    m_run.log(pass, tag, std::move(value), where.micros);
    return {};
}

/// HParamsPluginData: session_start_info, a map from names to values.
void EventSink::takeHyperparameters(BytesView pluginData) {
    for (ProtoReader fields(pluginData); fields.next();) {
        if (fields.number() != 3) continue;
        for (ProtoReader session(fields.bytes()); session.next();) {
            if (session.number() != 1) continue;
            std::string_view name;
            BytesView value;
            for (ProtoReader entry(session.bytes()); entry.next();) {
                if (entry.number() == 1) name = entry.text();
                if (entry.number() == 2) value = entry.bytes();
            }
            m_run.addArgument(name, parameterOf(value));
        }
    }
}

Result<void> EventSink::takeValue(BytesView message, const Where& where) {
    std::string tag;
    std::optional<Value> value;
    BytesView tensor;
    bool hasTensor = false;
    bool isMedium = false;
    PluginData plugin;
    ProtoReader fields(message);
    while (fields.next()) {
        switch (fields.number()) {
            case 1:
                tag = wellFormed(fields.text());
                break;
            case 2:
                value = static_cast<double>(fields.number32());
                break;
            case 5:
                value = valueOfHistogram(fields.bytes());
                break;
            case 4:  // image
            case 6:  // audio
                isMedium = true;
                break;
            case 8:
                tensor = fields.bytes();
                hasTensor = true;
                break;
            case 9:
                plugin = pluginOf(fields.bytes());
                break;
            default:
                break;
        }
    }
    if (fields.failed()) {
        m_run.leaveOut("unreadable values");
        return {};
    }
    if (!plugin.name.empty()) m_plugins[tag] = plugin.name;
    if (plugin.name == "hparams") {
        takeHyperparameters(plugin.content);
        return {};
    }
    const auto known = m_plugins.find(tag);
    const std::string_view of = known == m_plugins.end() ? std::string_view() : std::string_view(known->second);
    if (isMedium || of == "images" || of == "audio" || of == "mesh") {
        m_run.leaveOut("pictures and sounds");
        return {};
    }
    if (hasTensor) value = valueOfTensor(tensor, of == "histograms");
    if (!value || tag.empty()) {
        m_run.leaveOut("values without a meaning here");
        return {};
    }
    return log(tag, *std::move(value), where);
}

}  // namespace hindcast::exchange
