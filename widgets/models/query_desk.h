// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QString>
#include <QTimer>
#include <memory>
#include <optional>
#include <vector>

#include "core/base/result.h"
#include "core/query/rows/rows.h"
#include "core/workspace/queries/query_session.h"
#include "core/workspace/queries/saved_queries.h"

namespace hindcast::tasks {
class WorkspaceThread;
}

namespace hindcast::models {

/// A finished query.
struct QueryAnswer {
    QString sql;
    std::shared_ptr<const query::Rows> rows;
    double seconds = 0;
};

/// How its panel shows an answer; kept here because panels come and go with language and theme.
struct QueryView {
    bool chart = false;
    QString x;  ///< names of columns; "" = the panel's own choice
    QString y;
    QString lines;
    bool linesChosen = false;
};

/// The SQL of the open project: what was typed, the query that runs, the last answer, the saved queries. Queries run
/// one at a time on a thread of their own, so that neither the window nor the workspace waits for them. GUI thread
/// only.
class QueryDesk : public QObject {
    Q_OBJECT
public:
    QueryDesk(tasks::WorkspaceThread& thread, QObject* parent);
    ~QueryDesk() override;
    void setProject(const QString& folder) { m_folder = folder; }

    const QString& text() const { return m_text; }
    void setText(const QString& text) { m_text = text; }
    QueryView& view() { return m_view; }

    /// Does nothing while another one runs.
    void run(const QString& sql);
    void cancel();
    bool isRunning() const { return m_running; }
    double seconds() const;  ///< of the query that runs
    std::size_t rowsSoFar() const;
    /// The last one that ended well; kept when a later one fails.
    const std::optional<QueryAnswer>& answer() const { return m_answer; }
    /// Why the last one failed, and at which character of its text.
    const std::optional<base::Error>& error() const { return m_error; }
    std::optional<int> errorAt() const { return m_errorAt; }

    const workspace::SqlVocabulary& vocabulary() const { return m_vocabulary; }
    void readVocabulary();
    /// Runs the answer's query again without a limit, into a file.
    void writeCsv(const QString& file);

    /// By name.
    const std::vector<workspace::SavedQuery>& saved() const { return m_saved; }
    void readSaved();
    void save(const QString& name, const QString& sql);
    void forget(const QString& name);

Q_SIGNALS:
    void started();
    void progressed();
    void finished();
    void vocabularyChanged();
    void savedChanged();
    void written(const QString& file, int rows);
    void failed(const hindcast::base::Error& error);

private:
    class Loop;
    void take(QueryAnswer answer);
    void fail(const base::Error& error, std::optional<std::size_t> at, const QString& sql);
    void changeSaved(std::function<base::Result<void>(const std::filesystem::path&)> act);

    tasks::WorkspaceThread& m_thread;
    std::unique_ptr<Loop> m_loop;
    QString m_folder;
    QString m_text;
    QueryView m_view;
    bool m_running = false;
    bool m_cancelling = false;
    QElapsedTimer m_since;
    QTimer m_poll;
    std::optional<QueryAnswer> m_answer;
    std::optional<base::Error> m_error;
    std::optional<int> m_errorAt;
    workspace::SqlVocabulary m_vocabulary;
    std::vector<workspace::SavedQuery> m_saved;
};

}  // namespace hindcast::models
