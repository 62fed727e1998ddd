// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>

namespace hindcast::replay {

/// One way to run the plan: where, with how many workers, how long, how much disk. The chosen one has an accent frame.
class ChoiceCard : public QAbstractButton {
    Q_OBJECT
public:
    explicit ChoiceCard(const QString& icon, QWidget* parent = nullptr);
    void setIconName(const QString& icon);
    /// What the limits of the request make of it: the one that suits, or one that breaks them; in words too.
    enum class Verdict : std::uint8_t { None, Suits, TooMuch };
    void setVerdict(Verdict verdict);
    Verdict verdict() const { return m_verdict; }
    void setTexts(const QString& where, const QString& workers, const QString& time, const QString& margin,
                  const QString& disk);
    QSize sizeHint() const override { return {200, 58}; }
    QSize minimumSizeHint() const override { return {150, 58}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_icon;
    QString m_where;
    QString m_workers;
    QString m_time;
    QString m_margin;
    QString m_disk;
    Verdict m_verdict = Verdict::None;
    void describe();
};

}  // namespace hindcast::replay
