// SPDX-License-Identifier: Apache-2.0
#include "core/exchange/write/tensorboard_files.h"

#include <algorithm>
#include <limits>

#include "core/base/file.h"
#include "core/exchange/wire/protobuf.h"
#include "core/exchange/wire/record_files.h"

namespace hindcast::exchange {

using base::Bytes;
using base::Result;

namespace {

void append(Bytes& to, const ProtoWriter& event) {
    const Bytes record = tfRecord(event.view());
    to.insert(to.end(), record.begin(), record.end());
}

ProtoWriter eventAt(std::int64_t micros, std::int64_t step) {
    ProtoWriter event;
    event.number64(1, static_cast<double>(micros) * 1e-6);
    if (step != 0) event.integer(2, step);
    return event;
}

/// A double beyond float's range has no defined conversion.
float narrowed(double value) {
    constexpr double kMost = std::numeric_limits<float>::max();
    if (value > kMost) return std::numeric_limits<float>::infinity();
    if (value < -kMost) return -std::numeric_limits<float>::infinity();
    return static_cast<float>(value);
}

ProtoWriter scalar(const std::string& tag, double number) {
    ProtoWriter value;
    value.text(1, tag);
    value.number32(2, narrowed(number));
    ProtoWriter summary;
    summary.message(1, value);
    return summary;
}

/// A text of the text plug-in: a tensor of one string.
ProtoWriter text(const std::string& tag, const std::string& content) {
    constexpr std::int64_t kString = 7;
    ProtoWriter dimension;
    dimension.integer(1, 1);
    ProtoWriter shape;
    shape.message(2, dimension);
    ProtoWriter tensor;
    tensor.integer(1, kString);
    tensor.message(2, shape);
    tensor.text(8, content);
    ProtoWriter plugin;
    plugin.text(1, "text");
    ProtoWriter metadata;
    metadata.message(1, plugin);
    ProtoWriter value;
    value.text(1, tag);
    value.message(8, tensor);
    value.message(9, metadata);
    ProtoWriter summary;
    summary.message(1, value);
    return summary;
}

struct Row {
    std::int64_t step;
    const ExportedSeries* series;
    std::size_t at;
};

Bytes fileOf(const ExportedRun& run) {
    Bytes file;
    ProtoWriter head = eventAt(run.version.startedMicros, 0);
    head.text(3, "brain.Event:2");
    append(file, head);
    ProtoWriter mark = eventAt(run.version.startedMicros, 0);
    mark.message(5, text("hindcast/source", run.source + " by Hindcast, fidelity " + run.fidelity + ", version " +
                                                run.version.uuid.text()));
    append(file, mark);
    std::vector<Row> rows;
    for (const ExportedSeries& series : run.series)
        for (std::size_t at = 0; at < series.values.size(); ++at) rows.push_back({series.steps[at], &series, at});
    std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.step < b.step; });
    for (const Row& row : rows) {
        ProtoWriter event = eventAt(row.series->micros[row.at], row.step);
        event.message(5, scalar(row.series->name, row.series->values[row.at]));
        append(file, event);
    }
    return file;
}

}  // namespace

Result<void> writeTensorboard(const ExportedRuns& runs, const std::filesystem::path& folder) {
    for (const ExportedRun& run : runs.runs) {
        HINDCAST_TRY(base::makeFolder(folder / run.label));
        const std::string name = "events.out.tfevents." + std::to_string(run.version.startedMicros / 1'000'000) +
                                 ".hindcast." + run.version.uuid.text().substr(24);
        HINDCAST_TRY(base::writeFileAtomically(folder / run.label / name, fileOf(run)));
    }
    return {};
}

}  // namespace hindcast::exchange
