// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/look/icon_set.h"

#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QSvgRenderer>
#include <cmath>

#include "widgets/look/theme.h"

namespace hindcast::look {

namespace {

constexpr int kCacheLimit = 2000;

/// Looks the colour up at paint time, so that one QIcon serves both themes.
class TokenIconEngine : public QIconEngine {
public:
    TokenIconEngine(QString name, std::optional<Color> fixed) : m_name(std::move(name)), m_fixed(fixed) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override {
        IconSet::instance().paint(*painter, m_name, rect, ink(mode, state));
    }
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
        return scaledPixmap(size, mode, state, 1.0);
    }
    /// `size` is in device pixels. A wider box than high leaves room at the right: buttons ask for it, because the
    /// style's own gap between icon and text is too small.
    QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State state, qreal scale) override {
        const int side = std::min(size.width(), size.height());
        const int logical = static_cast<int>(std::lround(side / scale));
        const QPixmap icon = IconSet::instance().pixmap(m_name, color(ink(mode, state)), logical, scale);
        if (size.width() <= size.height()) return icon;
        QPixmap padded(size);
        padded.setDevicePixelRatio(scale);
        padded.fill(Qt::transparent);
        QPainter painter(&padded);
        painter.drawPixmap(QPointF(0, (size.height() - side) / 2.0 / scale), icon);
        return padded;
    }
    QIconEngine* clone() const override { return new TokenIconEngine(m_name, m_fixed); }
    QSize actualSize(const QSize& size, QIcon::Mode, QIcon::State) override { return size; }
    bool isNull() override { return false; }
    QString key() const override { return QStringLiteral("hindcast.token"); }

private:
    Color ink(QIcon::Mode mode, QIcon::State state) const {
        if (mode == QIcon::Disabled) return Color::TextDisabled;
        if (m_fixed) return *m_fixed;
        if (state == QIcon::On || mode == QIcon::Selected) return Color::AccentText;
        return mode == QIcon::Active ? Color::TextSecondary : Color::TextTertiary;
    }

    QString m_name;
    std::optional<Color> m_fixed;
};

QString resourcePath(const QString& name) {
    return QStringLiteral(":/hindcast/icons/%1.svg").arg(name);
}

QByteArray recoloured(const QString& name, const QColor& ink) {
    QFile file(resourcePath(name));
    if (!file.open(QIODevice::ReadOnly)) {
        qWarning("no icon named %s", qPrintable(name));
        return {};
    }
    return file.readAll().replace("currentColor", ink.name().toLatin1());
}

}  // namespace

IconSet& IconSet::instance() {
    static IconSet set;
    return set;
}

QIcon IconSet::icon(const QString& name, std::optional<Color> fixed) const {
    return QIcon(new TokenIconEngine(name, fixed));
}

QPixmap IconSet::pixmap(const QString& name, const QColor& ink, int sizePx, qreal ratio) {
    const QString key = QStringLiteral("%1/%2/%3/%4").arg(name, ink.name(QColor::HexArgb)).arg(sizePx).arg(ratio);
    if (const auto found = m_cache.constFind(key); found != m_cache.constEnd()) return *found;
    const int device = std::max(1, static_cast<int>(std::lround(sizePx * ratio)));
    QPixmap result(device, device);
    result.fill(Qt::transparent);
    QSvgRenderer renderer(recoloured(name, ink));
    QPainter painter(&result);
    renderer.render(&painter);
    painter.end();
    result.setDevicePixelRatio(ratio);
    if (m_cache.size() > kCacheLimit) m_cache.clear();
    m_cache.insert(key, result);
    return result;
}

void IconSet::paint(QPainter& painter, const QString& name, const QRect& box, Color token) {
    paint(painter, name, box, color(token));
}

void IconSet::paint(QPainter& painter, const QString& name, const QRect& box, const QColor& ink) {
    const int size = std::min(box.width(), box.height());
    QRect target(0, 0, size, size);
    target.moveCenter(box.center());
    painter.drawPixmap(target.topLeft(), pixmap(name, ink, size, painter.device()->devicePixelRatio()));
}

bool IconSet::exists(const QString& name) {
    return QFile::exists(resourcePath(name));
}

QString iconOf(Meaning meaning) {
    switch (meaning) {
        case Meaning::Ok:
            return QStringLiteral("ok");
        case Meaning::Warn:
            return QStringLiteral("warn");
        case Meaning::Error:
            return QStringLiteral("error");
        case Meaning::Info:
            return QStringLiteral("info");
        case Meaning::Diverged:
            return QStringLiteral("diverged");
        case Meaning::Neutral:
        case Meaning::Accent:
            return {};
    }
    return {};
}

}  // namespace hindcast::look
