// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <optional>

#include "widgets/look/tokens.h"

class QAction;
class QLabel;
class QPushButton;

namespace hindcast::controls {

class ElidedLabel;

/// The 2 px accent bar under a panel's header.
class LoadingLine : public QWidget {
public:
    explicit LoadingLine(QWidget* parent = nullptr);
    void setPart(std::optional<double> part);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::optional<double> m_part;
};

/// One sentence with at most one action, on the ground of its meaning.
class BannerBar : public QWidget {
public:
    explicit BannerBar(QWidget* parent = nullptr);
    void show(look::Meaning meaning, const QString& sentence, QAction* action);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    look::Meaning m_meaning = look::Meaning::Info;
    QLabel* m_sentence;
    QPushButton* m_button;
};

/// The 24 px sunken note at the bottom of a panel.
class FooterBar : public QWidget {
public:
    explicit FooterBar(QWidget* parent = nullptr);
    void setNote(const QString& text, QAction* action);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    ElidedLabel* m_note;
    QPushButton* m_button;
};

/// Lets `button` show and trigger `action`; hides it without one.
void bindButton(QPushButton* button, QAction* action);

}  // namespace hindcast::controls
