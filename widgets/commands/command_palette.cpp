// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/commands/command_palette.h"

#include <QAction>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>
#include <algorithm>

#include "widgets/commands/command_set.h"
#include "widgets/look/icon_set.h"
#include "widgets/look/theme.h"

namespace hindcast::commands {

namespace {
constexpr int kWidth = 640;
constexpr int kTop = 96;
constexpr int kRow = 32;
constexpr int kField = 40;
constexpr int kVisibleRows = 12;
constexpr int kPad = 8;

/// Icon, command, place in tertiary, shortcut at the right; what is blocked is grey and says why.
class EntryDelegate : public QStyledItemDelegate {
public:
    EntryDelegate(const std::vector<PaletteEntry>& entries, QObject* parent)
        : QStyledItemDelegate(parent), m_entries(entries) {}

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override { return {kWidth, kRow}; }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        const auto& entry = m_entries[index.data(Qt::UserRole).toUInt()];
        if (option.state & QStyle::State_Selected)
            painter->fillRect(option.rect, look::color(look::Color::SurfaceSelected));
        QRect row = option.rect.adjusted(12, 0, -12, 0);
        const bool blocked = !entry.blocked.isEmpty();
        const QRect iconBox(row.left(), row.center().y() - 7, 16, 16);
        if (!entry.icon.isEmpty())
            look::IconSet::instance().paint(*painter, entry.icon, iconBox, look::Color::TextTertiary);
        row.setLeft(row.left() + 26);
        painter->setFont(look::font(look::TextRole::Body));
        painter->setPen(look::color(blocked ? look::Color::TextTertiary : look::Color::TextPrimary));
        QRect drawn;
        painter->drawText(row, Qt::AlignVCenter | Qt::AlignLeft, entry.text, &drawn);
        painter->setPen(look::color(look::Color::TextTertiary));
        painter->setFont(look::font(look::TextRole::Caption));
        painter->drawText(row, Qt::AlignVCenter | Qt::AlignRight, entry.keys, nullptr);
        const int keys = painter->fontMetrics().horizontalAdvance(entry.keys);
        const QRect rest(drawn.right() + 12, row.top(), row.right() - drawn.right() - 24 - keys, row.height());
        const QString note = blocked ? entry.blocked : entry.place;
        painter->drawText(rest, Qt::AlignVCenter | Qt::AlignLeft,
                          painter->fontMetrics().elidedText(note, Qt::ElideRight, rest.width()));
    }

private:
    const std::vector<PaletteEntry>& m_entries;
};

bool matches(const PaletteEntry& entry, const QStringList& words) {
    const QString all = entry.text + QLatin1Char(' ') + entry.place;
    return std::all_of(words.begin(), words.end(),
                       [&](const QString& word) { return all.contains(word, Qt::CaseInsensitive); });
}
}  // namespace

CommandPalette::CommandPalette(QWidget* window)
    : QFrame(window), m_field(new QLineEdit(this)), m_list(new QListWidget(this)) {
    setObjectName(QStringLiteral("palette"));
    setAccessibleName(tr("Command palette"));
    m_field->setPlaceholderText(tr("Search commands, versions, metrics"));
    m_field->setAccessibleName(m_field->placeholderText());
    m_field->setFixedHeight(kField);
    m_list->setAccessibleName(tr("Matches"));
    m_list->setItemDelegate(new EntryDelegate(m_entries, m_list));
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setMouseTracking(true);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(kPad, kPad, kPad, kPad);
    layout->setSpacing(kPad);
    layout->addWidget(m_field);
    layout->addWidget(m_list);
    m_field->installEventFilter(this);
    connect(m_field, &QLineEdit::textChanged, this, &CommandPalette::filter);
    connect(m_list, &QListWidget::itemClicked, this, &CommandPalette::choose);
    hide();
}

std::vector<PaletteEntry> CommandPalette::entriesOf(const CommandSet& commands,
                                                    const std::function<QString(const QString&)>& menuTitle) {
    std::vector<PaletteEntry> entries;
    for (const Command& command : commands.all()) {
        PaletteEntry entry;
        entry.text = plainText(command.text);
        entry.place = menuTitle(command.menu);
        entry.keys = command.keys.isEmpty() ? QString() : command.keys.front().toString(QKeySequence::NativeText);
        entry.icon = command.icon;
        entry.blocked = command.blocked ? command.blocked() : QString();
        entry.run = [action = commands.action(command.id)] { action->trigger(); };
        entries.push_back(std::move(entry));
    }
    return entries;
}

void CommandPalette::open(std::vector<PaletteEntry> entries) {
    m_entries = std::move(entries);
    const int width = std::min(kWidth, parentWidget()->width() - 2 * kPad);
    const int height = kField + 3 * kPad + kVisibleRows * kRow;
    setGeometry((parentWidget()->width() - width) / 2, kTop, width, height);
    m_field->clear();
    filter(QString());
    show();
    raise();
    m_field->setFocus();
}

void CommandPalette::filter(const QString& text) {
    const QStringList words = text.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    m_list->clear();
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        if (!matches(m_entries[i], words)) continue;
        auto* item = new QListWidgetItem(m_entries[i].text, m_list);
        item->setData(Qt::UserRole, static_cast<uint>(i));
    }
    m_list->setCurrentRow(0);
}

void CommandPalette::choose() {
    const auto* item = m_list->currentItem();
    if (!item) return;
    const PaletteEntry entry = m_entries[item->data(Qt::UserRole).toUInt()];
    if (!entry.blocked.isEmpty()) return;
    hide();
    entry.run();
}

void CommandPalette::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(look::color(look::Color::LineStrong));
    painter.setBrush(look::color(look::Color::SurfaceRaised));
    const int radius = look::px(look::Size::RadiusPopup);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event) {
    if (watched != m_field) return QFrame::eventFilter(watched, event);
    if (event->type() == QEvent::FocusOut) hide();
    if (event->type() != QEvent::KeyPress) return QFrame::eventFilter(watched, event);
    const auto* key = static_cast<QKeyEvent*>(event);
    const int last = m_list->count() - 1;
    switch (key->key()) {
        case Qt::Key_Escape:
            hide();
            return true;
        case Qt::Key_Return:
        case Qt::Key_Enter:
            choose();
            return true;
        case Qt::Key_Down:
            m_list->setCurrentRow(std::min(m_list->currentRow() + 1, last));
            return true;
        case Qt::Key_Up:
            m_list->setCurrentRow(std::max(m_list->currentRow() - 1, 0));
            return true;
        default:
            return false;
    }
}

}  // namespace hindcast::commands
