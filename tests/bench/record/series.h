// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/bytes.h"
#include "core/format/tensors/dtype.h"

namespace hindcast::bench {

/// Captures of one training as train_series.py leaves them, in memory.
struct Series {
    struct Tensor {
        std::string key;
        format::DType dtype = format::DType::Raw;
        std::size_t begin = 0;  ///< in the bytes of each epoch
        std::size_t bytes = 0;
    };
    std::string name;
    std::vector<Tensor> tensors;
    std::vector<base::Bytes> epochs;

    base::BytesView tensor(std::size_t epoch, const Tensor& of) const {
        return base::BytesView(epochs[epoch]).subspan(of.begin, of.bytes);
    }
    std::size_t bytesOfEpoch() const { return epochs.front().size(); }
};

/// Ends the program with a sentence when the folder holds no series.
Series loadSeries(const std::filesystem::path& folder);

}  // namespace hindcast::bench
