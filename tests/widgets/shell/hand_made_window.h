// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <memory>

#include "app/desktop/desktop_surroundings.h"
#include "tests/widgets/support/hand_made_workspace.h"
#include "widgets/models/project.h"
#include "widgets/shell/main_window.h"

namespace hindcast::support {

/// The program's own window over a project that answers from memory.
class HandMadeWindow {
public:
    explicit HandMadeWindow(std::shared_ptr<HandMadeProject> made);
    ~HandMadeWindow();

    shell::MainWindow& window() { return *m_window; }
    models::Project& project() { return *m_window->project(); }
    HandMadeProject& made() { return *m_made; }
    /// False when the window or the project did not come up.
    bool open();
    /// Adds `hc.log("grad_norm", gn.item())`, which is a conflict in one version; waits until it is placed everywhere.
    bool addProbe();
    QString probe() { return QString::fromStdString(project().probes().probes().at(0).id); }
    /// The version with a number.
    base::Uuid version(int number);

    template <typename T>
    T* find(const char* name) {
        return m_window->findChild<T*>(QLatin1String(name));
    }
    /// Every text that the user can see in the window now.
    QString words() const;

private:
    class Surroundings;
    std::shared_ptr<HandMadeProject> m_made;
    std::unique_ptr<Surroundings> m_surroundings;
    std::unique_ptr<shell::MainWindow> m_window;
};

}  // namespace hindcast::support
