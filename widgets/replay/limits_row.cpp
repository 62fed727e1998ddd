// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/replay/limits_row.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <algorithm>

#include "widgets/look/theme.h"
#include "widgets/models/replay_desk.h"
#include "widgets/text/quantities.h"

namespace hindcast::replay {

namespace {
constexpr int kPad = 12;
constexpr int kField = 92;

/// Money with either decimal sign; absent where it is none or below zero.
std::optional<double> amountOf(const QString& text) {
    bool fine = false;
    double value = QLocale::c().toDouble(text, &fine);
    if (!fine) value = QLocale().toDouble(text, &fine);
    return fine && value >= 0 ? std::optional(value) : std::nullopt;
}

/// What stands in front of a field.
QLabel* labelOf(const QString& text, QWidget* field) {
    auto* words = new QLabel(text);
    words->setFont(look::font(look::TextRole::Caption));
    look::setStyleProperty(words, "role", QStringLiteral("secondary"));
    words->setBuddy(field);
    return words;
}
}  // namespace

LimitsRow::LimitsRow(models::ReplayDesk& desk, QWidget* parent)
    : QWidget(parent), m_desk(desk), m_passes(new QComboBox), m_words(new QLabel) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(kPad, 8, kPad, 0);
    row->setSpacing(8);
    addPasses(*row);
    m_deadline = addField(*row, tr("Done within"), tr("10 min"), "deadline");
    m_budget = addField(*row, tr("Costs at most"), QStringLiteral("5.00"), "budget");
    if (desk.deadline()) m_deadline->setText(text::durationText(*desk.deadline()));
    if (desk.budget()) m_budget->setText(QString::number(*desk.budget()));
    m_words->setObjectName(QStringLiteral("limitsVerdict"));
    m_words->setFont(look::font(look::TextRole::Caption));
    m_words->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    row->addWidget(m_words, 1);
}

void LimitsRow::addPasses(QHBoxLayout& row) {
    m_passes->setObjectName(QStringLiteral("passes"));
    m_passes->setAccessibleName(tr("Passes"));
    m_passes->addItem(tr("All"), 1);
    for (const int stride : {2, 5, 10, 100}) m_passes->addItem(tr("1 in %1").arg(stride), stride);
    m_passes->addItem(tr("Stored states"), 0);
    m_passes->setItemData(m_passes->count() - 1, tr("Only passes that cost one each, because a state is stored there"),
                          Qt::ToolTipRole);
    m_passes->setCurrentIndex(m_passes->findData(m_desk.onlyCaptured() ? 0 : static_cast<int>(m_desk.stride())));
    row.addWidget(labelOf(tr("Passes"), m_passes));
    row.addWidget(m_passes);
    connect(m_passes, &QComboBox::activated, this, [this] {
        const int stride = m_passes->currentData().toInt();
        m_desk.setPasses(std::max(stride, 1), stride == 0);
    });
}

QLineEdit* LimitsRow::addField(QHBoxLayout& row, const QString& label, const QString& example, const char* name) {
    auto* field = new QLineEdit;
    field->setObjectName(QLatin1String(name));
    field->setAccessibleName(label);
    field->setPlaceholderText(example);
    field->setFixedWidth(kField);
    row.addWidget(labelOf(label, field));
    row.addWidget(field);
    connect(field, &QLineEdit::editingFinished, this, &LimitsRow::take);
    // An emptied field is a limit taken back; nobody has to press Return for that.
    connect(field, &QLineEdit::textChanged, this, [this](const QString& text) {
        if (text.isEmpty()) take();
    });
    return field;
}

void LimitsRow::take() {
    const QString within = m_deadline->text().trimmed();
    const QString most = m_budget->text().trimmed();
    const auto deadline = within.isEmpty() ? std::nullopt : text::secondsOfText(within);
    const auto budget = most.isEmpty() ? std::nullopt : amountOf(most);
    const bool wrongTime = !within.isEmpty() && !deadline;
    const bool wrongMoney = !most.isEmpty() && !budget;
    look::setStyleProperty(m_deadline, "problem", wrongTime ? QStringLiteral("true") : QString());
    look::setStyleProperty(m_budget, "problem", wrongMoney ? QStringLiteral("true") : QString());
    if (wrongTime) return setVerdict(tr("Type a time as 90 s, 10 min or 2 h."), false);
    if (wrongMoney) return setVerdict(tr("Type an amount as 5 or 0.50."), false);
    m_desk.setLimits(deadline, budget);
}

void LimitsRow::setVerdict(const QString& words, bool kept) {
    m_words->setText(words);
    QPalette palette = m_words->palette();
    palette.setColor(QPalette::WindowText, look::color(kept ? look::Color::Ok : look::Color::Warn));
    m_words->setPalette(palette);
    m_words->setToolTip(words);
}

}  // namespace hindcast::replay
