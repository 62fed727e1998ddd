// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/query_desk.h"

#include <QMetaObject>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "widgets/look/tokens.h"
#include "widgets/tasks/workspace_thread.h"

namespace hindcast::models {

namespace {
/// About 90 bytes of a number's cell in the worst case: what a table shows is bounded, an export is not.
constexpr std::size_t kMostCells = 10'000'000;
constexpr auto kRetry = std::chrono::milliseconds(5);
}  // namespace

/// The thread that queries run on. Its session is opened by the first job.
class QueryDesk::Loop {
public:
    using Session = workspace::QuerySession;
    using Job = std::function<void(base::Result<Session*>)>;

    Loop() : m_thread([this] { loop(); }) {}

    ~Loop() {
        {
            const std::lock_guard guard(m_lock);
            m_stopping = true;
            m_jobs.clear();
        }
        m_filled.notify_all();
        // A query that is just about to begin does not hear the first call.
        std::unique_lock guard(m_lock);
        while (!m_ended.wait_for(guard, kRetry, [this] { return m_over; })) {
            if (m_session) m_session->cancel();
        }
        guard.unlock();
        m_thread.join();
    }
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    void give(const QString& folder, Job job) {
        {
            const std::lock_guard guard(m_lock);
            m_jobs.emplace_back(folder.toStdString(), std::move(job));
        }
        m_filled.notify_one();
    }

    void cancel() {
        const std::lock_guard guard(m_lock);
        if (m_session) m_session->cancel();
    }

    std::size_t rowsSoFar() {
        const std::lock_guard guard(m_lock);
        return m_session ? m_session->rowsSoFar() : 0;
    }

private:
    void loop() {
        while (true) {
            std::pair<std::string, Job> next;
            {
                std::unique_lock guard(m_lock);
                m_filled.wait(guard, [this] { return m_stopping || !m_jobs.empty(); });
                if (m_stopping) break;
                next = std::move(m_jobs.front());
                m_jobs.pop_front();
            }
            next.second(session(next.first));
        }
        const std::lock_guard guard(m_lock);
        m_over = true;
        m_ended.notify_all();
    }

    base::Result<Session*> session(const std::string& folder) {
        if (m_session) return m_session.get();
        auto opened = Session::open(folder);
        if (!opened) return opened.error();
        const std::lock_guard guard(m_lock);
        m_session = *std::move(opened);
        return m_session.get();
    }

