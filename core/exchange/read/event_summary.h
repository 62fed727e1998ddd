// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "core/base/result.h"
#include "core/exchange/imported_run.h"
#include "core/exchange/wire/protobuf.h"

/// Internal to this folder: TensorBoard's Event message and what is in it.
namespace hindcast::exchange {

/// Puts the events of one run's files into it, in the order in which they are given.
class EventSink {
public:
    EventSink(ImportedRun& run, std::string loop) : m_run(run), m_loop(std::move(loop)) {}

    /// One Event message. A message that is none is counted as left out.
    base::Result<void> take(base::BytesView event);

private:
    struct Where {
        std::int64_t step = 0;
        std::int64_t micros = 0;
    };
    base::Result<void> takeSummary(base::BytesView summary, const Where& where);
    base::Result<void> takeValue(base::BytesView value, const Where& where);
    base::Result<void> log(const std::string& tag, format::Value value, const Where& where);
    void takeHyperparameters(base::BytesView pluginData);

    ImportedRun& m_run;
    std::string m_loop;
    std::map<std::string, std::string, std::less<>> m_plugins;  ///< by tag: only its first value names it
};

}  // namespace hindcast::exchange
