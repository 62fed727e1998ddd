// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <optional>

#include "widgets/look/tokens.h"

class QAction;
class QVBoxLayout;

namespace hindcast::controls {

class BannerBar;
class FooterBar;
class LoadingLine;
class PanelHeader;

/// A dock-like panel: header, 2 px loading bar, banner, content, 24 px footer note; hairline, radius 6.
/// A state is told here, in words, with the next step as a button; the content stays usable under a banner.
class PanelFrame : public QFrame {
    Q_OBJECT
public:
    explicit PanelFrame(const QString& title, QWidget* parent = nullptr);

    PanelHeader* header() const { return m_header; }
    /// Takes ownership; an earlier content is deleted.
    void setContent(QWidget* content);
    QWidget* content() const { return m_content; }
    /// Shows `placeholder` (an EmptyState) in place of the content until called with null. Takes ownership.
    void setPlaceholder(QWidget* placeholder);
    /// nullopt: no bar. 0..1: that part. Negative: length unknown (a still, part-filled bar).
    void setLoading(std::optional<double> part);
    /// A note about completeness, with at most one action; empty text hides it.
    void setFooter(const QString& text, QAction* action = nullptr);
    /// One sentence and at most one action under the header. A new banner takes the place of the old one.
    void showBanner(look::Meaning meaning, const QString& sentence, QAction* action = nullptr);
    void clearBanner();
    bool hasBanner() const;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void showBody();

    QVBoxLayout* m_layout;
    PanelHeader* m_header;
    LoadingLine* m_loading;
    BannerBar* m_banner;
    QWidget* m_content = nullptr;
    QWidget* m_placeholder = nullptr;
    FooterBar* m_footer;
};

}  // namespace hindcast::controls
