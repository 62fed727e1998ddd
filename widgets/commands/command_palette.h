// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <functional>
#include <vector>

class QLineEdit;
class QListWidget;

namespace hindcast::commands {

class CommandSet;

/// One line of the palette.
struct PaletteEntry {
    QString text;
    QString place;  ///< menu or kind, in tertiary
    QString keys;
    QString icon;
    QString blocked;  ///< why it cannot be chosen; listed all the same
    std::function<void()> run;
};

/// Search over commands, versions and metrics: 640 wide, 96 px from the top of its window. Typing filters (all words
/// must occur), Up/Down move, Return runs, Escape closes.
class CommandPalette : public QFrame {
    Q_OBJECT
public:
    explicit CommandPalette(QWidget* window);

    /// Opens with these entries; the palette keeps them until it closes.
    void open(std::vector<PaletteEntry> entries);
    /// The registry's commands as entries.
    static std::vector<PaletteEntry> entriesOf(const CommandSet& commands,
                                               const std::function<QString(const QString&)>& menuTitle);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void filter(const QString& text);
    void choose();

    QLineEdit* m_field;
    QListWidget* m_list;
    std::vector<PaletteEntry> m_entries;
};

}  // namespace hindcast::commands