    std::mutex m_lock;
    std::condition_variable m_filled;
    std::condition_variable m_ended;
    std::deque<std::pair<std::string, Job>> m_jobs;
    bool m_stopping = false;
    bool m_over = false;
    std::unique_ptr<Session> m_session;
    std::thread m_thread;
};

QueryDesk::QueryDesk(tasks::WorkspaceThread& thread, QObject* parent)
    : QObject(parent), m_thread(thread), m_loop(std::make_unique<Loop>()) {
    m_poll.setInterval(static_cast<int>(1000 / look::measure(look::Measure::ProgressHz)));
    connect(&m_poll, &QTimer::timeout, this, [this] {
        if (m_cancelling) m_loop->cancel();
        Q_EMIT progressed();
    });
}

QueryDesk::~QueryDesk() {
    m_loop.reset();
}

double QueryDesk::seconds() const {
    return m_running ? static_cast<double>(m_since.elapsed()) / 1000 : 0;
}

std::size_t QueryDesk::rowsSoFar() const {
    return m_loop->rowsSoFar();
}

void QueryDesk::run(const QString& sql) {
    if (m_running) return;
    m_running = true;
    m_cancelling = false;
    m_error.reset();
    m_errorAt.reset();
    m_since.start();
    m_poll.start();
    Q_EMIT started();
    m_loop->give(m_folder, [this, sql](base::Result<Loop::Session*> session) {
        // Answers travel through the event loop; one that comes when the desk has gone is dropped with its events.
        if (!session) {
            QMetaObject::invokeMethod(this, [this, sql, error = session.error()] { fail(error, {}, sql); });
            return;
        }
        QElapsedTimer time;
        time.start();
        auto rows = (*session)->run(sql.toStdString(), kMostCells);
        if (!rows) {
            const auto at = (*session)->errorAt();
            QMetaObject::invokeMethod(this, [this, sql, at, error = rows.error()] { fail(error, at, sql); });
            return;
        }
        QueryAnswer answer{sql, std::make_shared<const query::Rows>(*std::move(rows)),
                           static_cast<double>(time.nsecsElapsed()) / 1e9};
        QMetaObject::invokeMethod(this, [this, answer = std::move(answer)] { take(answer); });
    });
}

void QueryDesk::take(QueryAnswer answer) {
    m_poll.stop();
    m_running = false;
    m_answer = std::move(answer);
    Q_EMIT finished();
}

void QueryDesk::fail(const base::Error& error, std::optional<std::size_t> at, const QString& sql) {
    m_poll.stop();
    m_running = false;
    m_error = error;
    if (at) m_errorAt = static_cast<int>(QString::fromUtf8(sql.toUtf8().left(static_cast<qsizetype>(*at))).size());
    Q_EMIT finished();
}

void QueryDesk::cancel() {
    if (!m_running) return;
    m_cancelling = true;
    m_loop->cancel();
}

void QueryDesk::readVocabulary() {
    m_loop->give(m_folder, [this](base::Result<Loop::Session*> session) {
        if (!session) return;
        auto words = (*session)->vocabulary();
        if (!words) return;  // completion alone is not worth a message; a query says what is wrong
        QMetaObject::invokeMethod(this, [this, words = *std::move(words)] {
            m_vocabulary = words;
            Q_EMIT vocabularyChanged();
        });
    });
}

void QueryDesk::writeCsv(const QString& file) {
    if (m_running || !m_answer) return;
    m_running = true;
    m_cancelling = false;
    m_since.start();
    m_poll.start();
    Q_EMIT started();
    m_loop->give(m_folder, [this, file, sql = m_answer->sql.toStdString()](base::Result<Loop::Session*> session) {
        auto count =
            session ? (*session)->writeCsv(sql, file.toStdString()) : base::Result<std::size_t>(session.error());
        QMetaObject::invokeMethod(this, [this, file, count] {
            m_poll.stop();
            m_running = false;
            Q_EMIT finished();
            if (count)
                Q_EMIT written(file, static_cast<int>(*count));
            else
                Q_EMIT failed(count.error());
        });
    });
}

void QueryDesk::readSaved() {
    using Saved = std::vector<workspace::SavedQuery>;
    m_thread.run<Saved>(
        QStringLiteral("saved queries"), tasks::Urgency::Soon,
        [](workspace::Workspace& workspace, const tasks::JobControl&) {
            return workspace::readSavedQueries(workspace.projectFolder());
        },
        [this](base::Result<Saved> saved) {
            if (!saved) return;  // a project without a store has none
            m_saved = *std::move(saved);
            Q_EMIT savedChanged();
        });
}

void QueryDesk::changeSaved(std::function<base::Result<void>(const std::filesystem::path&)> act) {
    m_thread.run<bool>(
        QString(), tasks::Urgency::Now,
        [act = std::move(act)](workspace::Workspace& workspace, const tasks::JobControl&) -> base::Result<bool> {
            HINDCAST_TRY(act(workspace.projectFolder()));
            return true;
        },
        [this](base::Result<bool> done) {
            if (!done) return Q_EMIT failed(done.error());
            readSaved();
        });
}

void QueryDesk::save(const QString& name, const QString& sql) {
    changeSaved([query = workspace::SavedQuery{name.toStdString(), sql.toStdString()}](
                    const std::filesystem::path& at) { return workspace::saveQuery(at, query); });
}

void QueryDesk::forget(const QString& name) {
    changeSaved(
        [name = name.toStdString()](const std::filesystem::path& at) { return workspace::removeSavedQuery(at, name); });
}

}  // namespace hindcast::models
