// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "app/cli/print.h"
#include "app/cli/verb.h"
#include "app/cli/words.h"

namespace hindcast::cli {

namespace {

using workspace::ProbeDraft;
using workspace::ProbeView;
using workspace::Workspace;

struct ProbeOptions {
    std::string place;  // FILE:LINE
    std::string probe;  // id or name
    std::string name;
    std::string expression;
    std::string statement;
    bool json = false;
};

Json describe(const ProbeView& probe) {
    return {{"id", probe.id},     {"revision", probe.revision},
            {"name", probe.name}, {"names", probe.names},
            {"file", probe.file}, {"line", probe.line},
            {"text", probe.text}, {"inWorkTree", probe.typedInWorkTree}};
}

void print(const std::vector<ProbeView>& probes, bool json) {
    if (json) {
        Json document;
        document["schema"] = "hindcast.probes/1";
        document["probes"] = Json::array();
        for (const auto& probe : probes) document["probes"].push_back(describe(probe));
        printJson(document);
        return;
    }
    Table table;
    for (const char* title : {"name", "place", "rev.", "statement"}) table.addColumn(title);
    for (const auto& probe : probes) {
        std::string text = probe.text;
        std::replace(text.begin(), text.end(), '\n', ' ');
        table.addRow({probe.name, probe.file + ":" + std::to_string(probe.line), std::to_string(probe.revision), text});
    }
    if (!table.empty()) table.print(stdout);
}

base::Result<ProbeView> findProbe(Workspace& workspace, const std::string& text) {
    HINDCAST_ASSIGN(const auto probes, workspace.probes());
    const ProbeView* found = nullptr;
    for (const auto& probe : probes) {
        if (probe.id != text && probe.name != text) continue;
        if (found)
            return base::Error(base::ErrorCode::InvalidArgument,
                               "several probes are named '" + text + "'; name one by its id (probe list --json)");
        found = &probe;
    }
    if (!found)
        return base::Error(base::ErrorCode::InvalidArgument,
                           "there is no probe '" + text + "'; hindcast probe list shows them");
    return *found;
}

base::Result<ProbeDraft> draftOf(const ProbeOptions& options) {
    ProbeDraft draft;
    if (!options.place.empty()) {
        HINDCAST_ASSIGN(const auto place, parsePlace(options.place));
        draft.file = place.first;
        draft.line = place.second;
    }
    draft.name = options.name;
    draft.expression = options.expression;
    draft.statement = options.statement;
    return draft;
}

Outcome add(const Invocation& invocation, const ProbeOptions& options) {
    if (options.statement.empty() && (options.name.empty() || options.expression.empty())) {
        return base::Error(base::ErrorCode::InvalidArgument, "a probe needs --name and --expr, or --statement");
    }
    HINDCAST_ASSIGN(const auto workspace, openWorkspace(invocation));
    HINDCAST_ASSIGN(const ProbeDraft draft, draftOf(options));
    HINDCAST_ASSIGN(const ProbeView probe, workspace->addProbe(draft));
    print({probe}, options.json);
    return ExitStatus::Done;
}

Outcome list(const Invocation& invocation, const ProbeOptions& options) {
    HINDCAST_ASSIGN(const auto workspace, openWorkspace(invocation));
    HINDCAST_ASSIGN(const auto probes, workspace->probes());
    if (probes.empty() && !options.json)
        std::fprintf(stderr, "No probes yet. Add one with hindcast probe add FILE:LINE --name N --expr E.\n");
    print(probes, options.json);
    return ExitStatus::Done;
}

Outcome edit(const Invocation& invocation, const ProbeOptions& options) {
    HINDCAST_ASSIGN(const auto workspace, openWorkspace(invocation));
    HINDCAST_ASSIGN(const ProbeView old, findProbe(*workspace, options.probe));
    HINDCAST_ASSIGN(ProbeDraft draft, draftOf(options));
    if (draft.file.empty()) {
        draft.file = old.file;
        draft.line = old.line;
    }
    if (draft.expression.empty() && draft.statement.empty()) draft.statement = old.text;
    if (draft.name.empty()) draft.name = old.name;
    HINDCAST_ASSIGN(const ProbeView probe, workspace->editProbe(old.id, draft));
    print({probe}, options.json);
    return ExitStatus::Done;
}

Outcome removeProbe(const Invocation& invocation, const ProbeOptions& options) {
    HINDCAST_ASSIGN(const auto workspace, openWorkspace(invocation));
    HINDCAST_ASSIGN(const ProbeView probe, findProbe(*workspace, options.probe));
    HINDCAST_TRY(workspace->removeProbe(probe.id));
    return ExitStatus::Done;
}

Outcome scan(const Invocation& invocation, const ProbeOptions& options) {
    HINDCAST_ASSIGN(const auto workspace, openWorkspace(invocation));
    HINDCAST_ASSIGN(const auto probes, workspace->scanWorkTree());
    print(probes, options.json);
    if (!probes.empty()) return ExitStatus::Done;
    std::fprintf(stderr, "The work tree logs nothing that the newest version did not.\n");
    return ExitStatus::NothingToDo;
}

const char* wordOf(workspace::LineInVersion::State state) {
    using State = workspace::LineInVersion::State;
    switch (state) {
        case State::Same:
            return "same";
        case State::Changed:
            return "changed";
        case State::Absent:
            return "absent";
        case State::NoSource:
            break;
    }
    return "no source";
}

/// "Versions 3-12 have it, as it stands since v7."
std::string summary(const std::vector<workspace::LineInVersion>& history) {
    using State = workspace::LineInVersion::State;
    std::vector<std::int64_t> numbers;
    int since = 0;
    bool unbroken = true;
    for (const auto& entry : history) {
        unbroken = unbroken && entry.state == State::Same;
        if (unbroken) since = entry.number;
        if (entry.state == State::Same || entry.state == State::Changed) numbers.insert(numbers.begin(), entry.number);
    }
    if (numbers.empty()) return "No version has this statement.";
    const std::string text = numbers.size() == 1 ? "Version " + rangesText(numbers) + " has it, "
                                                 : "Versions " + rangesText(numbers) + " have it, ";
    return text + (since > 0 ? "as it stands since v" + std::to_string(since) + "." : "none as it stands now.");
}

Outcome history(const Invocation& invocation, const ProbeOptions& options) {
    HINDCAST_ASSIGN(const auto place, parsePlace(options.place));
    HINDCAST_ASSIGN(const auto workspace, openWorkspace(invocation));
    HINDCAST_ASSIGN(const auto entries, workspace->lineHistory(place.first, place.second, {}));
    if (options.json) {
        Json document;
        document["schema"] = "hindcast.history/1";
        document["versions"] = Json::array();
        for (const auto& entry : entries) {
            Json one{{"version", entry.number}, {"uuid", entry.version.text()}, {"state", wordOf(entry.state)}};
            if (!entry.file.empty()) {
                one["file"] = entry.file;
                one["line"] = entry.line;
                one["text"] = entry.text;
            }
            document["versions"].push_back(std::move(one));
        }
        printJson(document);
        return ExitStatus::Done;
    }
    Table table;
    for (const char* title : {"version", "line", "place", "statement"}) table.addColumn(title);
    for (const auto& entry : entries) {
        std::string text = entry.text;
        std::replace(text.begin(), text.end(), '\n', ' ');
        table.addRow({"v" + std::to_string(entry.number), wordOf(entry.state),
                      entry.file.empty() ? "" : entry.file + ":" + std::to_string(entry.line), text});
    }
    if (!table.empty()) table.print(stdout);
    std::printf("%s\n", summary(entries).c_str());
    return ExitStatus::Done;
}

}  // namespace

void addProbeVerb(CLI::App& app, Invocation& invocation) {
    auto options = std::make_shared<ProbeOptions>();
    CLI::App* verb =
        app.add_subcommand("probe", "adds, lists, edits and removes probes; tells where a line comes from");
    verb->require_subcommand(1);
    const auto bound = [&invocation, options](Outcome (*action)(const Invocation&, const ProbeOptions&)) {
        return [&invocation, options, action] { return action(invocation, *options); };
    };
    const auto addBody = [&options](CLI::App* to) {
        to->add_option("--name", options->name, "the name it logs");
        to->add_option("--expr", options->expression, "the expression it logs; hindcast writes the log call");
        to->add_option("--statement", options->statement, "or a whole statement, as typed");
    };
    CLI::App* adding = addVerb(*verb, invocation, "add", "adds a probe before a line of the newest source", bound(add));
    adding->add_option("place", options->place, "FILE:LINE")->required();
    addBody(adding);
    CLI::App* listing = addVerb(*verb, invocation, "list", "lists the probes", bound(list));
    CLI::App* editing =
        addVerb(*verb, invocation, "edit", "makes a new revision; old values are superseded", bound(edit));
    editing->add_option("probe", options->probe, "its name or id")->required();
    editing->add_option("--at", options->place, "a new place, FILE:LINE");
    addBody(editing);
    CLI::App* removing =
        addVerb(*verb, invocation, "remove", "removes a probe; its values are hidden, not deleted", bound(removeProbe));
    removing->add_option("probe", options->probe, "its name or id")->required();
    CLI::App* scanning = addVerb(*verb, invocation, "scan", "finds log statements typed in any editor", bound(scan));
    for (CLI::App* sub : {adding, listing, editing, scanning})
        sub->add_flag("--json", options->json, "as JSON, schema hindcast.probes/1");
    CLI::App* telling = addVerb(*verb, invocation, "history",
                                "which versions have a line of the newest source, since when", bound(history));
    telling->add_option("place", options->place, "FILE:LINE")->required();
    telling->add_flag("--json", options->json, "as JSON, schema hindcast.history/1");
}

}  // namespace hindcast::cli
