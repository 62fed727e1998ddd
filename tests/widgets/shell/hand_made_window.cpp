// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/shell/hand_made_window.h"

#include <QLabel>
#include <QtTest>

namespace hindcast::support {

namespace {
constexpr int kReadMs = 30'000;
}

/// The program's own, but for the project that it opens.
class HandMadeWindow::Surroundings : public desktop::DesktopSurroundings {
public:
    explicit Surroundings(std::shared_ptr<HandMadeProject> project) : m_made(std::move(project)) {}
    tasks::WorkspaceThread::Open opener() const override {
        return [made = m_made](const std::filesystem::path&) -> base::Result<std::unique_ptr<workspace::Workspace>> {
            return openHandMade(made);
        };
    }

private:
    std::shared_ptr<HandMadeProject> m_made;
};

HandMadeWindow::HandMadeWindow(std::shared_ptr<HandMadeProject> made) : m_made(std::move(made)) {
    m_surroundings = std::make_unique<Surroundings>(m_made);
    m_surroundings->useLanguage(QStringLiteral("en"));
    m_window = std::make_unique<shell::MainWindow>(*m_surroundings);
}

HandMadeWindow::~HandMadeWindow() {
    m_window.reset();
}

bool HandMadeWindow::open() {
    m_window->show();
    m_window->activateWindow();
    if (!QTest::qWaitForWindowActive(m_window.get())) return false;
    m_window->open("detector");
    return QTest::qWaitFor([this] { return m_window->project() != nullptr; }, kReadMs);
}

bool HandMadeWindow::addProbe() {
    m_window->showPage(shell::MainWindow::Probe);
    workspace::ProbeDraft draft;
    draft.file = "train.py";
    draft.line = 16;
    draft.statement = "hc.log(\"grad_norm\", gn.item())";
    project().probes().add(draft);
    return QTest::qWaitFor(
        [this] {
            const auto& probes = project().probes();
            return probes.probes().size() == 1 &&
                   probes.placements(probe()).byVersion.size() == m_made->versions.size();
        },
        kReadMs);
}

base::Uuid HandMadeWindow::version(int number) {
    for (const auto& view : project().versions()) {
        if (view.number == number) return view.uuid;
    }
    return {};
}

QString HandMadeWindow::words() const {
    QStringList all;
    for (const auto* label : m_window->findChildren<QLabel*>()) {
        // What has too little room is read out whole.
        if (label->isVisible()) all.append(label->accessibleName().isEmpty() ? label->text() : label->accessibleName());
    }
    return all.join(QLatin1Char('\n'));
}

}  // namespace hindcast::support
