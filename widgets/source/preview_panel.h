// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "core/base/uuid.h"
#include "widgets/controls/panel_frame.h"

class QAction;

namespace hindcast::models {
class Project;
}
namespace hindcast::workspace {
struct CandidateView;
struct PlacementView;
}  // namespace hindcast::workspace

namespace hindcast::source {

class CodeView;
class ConflictCard;
struct PastText;

/// The current probe in a past version: the inserted line, or the places it might go with a card that takes the
/// decision.
class PreviewPanel : public controls::PanelFrame {
    Q_OBJECT
public:
    explicit PreviewPanel(models::Project& project, QWidget* parent = nullptr);
    CodeView* code() const { return m_code; }
    ConflictCard* card() const { return m_card; }
    /// To the next older (+1) or newer version.
    void stepVersion(int by);

private:
    void connectProject();
    void addTools();
    void showPlacement();
    void chooseVersion();
    void showFooter(const workspace::PlacementView& placement);
    void showPast(const PastText& past);
    void showPlainFile(const base::Uuid& version);
    void showCard(const workspace::PlacementView& placement, int number);
    std::vector<base::Uuid> alikeVersions() const;
    void place(const workspace::CandidateView& candidate);
    void skip();

    models::Project& m_project;
    CodeView* m_code;
    ConflictCard* m_card;
    QString m_shownKey;  ///< what is on screen, so that arriving placements of other versions do not scroll it
};

}  // namespace hindcast::source
