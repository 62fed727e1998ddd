// SPDX-License-Identifier: Apache-2.0
// The log path below Python: what a value costs its caller, how many a second the recorder keeps up with, and how many
// bytes of the sealed journal each takes.

#include <cmath>
#include <filesystem>
#include <random>

#include "core/base/uuid.h"
#include "core/record/recorder.h"
#include "tests/bench/support/folder.h"
#include "tests/bench/support/measure.h"

namespace hindcast::bench {
namespace {

constexpr int kSteps = 200;  ///< of an epoch

struct Run {
    double callerNanos = 0;    ///< a value, CPU time of the thread that logs, passes included
    double valuesASecond = 0;  ///< until all of it is with the kernel
    double bytes = 0;          ///< a value
};

/// Logs `count` values of `valueAt` in a nested loop, two a step.
template <class ValueAt>
Run logAll(std::uint64_t count, ValueAt valueAt) {
    const TemporaryFolder top;
    record::RecorderOptions options;
    options.folder = top.path() / base::Uuid::make().text();
    options.runJson = "{}";
    auto recorder = must(record::Recorder::create(options));
    const std::uint32_t epoch = recorder->names().intern("epoch");
    const std::uint32_t step = recorder->names().intern("step");
    const std::uint32_t loss = recorder->names().intern("loss");
    const std::uint32_t rate = recorder->names().intern("lr");
    record::ThreadLog& log = *recorder->threadLog();
    const double wall = wallSeconds();
    const double cpu = threadSeconds();
    log.enter(epoch);
    for (std::uint64_t at = 0; at < count;) {
        log.next();
        log.enter(step);
        for (int i = 0; i < kSteps; ++i, at += 2) {
            log.next();
            log.number(loss, valueAt(at));
            log.number(rate, valueAt(at + 1));
        }
        log.leave(format::LeaveReason::Exhausted);
    }
    Run run;
    const auto values = static_cast<double>(count);
    run.callerNanos = (threadSeconds() - cpu) / values * 1e9;
    recorder->flush(false);
    run.valuesASecond = values / (wallSeconds() - wall);
    recorder->close(R"({"status": "complete"})");
    run.bytes = static_cast<double>(std::filesystem::file_size(options.folder / "journal")) / values;
    return run;
}

void measure() {
    constexpr std::uint64_t kCount = 4'000'000;
    std::vector<double> noise(kCount);
    std::mt19937_64 random(1);
    for (double& value : noise) value = std::normal_distribution<double>(1, 0.1)(random);
    const auto asFloat = [&noise](std::uint64_t at) { return static_cast<double>(static_cast<float>(noise[at])); };
    const auto asDouble = [&noise](std::uint64_t at) { return noise[at]; };
    std::vector<double> nanos, rates;
    Run floats, doubles;
    for (int round = 0; round < 5; ++round) {
        floats = logAll(kCount, asFloat);
        doubles = logAll(kCount, asDouble);
        nanos.push_back(floats.callerNanos);
        rates.push_back(floats.valuesASecond);
    }
    printRow("`log()` of a float in a nested loop, from C++", "1000 ns", "FlorDB 79,000 ns",
             text("%.0f ns, half a pass included", median(nanos)));
    printRow("values a second, sustained", "1 M/s", "", text("%.1f M/s until with the kernel", median(rates) * 1e-6));
    printRow("stored bytes of a float32-valued double, two a pass", "4", "FlorDB 570", text("%.2f", floats.bytes));
    printRow("stored bytes of a true double, two a pass", "8", "FlorDB 570", text("%.2f", doubles.bytes));
}

}  // namespace
}  // namespace hindcast::bench

int main() {
    hindcast::bench::measure();
    return 0;
}
