// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/format/tensors/capture.h"
#include "core/record/capture/arena.h"

namespace hindcast::record {

/// A tensor to capture, as the caller holds it: contiguous, row-major.
struct TensorView {
    std::string key;
    format::DType dtype = format::DType::Raw;
    std::vector<std::uint64_t> shape;
    std::uintptr_t address = 0;  ///< in host memory, or on `device`
    std::size_t bytes = 0;
    int device = -1;            ///< -1 = host
    std::uintptr_t stream = 0;  ///< device stream whose work the copy must follow
    /// The caller's number for what the tensor holds, 0 = unknown: views of one key with the same number were not
    /// written in between, as far as writes are counted.
    std::uint64_t content = 0;
    bool lazy = false;  ///< stays as it is, and where it is, until Recorder::settle(): may be copied until then
};

/// What to capture and where the script is.
struct CaptureRequest {
    format::CapturePoint point = format::CapturePoint::Boundary;
    format::LeaveReason how = format::LeaveReason::Exhausted;
    format::Coordinates coordinates;
    std::uint64_t passes = 0;
    std::vector<TensorView> tensors;
    base::Bytes meta;
    bool storeTensors = true;  ///< false: only digests are kept
};

/// A capture whose bytes are copied and which waits for the writer.
struct StagedCapture {
    struct Tensor {
        std::string key;
        format::DType dtype = format::DType::Raw;
        std::vector<std::uint64_t> shape;
        std::size_t bytes = 0;
        std::uint64_t content = 0;  ///< as in TensorView
        bool reused = false;        ///< as the key's tensor in the capture before that held it; no chunks
        std::vector<std::span<const std::byte>> chunks;  ///< kChunkBytes each, the last shorter; in the lease's memory
    };
    format::CapturePoint point = format::CapturePoint::Boundary;
    format::LeaveReason how = format::LeaveReason::Exhausted;
    format::Coordinates coordinates;
    std::uint64_t passes = 0;
    std::int64_t stamp = 0;
    bool storeTensors = true;
    base::Bytes meta;
    std::vector<Tensor> tensors;
    Arena::Lease lease;
};

}  // namespace hindcast::record
