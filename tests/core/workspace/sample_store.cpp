// SPDX-License-Identifier: Apache-2.0
#include "tests/core/workspace/sample_store.h"

#include <gtest/gtest.h>

#include "core/base/file.h"
#include "core/record/recorder.h"
#include "core/store/source/snapshot.h"

namespace hindcast::workspace {

namespace fs = std::filesystem;

SampleStore::SampleStore() : m_root(fs::temp_directory_path() / ("hindcast-" + base::Uuid::make().text())) {
    fs::create_directories(m_root);
}

SampleStore::~SampleStore() {
    std::error_code ignored;
    fs::remove_all(m_root, ignored);
}

void SampleStore::write(const std::string& file, const std::string& text) const {
    fs::create_directories((m_root / file).parent_path());
    const auto written = base::writeFileAtomically(m_root / file, base::bytesOf(text));
    ASSERT_TRUE(written) << written.error().text();
}

std::string SampleStore::read(const std::string& file) const {
    return base::readTextFile(m_root / file).value_or("");
}

base::Uuid SampleStore::record(const std::map<std::string, std::string>& files, const std::vector<std::string>& names) {
    for (const auto& entry : fs::directory_iterator(m_root)) {
        if (entry.path().extension() == ".py" && !files.contains(entry.path().filename().string()))
            fs::remove(entry.path());
    }
    for (const auto& [file, text] : files) write(file, text);
    const auto project = store::Project::create(m_root);
    EXPECT_TRUE(project) << project.error().text();
    const base::Uuid version = base::Uuid::make();
    record::RecorderOptions options;
    options.folder = project->versionFolder(version);
    options.runJson =
        R"({"format": 1, "kind": "version", "uuid": ")" + version.text() +
        R"(", "started": "2026-01-01T00:00:00.000000Z", "startedMicros": 1767225600000000, "project": ")" +
        m_root.string() + R"(", "script": "train.py", "folder": ")" + m_root.string() +
        R"(", "argv": ["train.py"], "arguments": {}, "interpreter": {"path": "/nowhere/python3", "version": "3.11.2",
                      "implementation": "CPython", "prefix": "/nowhere"}, "environment": {}, "packages": {}, "host": {"name": "h",
                      "system": "s", "machine": "m", "cpu": "c", "cores": 1, "memoryBytes": 1}, "git": null, "job": null,
                      "hashSeed": {"set": null, "fingerprint": 1}, "pid": 1, "bootId": "b"})";
    auto recorder = record::Recorder::create(options);
    EXPECT_TRUE(recorder) << recorder.error().text();
    record::ThreadLog* log = (*recorder)->threadLog();
    log->enter((*recorder)->names().intern("epoch"));
    for (int pass = 0; pass < 3; ++pass) {
        log->next();
        for (const std::string& name : names) log->number((*recorder)->names().intern(name), pass + 0.5);
    }
    log->leave(format::LeaveReason::Exhausted);
    (*recorder)->close(R"({"status": "complete", "reason": "", "exception": null, "exit": "end", "counters": {}})");
    const auto snapshot = store::recordSnapshot(*project, version);
    EXPECT_TRUE(snapshot) << snapshot.error().text();
    return version;
}

}  // namespace hindcast::workspace
