// SPDX-License-Identifier: Apache-2.0
#include "core/workspace/listing/line_history.h"

#include <optional>

namespace hindcast::workspace {

using base::Error;
using base::ErrorCode;
using base::Result;

namespace {

/// Follows one statement back through the versions.
class Follower {
public:
    Follower(ProjectPtr newest, propagate::Probe statement)
        : m_from(std::move(newest)), m_statement(std::move(statement)) {}

    /// What the newest source has; the measure of Same and Changed.
    Result<void> begin(const std::stop_token& stop) {
        const auto self = propagate::findCounterpart(*m_from, m_statement, *m_from, stop);
        if (!self) return self.error();
        if (self->has_value()) m_text = self->value().text;
        return {};
    }

    Result<void> look(const ProjectPtr& version, LineInVersion& view, const std::stop_token& stop) {
        auto found = propagate::findCounterpart(*m_from, m_statement, *version, stop);
        if (!found) {
            // A version whose source does not parse says so by itself; it does not end the history.
            if (found.error().code() == ErrorCode::Cancelled) return found.error();
            view.state = LineInVersion::State::NoSource;
            return {};
        }
        if (!*found) return {};
        const propagate::Counterpart& there = **found;
        view.state = there.text == m_text ? LineInVersion::State::Same : LineInVersion::State::Changed;
        view.file = there.file;
        view.line = there.lines.first;
        view.text = there.text;
        m_from = version;
        m_statement = {there.file, there.lines.first};
        return {};
    }

private:
    ProjectPtr m_from;  ///< where the statement was found last
    propagate::Probe m_statement;
    std::string m_text;
};

}  // namespace

Result<std::vector<LineInVersion>> readLineHistory(StoreHandles& store, SourceProjects& projects,
                                                   const propagate::Probe& line,
                                                   const std::function<void(const LineInVersion&)>& onEach,
                                                   const std::stop_token& stop) {
    HINDCAST_ASSIGN(const ProjectPtr current, projects.current());
    Follower follower(current, line);
    HINDCAST_TRY(follower.begin(stop));
    HINDCAST_ASSIGN(const std::vector<store::VersionRow> rows, store.catalog.versions());
    std::vector<LineInVersion> history;
    for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
        LineInVersion view;
        view.version = row->uuid;
        view.number = row->number.value_or(0);
        if (store.trees.has(row->uuid)) {
            HINDCAST_ASSIGN(const ProjectPtr version, projects.ofVersion(row->uuid));
            HINDCAST_TRY(follower.look(version, view, stop));
        } else {
            view.state = LineInVersion::State::NoSource;
        }
        if (onEach) onEach(view);
        history.push_back(std::move(view));
    }
    return history;
}

}  // namespace hindcast::workspace
