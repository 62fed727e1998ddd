// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/gallery/sample_series.h"

#include <cmath>
#include <random>

namespace hindcast::gallery {

namespace {

constexpr int kVersions = 24;
constexpr int kEpochs = 30;
constexpr int kStepsPerEpoch = 40;

double valueOf(Shape shape, int version, double epoch, std::mt19937& random) {
    std::normal_distribution<double> noise(0.0, 1.0);
    const bool mistake = version == 17 && epoch > 9;
    switch (shape) {
        case Shape::LossPerStep:
            return std::max(0.05, 2.1 * std::exp(-epoch / 5) + 0.22 + (mistake ? 0.04 : 0) + noise(random) * 0.05);
        case Shape::Accuracy:
            return 0.93 - 0.6 * std::exp(-epoch / (3.5 + version * 0.02)) + noise(random) * 0.004;
        case Shape::MissRate:
            return 0.055 + version % 5 * 0.01 + 0.3 * std::exp(-epoch / 3.2) +
                   (mistake ? 0.09 * (1 - std::exp(-(epoch - 9) / 2)) : 0) + noise(random) * 0.006;
        case Shape::GradientNorm:
            return 1 + 2.8 * std::exp(-epoch / 5) + (mistake ? 2.9 * (1 - std::exp(-(epoch - 9) / 3)) : 0) +
                   noise(random) * 0.06;
    }
    return 0;
}

void markReplayed(chart::Point& point, int version, double epoch) {
    point.source = look::Source::Replayed;
    point.fidelity = look::Fidelity::Exact;
    if (version == 17 && epoch >= 25) point.fidelity = look::Fidelity::Unverified;
    if (version == 16 && epoch >= 20 && epoch < 24) point.fidelity = look::Fidelity::Numeric;
    if (version == 24) point.source = look::Source::Recorded;
    if (version == 17 && epoch == 14) point.fidelity = look::Fidelity::Diverged;
    if (version == 16 && epoch == 7) point.y = NAN;
}

int emphasisOf(int version) {
    switch (version) {
        case 16:
            return 0;
        case 17:
            return 1;
        case 24:
            return 2;
        default:
            return -1;
    }
}

}  // namespace

std::vector<chart::Series> sampleSeries(Shape shape) {
    std::mt19937 random(7);
    std::vector<chart::Series> all;
    for (int version = 1; version <= kVersions; ++version) {
        chart::Series series;
        series.version = QString::number(version);
        series.label = QStringLiteral("v%1").arg(version);
        series.ink = {emphasisOf(version), version / static_cast<double>(kVersions)};
        series.emphasised = series.ink.emphasis >= 0;
        const int perEpoch = shape == Shape::LossPerStep ? kStepsPerEpoch : 1;
        series.spacing = 1.0 / perEpoch;
        const int last = version == 24 ? 22 : kEpochs;
        for (int i = 0; i < last * perEpoch; ++i) {
            chart::Point point;
            point.x = static_cast<double>(i) / perEpoch;
            point.y = valueOf(shape, version, point.x, random);
            if (shape == Shape::GradientNorm) {
                if (version == 16 && i > 24 && i % 3 != 0) continue;
                if (version < 12 && i > version) continue;
                markReplayed(point, version, point.x);
            }
            series.points.push_back(point);
        }
        all.push_back(std::move(series));
    }
    return all;
}

}  // namespace hindcast::gallery
