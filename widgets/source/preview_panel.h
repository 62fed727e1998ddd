// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "core/base/uuid.h"
#include "widgets/controls/panel_frame.h"
#include "widgets/source/past_text.h"

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
class PlacementCard;

/// The current probe in a past version: the inserted line, or the places it might go, and a card that takes decisions.
/// The line can be dragged elsewhere. Also shows a line whose history was asked for.
class PreviewPanel : public controls::PanelFrame {
    Q_OBJECT
public:
    explicit PreviewPanel(models::Project& project, QWidget* parent = nullptr);
    CodeView* code() const { return m_code; }
    PlacementCard* card() const { return m_card; }
    /// To the next older (+1) or newer version.
    void stepVersion(int by);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void connectProject();
    void addTools();
    void showPlacement();
    void chooseVersion();
    void showFooter(const workspace::PlacementView& placement);
    void showPast(const PastText& past);
    bool isFocusVisible(int height) const;
    void bringFocusIntoView();
    void showPlainFile(const base::Uuid& version);
    void showPastLine();
    void showCard(const workspace::PlacementView& placement, int number);
    std::vector<base::Uuid> alikeVersions() const;
    std::vector<base::Uuid> alsoFor() const;
    const workspace::PlacementView* placementHere() const;
    void place(const workspace::CandidateView& candidate);
    void placeEdited(const QString& statement);
    void placeBelow(int line);
    void skip();

    models::Project& m_project;
    CodeView* m_code;
    PlacementCard* m_card;
    PastText m_past;           ///< what is shown
    bool m_holdsFocus = true;  ///< nobody has scrolled away from it
    bool m_canMove = false;    ///< the statement can be put elsewhere in this version
    bool m_deciding = false;   ///< a decision is on its way to the store
    QString m_cardKey;
    QString m_shownKey;  ///< what is on screen, so that arriving placements of other versions do not scroll it
};

}  // namespace hindcast::source
