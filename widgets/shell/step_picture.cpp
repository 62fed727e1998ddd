// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/shell/step_picture.h"

#include <QPainter>
#include <array>

#include "widgets/look/provenance.h"
#include "widgets/look/theme.h"

namespace hindcast::shell {

namespace {
constexpr int kCell = 15;
constexpr int kPitch = 18;
constexpr int kCells = 14;
constexpr std::array kBlue{0.85, 0.6, 0.45, 0.35, 0.3, 0.26, 0.24, 0.22};
constexpr std::array kRed{0.85, 0.58, 0.42, 0.4, 0.52, 0.6, 0.78, 0.76};
}  // namespace

StepPicture::StepPicture(Step step, QWidget* parent) : QWidget(parent), m_step(step) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void StepPicture::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(look::color(look::Color::SurfaceSunken));
    painter.drawRoundedRect(rect(), look::px(look::Size::RadiusDock), look::px(look::Size::RadiusDock));
    switch (m_step) {
        case Step::Record:
            paintRecord(painter);
            break;
        case Step::Ask:
            paintAsk(painter);
            break;
        case Step::See:
            paintSee(painter);
            break;
    }
}

void StepPicture::paintRecord(QPainter& painter) const {
    for (int row = 0; row < 3; ++row) {
        const int known = row == 2 ? 10 : kCells;
        for (int i = 0; i < kCells; ++i) {
            const int x = 18 + i * kPitch;
            const int y = 26 + row * 20;
            if (x + kCell > width() - 12) break;
            painter.setBrush(look::color(i < known ? look::Color::CellLogged : look::Color::CellCaptured));
            if (i < known)
                painter.drawRoundedRect(QRect(x, y, kCell, 8), 2, 2);
            else
                painter.drawEllipse(QRectF(x + 6, y + 3, 2, 2));
            if (i < known && i % (row + 3) == 0)
                painter.fillRect(QRect(x, y, 2, 8), look::color(look::Color::CellCaptured));
        }
    }
}

void StepPicture::paintAsk(QPainter& painter) const {
    const QStringList lines{QStringLiteral("loss.backward()"), QStringLiteral("hc.log(\"grad_norm\", gn.item())"),
                            QStringLiteral("opt.step()")};
    painter.setFont(look::font(look::TextRole::Code));
    for (int i = 0; i < lines.size(); ++i) {
        const QRect row(0, 12 + i * 24, width(), 24);
        if (i == 1) {
            painter.fillRect(row, look::color(look::Color::CodeProbeGround));
            painter.fillRect(QRect(0, row.top(), 3, row.height()), look::color(look::Color::Accent));
        }
        painter.setPen(look::color(i == 1 ? look::Color::CodeFunction : look::Color::CodeText));
        painter.drawText(row.adjusted(16, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft, lines[i]);
    }
}

void StepPicture::paintSee(QPainter& painter) const {
    const double left = 16;
    const double step = (width() - 44.0) / 7;
    const double bottom = height() - 14.0;
    painter.fillRect(QRectF(left, bottom, width() - 32, 1), look::color(look::Color::LineAxis));
    const auto place = [&](double value, int i) { return QPointF(left + i * step, bottom - value * (height() - 30)); };
    for (const int series : {0, 1}) {
        const auto& values = series == 0 ? kBlue : kRed;
        const QColor ink = look::tokens().series(series);
        const int arrived = series == 0 ? 4 : 6;
        painter.setPen(QPen(ink, 1.75));
        for (int i = 1; i < arrived; ++i)
            painter.drawLine(place(values.at(static_cast<std::size_t>(i - 1)), i - 1),
                             place(values.at(static_cast<std::size_t>(i)), i));
        for (int i = 0; i < 8; ++i) {
            const auto fidelity = i < arrived ? look::Fidelity::Exact : look::Fidelity::Unverified;
            look::paintMark(painter, place(values.at(static_cast<std::size_t>(i)), i), 4, look::Source::Replayed,
                            fidelity, ink);
        }
    }
}

}  // namespace hindcast::shell
