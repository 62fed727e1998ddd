// SPDX-License-Identifier: Apache-2.0
// Whether the index follows a script that logs a million values a second, as a window does that looks ten times a
// second.

#include <atomic>
#include <chrono>
#include <thread>

#include "core/base/uuid.h"
#include "core/record/recorder.h"
#include "core/store/catalog/catalog.h"
#include "core/store/catalog/ingester.h"
#include "tests/bench/support/folder.h"
#include "tests/bench/support/measure.h"

namespace hindcast::bench {
namespace {

constexpr int kSeconds = 8;
constexpr int kValuesASecond = 1'000'000;
constexpr int kBatches = 100;  ///< a second

/// Logs at a steady rate, two values a step, and counts what it has logged.
void writeValues(const std::filesystem::path& folder, std::atomic<std::int64_t>& logged) {
    record::RecorderOptions options;
    options.folder = folder;
    options.runJson = R"({"format": 1, "kind": "version", "uuid": ")" + folder.filename().string() +
                      R"(", "startedMicros": 1, "script": "train.py"})";
    auto recorder = must(record::Recorder::create(options));
    const std::uint32_t epoch = recorder->names().intern("epoch");
    const std::uint32_t step = recorder->names().intern("step");
    const std::uint32_t loss = recorder->names().intern("loss");
    const std::uint32_t rate = recorder->names().intern("lr");
    record::ThreadLog& log = *recorder->threadLog();
    log.enter(epoch);
    log.next();
    log.enter(step);
    const auto begin = std::chrono::steady_clock::now();
    for (int batch = 0; batch < kSeconds * kBatches; ++batch) {
        for (int i = 0; i < kValuesASecond / kBatches / 2; ++i) {
            log.next();
            log.number(loss, 0.1 * i);
            log.number(rate, 0.5);
        }
        logged += kValuesASecond / kBatches;
        std::this_thread::sleep_until(begin + std::chrono::milliseconds((batch + 1) * (1000 / kBatches)));
    }
    log.leave(format::LeaveReason::Exhausted);
    log.leave(format::LeaveReason::Exhausted);
    recorder->close(R"({"status": "complete"})");
}

void measure() {
    const TemporaryFolder top;
    const auto project = must(store::Project::create(top.path()));
    auto ingester = must(store::Ingester::open(project));
    const auto catalog = must(store::Catalog::open(project));
    const base::Uuid version = base::Uuid::make();
    std::atomic<std::int64_t> logged{0};
    std::thread writer(writeValues, project.versionFolder(version), std::ref(logged));
    std::vector<double> behind;
    double busy = 0;
    const double begin = wallSeconds();
    for (;;) {
        const std::int64_t before = logged;
        const double cpu = threadSeconds();
        must(ingester.ingestOnce());
        busy += threadSeconds() - cpu;
        const auto row = must(catalog.version(version));
        if (row && row->values > 0) behind.push_back(static_cast<double>(before - row->values) / kValuesASecond);
        if (row && row->state == store::RunState::Complete) break;
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    const double seconds = wallSeconds() - begin;
    writer.join();
    behind.pop_back();
    const std::size_t half = behind.size() / 2;
    const std::vector<double> early(behind.begin(), behind.begin() + static_cast<std::ptrdiff_t>(half));
    const std::vector<double> late(behind.begin() + static_cast<std::ptrdiff_t>(half), behind.end());
    printRow("ingest while a writer logs 1 M values/s", "follows without falling behind", "",
             text("%.2f s behind in the first half, %.2f s in the second (values leave the writer every second); %.0f "
                  "%% of a core",
                  median(early), median(late), busy / seconds * 100));
}

}  // namespace
}  // namespace hindcast::bench

int main() {
    hindcast::bench::measure();
    return 0;
}
