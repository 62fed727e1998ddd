// SPDX-License-Identifier: Apache-2.0
// Records a run whose content is known from its numbers, and says on standard output what the recorder has
// acknowledged. record_run VERSION_FOLDER PASSES: pass i logs i, i/4 and "pass i", and captures two tensors of int32,
// i*1000+j for j < 5000 and j for j < 70000 (which spans two chunks and never changes).

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <numeric>
#include <string>
#include <vector>

#include "core/base/file.h"
#include "core/record/recorder.h"

namespace {

using namespace hindcast;

record::TensorView viewOf(const char* key, const std::vector<std::int32_t>& numbers) {
    return {key,
            format::DType::I32,
            {numbers.size()},
            reinterpret_cast<std::uintptr_t>(numbers.data()),
            numbers.size() * sizeof numbers[0]};
}

void recordPass(record::Recorder& recorder, std::int64_t pass, const std::vector<std::int32_t>& frozen) {
    const auto name = [&](const char* text) { return recorder.names().intern(text); };
    record::ThreadLog* const log = recorder.threadLog();
    if (log == nullptr) return;
    std::vector<std::int32_t> weights(5000);
    std::iota(weights.begin(), weights.end(), static_cast<std::int32_t>(pass * 1000));
    record::CaptureRequest request;
    request.coordinates = {{"epoch", 0, pass}};
    request.tensors = {viewOf("weights", weights), viewOf("frozen", frozen)};
    request.meta = {std::byte{0xA0}};
    recorder.capture(std::move(request));
    log->next();
    log->integer(name("pass"), pass);
    log->number(name("quarter"), static_cast<double>(pass) / 4);
    log->text(name("words"), "pass " + std::to_string(pass));
}

std::string runJson(const std::string& uuid) {
    std::string boot = *base::readTextFile("/proc/sys/kernel/random/boot_id");
    boot.resize(boot.find('\n'));
    return R"({"format": 1, "kind": "version", "uuid": ")" + uuid + R"(", "startedMicros": 1, "script": "train.py", )" +
           R"("argv": ["train.py"], "bootId": ")" + boot + "\"}";
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 3) return 2;
    const std::filesystem::path folder = arguments[1];
    const auto recorder = record::Recorder::create({folder, runJson(folder.filename().string())});
    if (!recorder) {
        std::printf("not started: %s\n", recorder.error().text().c_str());
        return 0;
    }
    std::vector<std::int32_t> frozen(70'000);
    std::iota(frozen.begin(), frozen.end(), 0);
    if (record::ThreadLog* const log = (*recorder)->threadLog()) log->enter((*recorder)->names().intern("epoch"));
    for (std::int64_t pass = 0; pass < std::atoll(arguments[2]); ++pass) {
        recordPass(**recorder, pass, frozen);
        (*recorder)->flush(true);
        if (!(*recorder)->failure()) std::printf("acknowledged %lld\n", static_cast<long long>(pass));
        std::fflush(stdout);
    }
    (*recorder)->close(R"({"status":"complete","reason":"","exception":null,"exit":"end of script","counters":{}})");
    const auto failure = (*recorder)->failure();
    std::printf(failure ? "switched off: %s\n" : "closed\n", failure ? failure->c_str() : "");
    return 0;
}
