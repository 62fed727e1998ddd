// SPDX-License-Identifier: Apache-2.0
#include "core/exchange/read/flordb_run.h"

#include <algorithm>
#include <set>

#include "core/exchange/wire/texts.h"

namespace hindcast::exchange {

using base::Error;
using base::ErrorCode;
using base::Result;
using nlohmann::json;

namespace {

std::string textAt(const json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

FlordbPass passOf(const json& context) {
    FlordbPass pass;
    pass.loop = textAt(context, "name");
    const auto iteration = context.find("iteration");
    if (iteration != context.end() && iteration->is_number_integer()) pass.iteration = iteration->get<std::int64_t>();
    const auto value = context.find("value");
    if (value != context.end() && value->is_string()) pass.value = value->get<std::string>();
    const auto id = context.find("ctx_id");
    if (id != context.end() && id->is_number_integer()) pass.id = id->get<std::int64_t>();
    return pass;
}

Error tooDeep() {
    return Error(ErrorCode::InvalidArgument, "a record stands in more than " +
                                                 std::to_string(ImportedRun::kMostLevels) +
                                                 " loops: this is no log of FlorDB");
}

/// Loops whose passes FlorDB counted from 1: those of version 3 of which no pass 0 was seen.
std::set<std::string> countedFromOne(const std::vector<FlordbRecord>& records) {
    std::map<std::string, std::int64_t> smallest;
    for (const FlordbRecord& record : records) {
        if (!record.countsFromOne) continue;
        for (const FlordbPass& pass : record.context) {
            if (!pass.iteration) continue;
            const auto [known, isNew] = smallest.try_emplace(pass.loop, *pass.iteration);
            if (!isNew) known->second = std::min(known->second, *pass.iteration);
        }
    }
    std::set<std::string> loops;
    for (const auto& [loop, least] : smallest)
        if (least >= 1) loops.insert(loop);
    return loops;
}

/// Gives passes that FlorDB did not count the next free number of their loop.
class PassNumbers {
public:
    std::int64_t indexOf(PassId parent, const FlordbPass& pass) {
        const std::string key = pass.id != 0 ? std::to_string(pass.id) : pass.value.value_or("");
        auto& known = m_known[{parent, pass.loop}];
        return known.try_emplace(key, static_cast<std::int64_t>(known.size())).first->second;
    }

private:
    std::map<std::pair<PassId, std::string>, std::map<std::string, std::int64_t>> m_known;
};

}  // namespace

Result<std::vector<FlordbPass>> flordbContext(const json& context) {
    std::vector<FlordbPass> passes;
    if (context.is_array()) {
        for (const json& pass : context)
            if (pass.is_object()) passes.push_back(passOf(pass));
        return passes;
    }
    for (const json* pass = &context; pass != nullptr && pass->is_object();) {
        if (passes.size() >= ImportedRun::kMostLevels) return tooDeep();
        passes.push_back(passOf(*pass));
        const auto parent = pass->find("p_ctx");
        pass = parent == pass->end() ? nullptr : &*parent;
    }
    std::reverse(passes.begin(), passes.end());
    return passes;
}

Result<std::optional<FlordbRecord>> flordbRecord(const json& object) {
    if (!object.is_object() || !object.contains("name") || !object.contains("value"))
        return std::optional<FlordbRecord>();
    FlordbRecord record;
    record.project = textAt(object, "projid");
    record.time = textAt(object, "tstamp");
    record.script = textAt(object, "filename");
    record.name = textAt(object, "name");
    record.value = valueOfJson(object["value"]);
    const auto type = object.find("type");
    if (type != object.end() && type->is_number_integer()) record.type = type->get<std::int64_t>();
    if (const std::string source = textAt(object, "source"); !source.empty() && source != "forward") record.type = 0;
    const auto context = object.find("ctx");
    if (context != object.end()) {
        record.countsFromOne = context->is_object();
        HINDCAST_ASSIGN(record.context, flordbContext(*context));
    }
    return std::optional(std::move(record));
}

void FlordbRuns::add(FlordbRecord record) {
    m_last = &m_runs[Key{record.time, record.project, record.script}];
    m_last->records.push_back(std::move(record));
}

bool FlordbRuns::has(const std::string& time) const {
    const auto from = m_runs.lower_bound(Key{time, "", ""});
    return from != m_runs.end() && std::get<0>(from->first) == time;
}

void FlordbRuns::describe(const Commit& commit) {
    if (m_last != nullptr) m_last->commit = commit;
}

Result<ImportedRun> FlordbRuns::make(const Key& key, const Run& from) const {
    const auto& [time, project, script] = key;
    ImportedRun run;
    run.kind = "flordb";
    run.source = m_source;
    run.run = time;
    run.identity = project + "\n" + time + "\n" + script;
    run.script = script;
    run.gitHead = from.commit.hash;
    run.startedMicros = run.endedMicros = timeOf(time).value_or(0);
    for (const auto& [name, text] : from.commit.arguments) run.addArgument(name, valueOfText(text));
    const std::set<std::string> fromOne = countedFromOne(from.records);
    PassNumbers numbers;
    bool loopSeen = false;
    for (const FlordbRecord& record : from.records) {
        loopSeen = loopSeen || !record.context.empty();
        if (record.type == 0) run.leaveOut("values that FlorDB replayed or guessed");
        if (record.type == 2) run.leaveOut("lines of captured output");
        if (record.type != 1) continue;
        const bool isKnownArgument = std::any_of(run.arguments().begin(), run.arguments().end(),
                                                 [&](const auto& argument) { return argument.first == record.name; });
        if (record.context.empty() && (isKnownArgument || (!loopSeen && from.commit.arguments.empty()))) {
            run.addArgument(record.name, record.value);
            continue;
        }
        PassId at = kOutside;
        for (const FlordbPass& pass : record.context) {
            const bool shift = record.countsFromOne && fromOne.contains(pass.loop);
            const std::int64_t index = pass.iteration ? *pass.iteration - (shift ? 1 : 0) : numbers.indexOf(at, pass);
            const std::string label = pass.value && *pass.value != std::to_string(index) ? *pass.value : "";
            HINDCAST_ASSIGN(at, run.pass(at, pass.loop, index, 0, label));
        }
        run.log(at, record.name, record.value);
    }
    return run;
}

Result<void> FlordbRuns::give(const RunSink& sink) {
    for (const auto& [key, from] : m_runs) {
        HINDCAST_ASSIGN(ImportedRun run, make(key, from));
        HINDCAST_TRY(sink(std::move(run)));
    }
    return {};
}

}  // namespace hindcast::exchange
