// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/sql/query_bar.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <algorithm>

#include "widgets/look/icon_set.h"
#include "widgets/look/theme.h"
#include "widgets/models/query_desk.h"

namespace hindcast::sql {

namespace {
constexpr int kPad = 8;
constexpr int kNameWidth = 200;

QIcon icon(const char* name) {
    return look::IconSet::instance().icon(QLatin1String(name));
}
}  // namespace

QueryBar::QueryBar(models::QueryDesk& desk, QWidget* parent)
    : QWidget(parent),
      m_desk(desk),
      m_run(new QPushButton),
      m_saved(new QPushButton(icon("tag"), tr("Saved queries"))),
      m_hint(new QLabel),
      m_name(new QLineEdit),
      m_menu(new QMenu(this)) {
    m_run->setObjectName(QStringLiteral("runQuery"));
    m_saved->setObjectName(QStringLiteral("savedQueries"));
    for (auto* button : {m_run, m_saved}) look::setStyleProperty(button, "sizing", QStringLiteral("small"));
    m_saved->setMenu(m_menu);
    look::setStyleProperty(m_hint, "role", QStringLiteral("caption"));
    m_hint->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_name->setObjectName(QStringLiteral("queryName"));
    m_name->setAccessibleName(tr("Name of the query"));
    m_name->setPlaceholderText(tr("Name, then Return"));
    m_name->setMaximumWidth(kNameWidth);
    m_name->installEventFilter(this);
    m_name->hide();
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(kPad, 6, kPad, 6);
    layout->setSpacing(8);
    layout->addWidget(m_run);
    layout->addWidget(m_hint, 1);
    layout->addWidget(m_name);
    layout->addWidget(m_saved);
    connect(m_run, &QPushButton::clicked, this, [this] {
        if (m_desk.isRunning())
            Q_EMIT stopRequested();
        else
            Q_EMIT runRequested();
    });
    connect(m_name, &QLineEdit::returnPressed, this, &QueryBar::keep);
    connect(m_menu, &QMenu::aboutToShow, this, &QueryBar::fillMenu);
    for (auto signal : {&models::QueryDesk::started, &models::QueryDesk::finished, &models::QueryDesk::savedChanged})
        connect(&desk, signal, this, &QueryBar::showState);
    showState();
}

void QueryBar::showState() {
    const bool running = m_desk.isRunning();
    m_run->setText(running ? tr("Stop") : tr("Run"));
    m_run->setIcon(icon(running ? "stop" : "play"));
    m_run->setToolTip(running ? tr("Stops the query; the last answer stays  Esc") : tr("Runs the query  Ctrl+Return"));
    const auto known = [this](const workspace::SavedQuery& query) {
        return QString::fromStdString(query.name) == m_current;
    };
    if (std::none_of(m_desk.saved().begin(), m_desk.saved().end(), known)) m_current.clear();
    m_hint->setText(running               ? tr("Esc stops")
                    : m_current.isEmpty() ? tr("Ctrl+Return runs, Ctrl+Space completes")
                                          : m_current);
}

void QueryBar::fillMenu() {
    m_menu->clear();
    for (const auto& query : m_desk.saved()) {
        const QString name = QString::fromStdString(query.name);
        QString words = name;
        auto* open = m_menu->addAction(words.replace(QLatin1Char('&'), QStringLiteral("&&")), this,
                                       [this, name, sql = QString::fromStdString(query.sql)] {
                                           m_current = name;
                                           showState();
                                           Q_EMIT opened(sql);
                                       });
        open->setToolTip(QString::fromStdString(query.sql));
    }
    m_menu->setToolTipsVisible(true);
    if (m_desk.saved().empty()) m_menu->addAction(tr("None yet"))->setEnabled(false);
    m_menu->addSeparator();
    m_menu->addAction(icon("plus"), tr("Save under a name…"), this, &QueryBar::askForName);
    if (m_current.isEmpty()) return;
    m_menu->addAction(icon("check"), tr("Save to “%1”").arg(m_current), this,
                      [this] { m_desk.save(m_current, m_desk.text()); });
    m_menu->addAction(icon("minus"), tr("Remove “%1”").arg(m_current), this, [this] { m_desk.forget(m_current); });
}

void QueryBar::askForName() {
    m_name->setText(m_current);
    m_name->show();
    m_name->selectAll();
    m_name->setFocus(Qt::OtherFocusReason);
}

void QueryBar::keep() {
    const QString name = m_name->text().trimmed();
    if (name.isEmpty()) return;
    m_current = name;
    m_desk.save(name, m_desk.text());
    closeName();
}

void QueryBar::closeName() {
    m_name->hide();
    Q_EMIT leftName();
}

bool QueryBar::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_name && event->type() == QEvent::KeyPress &&
        static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
        closeName();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

}  // namespace hindcast::sql
