// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/source/probe_entry.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QPlainTextEdit>
#include <QVBoxLayout>

#include "widgets/look/theme.h"
#include "widgets/source/insertion_point.h"

namespace hindcast::source {

namespace {
constexpr int kPad = 6;
constexpr int kNameWidth = 150;
constexpr int kLine = 20;
constexpr int kHint = 18;
constexpr int kMostLines = 8;
}  // namespace

ProbeEntry::ProbeEntry(QWidget* parent)
    : QFrame(parent),
      m_text(new QPlainTextEdit),
      m_as(new QLabel(tr("as", "an expression as a name"))),
      m_name(new QLineEdit),
      m_hint(new QLabel) {
    setObjectName(QStringLiteral("probeEntry"));
    m_text->setObjectName(QStringLiteral("probeText"));
    m_text->setAccessibleName(tr("Log statement or expression"));
    m_text->setPlaceholderText(QStringLiteral("hc.log(\"name\", value)"));
    m_text->setFont(look::font(look::TextRole::Code));
    m_text->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_text->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_text->setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    m_text->setTabChangesFocus(true);
    m_text->document()->setDocumentMargin(1);
    m_text->viewport()->setAutoFillBackground(false);
    m_text->setFrameShape(QFrame::NoFrame);
    m_name->setObjectName(QStringLiteral("probeName"));
    m_name->setAccessibleName(tr("Name of the logged value"));
    m_name->setPlaceholderText(tr("name"));
    m_name->setFixedWidth(kNameWidth);
    m_name->setFont(look::monoFont(look::TextRole::Label));
    m_hint->setFont(look::font(look::TextRole::Caption));
    m_hint->setFixedHeight(kHint);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_text, 1);
    row->addWidget(m_as);
    row->addWidget(m_name);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(kPad, 3, kPad, 1);
    layout->setSpacing(0);
    layout->addLayout(row);
    layout->addWidget(m_hint);
    m_text->installEventFilter(this);
    m_name->installEventFilter(this);
    connect(m_text, &QPlainTextEdit::textChanged, this, &ProbeEntry::follow);
    connect(m_name, &QLineEdit::textEdited, this, [this] {
        m_nameTyped = true;
        m_problem.clear();
        showHint();
    });
    hide();
}

void ProbeEntry::start(const QString& text) {
    m_nameTyped = false;
    m_name->clear();
    m_text->setPlainText(text);
    m_problem.clear();
    setBusy(false);
    follow();
    show();
    raise();
    m_text->setFocus(Qt::OtherFocusReason);
    m_text->selectAll();
}

ProbeEntry::Typed ProbeEntry::typed() const {
    const QString text = m_text->toPlainText().trimmed();
    if (isLogStatement(text)) return {text, QString(), QString()};
    return {QString(), text, m_name->text().trimmed()};
}

void ProbeEntry::showProblem(const QString& sentence) {
    setBusy(false);
    m_problem = sentence;
    showHint();
    m_text->setFocus(Qt::OtherFocusReason);
}

void ProbeEntry::setBusy(bool busy) {
    m_text->setReadOnly(busy);
    m_name->setReadOnly(busy);
}

int ProbeEntry::neededHeight() const {
    return linesShown() * kLine + 8 + kHint + 4;
}

/// Lines as they are wrapped.
int ProbeEntry::linesShown() const {
    return qBound(1, static_cast<int>(m_text->document()->size().height()), kMostLines);
}

void ProbeEntry::follow() {
    m_problem.clear();
    const QString text = m_text->toPlainText().trimmed();
    const bool expression = !text.isEmpty() && !isLogStatement(text);
    m_as->setVisible(expression);
    m_name->setVisible(expression);
    if (expression && !m_nameTyped) m_name->setText(suggestedName(text));
    showHint();
    fitHeight();
}

void ProbeEntry::fitHeight() {
    m_text->setFixedHeight(linesShown() * kLine + 6);
    Q_EMIT heightChanged();
}

void ProbeEntry::resizeEvent(QResizeEvent* event) {
    QFrame::resizeEvent(event);
    if (event->size().width() != event->oldSize().width()) fitHeight();
}

void ProbeEntry::showHint() {
    look::setStyleProperty(m_hint, "role",
                           m_problem.isEmpty() ? QStringLiteral("tertiary") : QStringLiteral("problem"));
    QPalette palette = m_hint->palette();
    palette.setColor(QPalette::WindowText,
                     look::color(m_problem.isEmpty() ? look::Color::TextTertiary : look::Color::Error));
    m_hint->setPalette(palette);
    m_hint->setText(m_problem.isEmpty() ? tr("Return adds it to every version · Shift+Return new line · Esc leaves")
                                        : m_problem);
    m_hint->setToolTip(m_problem);
}

bool ProbeEntry::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() != QEvent::KeyPress) return QFrame::eventFilter(watched, event);
    const auto* key = static_cast<QKeyEvent*>(event);
    if (key->key() == Qt::Key_Escape) {
        Q_EMIT cancelled();
        return true;
    }
    const bool enter = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
    if (!enter || (key->modifiers() & Qt::ShiftModifier)) return QFrame::eventFilter(watched, event);
    const Typed now = typed();
    if (now.statement.isEmpty() && (now.expression.isEmpty() || now.name.isEmpty())) {
        showProblem(now.expression.isEmpty() ? tr("Type a log statement or an expression")
                                             : tr("Give the value a name"));
        if (!now.expression.isEmpty()) m_name->setFocus();
        return true;
    }
    Q_EMIT accepted();
    return true;
}

void ProbeEntry::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), look::color(look::Color::CodeProbeGround));
    painter.fillRect(QRect(0, 0, 2, height()), look::color(look::Color::Accent));
}

}  // namespace hindcast::source
