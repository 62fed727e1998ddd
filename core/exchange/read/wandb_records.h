// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "core/base/result.h"
#include "core/exchange/imported_run.h"
#include "core/exchange/wire/protobuf.h"

/// Internal to this folder: the records of a W&B transaction log.
namespace hindcast::exchange {

/// Puts records into a run, in their order.
class WandbRecords {
public:
    explicit WandbRecords(ImportedRun& run) : m_run(run) {}

    /// One Record message.
    base::Result<void> take(base::BytesView record);
    /// A value of the configuration or the summary; an object is taken apart into `name.key`.
    void configure(const std::string& name, const nlohmann::json& value);
    void summarize(const std::string& name, const nlohmann::json& value);
    /// What is known only at the end: the summary that stands outside every loop, and whether the run was over.
    void finish(bool wholeLog);

private:
    base::Result<void> takeHistory(base::BytesView history);
    base::Result<void> log(PassId pass, const std::string& name, const nlohmann::json& value, std::int64_t micros);
    void takeRun(base::BytesView run);
    void takeExit(base::BytesView exit);

    ImportedRun& m_run;
    std::map<std::string, nlohmann::json> m_summary;
    std::int64_t m_nextStep = 0;
    bool m_hasExit = false;
};

}  // namespace hindcast::exchange
