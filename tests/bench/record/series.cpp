// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/record/series.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "core/base/file.h"

namespace hindcast::bench {

Series loadSeries(const std::filesystem::path& folder) {
    Series series;
    series.name = (folder / ".").lexically_normal().parent_path().filename().string();
    std::ifstream index(folder / "index");
    std::string key;
    unsigned dtype = 0;
    std::size_t bytes = 0;
    std::size_t begin = 0;
    while (index >> key >> dtype >> bytes) {
        const auto type = format::dtypeOf(static_cast<std::uint8_t>(dtype));
        series.tensors.push_back({key, type.value_or(format::DType::Raw), begin, bytes});
        begin += bytes;
    }
    for (int epoch = 0;; ++epoch) {
        char name[24];
        std::snprintf(name, sizeof name, "epoch-%02d", epoch);
        auto content = base::readFile(folder / name);
        if (!content || content->size() != begin) break;
        series.epochs.push_back(*std::move(content));
    }
    if (series.epochs.empty() || begin == 0) {
        std::fprintf(stderr, "%s holds no series: make them with train_series.py\n", folder.c_str());
        std::exit(1);
    }
    return series;
}

}  // namespace hindcast::bench
