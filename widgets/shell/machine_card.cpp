// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/shell/machine_card.h"

#include <QGridLayout>
#include <QLabel>

#include "widgets/look/icon_set.h"
#include "widgets/look/theme.h"
#include "widgets/shell/surroundings.h"

namespace hindcast::shell {

MachineCard::MachineCard(QWidget* parent) : PanelFrame(tr("This computer"), parent), m_grid(new QGridLayout) {
    auto* content = new QWidget;
    m_grid->setContentsMargins(12, 12, 12, 12);
    m_grid->setHorizontalSpacing(8);
    m_grid->setVerticalSpacing(10);
    m_grid->setColumnStretch(1, 1);
    content->setLayout(m_grid);
    setContent(content);
    setLoading(-1.0);
}

void MachineCard::showFacts(const QVector<MachineFact>& facts) {
    while (auto* item = m_grid->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    setLoading(std::nullopt);
    for (int row = 0; row < facts.size(); ++row) {
        const auto& fact = facts[row];
        auto* icon = new QLabel;
        const QColor ink = look::tokens().mark(fact.meaning);
        const int size = look::px(look::Size::Icon);
        icon->setPixmap(look::IconSet::instance().pixmap(look::iconOf(fact.meaning), ink, size, devicePixelRatioF()));
        auto* text = new QLabel(fact.text);
        auto* detail = new QLabel(fact.detail);
        detail->setFont(look::font(look::TextRole::Caption));
        look::setStyleProperty(detail, "role", QStringLiteral("tertiary"));
        detail->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
        m_grid->addWidget(icon, row, 0);
        m_grid->addWidget(text, row, 1);
        m_grid->addWidget(detail, row, 2);
    }
}

}  // namespace hindcast::shell
