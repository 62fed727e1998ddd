// SPDX-License-Identifier: Apache-2.0
#include "core/replay/resources/resource.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <utility>

namespace hindcast::replay {

using base::Error;
using base::ErrorCode;
using base::Result;

namespace {

constexpr std::array<std::pair<ResourceKind, std::string_view>, 3> kKinds{
    {{ResourceKind::Local, "local"}, {ResourceKind::Ssh, "ssh"}, {ResourceKind::Slurm, "slurm"}}};

constexpr int kMostWorkers = 4096;
/// One replay may have met a cold disk; what the user says of a place counts until there are some.
constexpr int kReplaysAgainstAWord = 3;

Error wrong(const Resource& resource, const std::string& what) {
    return {ErrorCode::InvalidArgument, "resource '" + resource.name + "': " + what};
}

bool isName(const std::string& text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return std::isalnum(c) || c == '-' || c == '_' || c == '.';
    });
}

Result<void> checkKind(const Resource& resource) {
    const bool isSsh = resource.kind == ResourceKind::Ssh;
    const bool isSlurm = resource.kind == ResourceKind::Slurm;
    if (isSsh && resource.host.empty()) return wrong(resource, "name the host that ssh reaches, as in --ssh HOST");
    if (isSsh && resource.host.front() == '-') return wrong(resource, "a host's name does not begin with '-'");
    if (isSsh && !resource.path.empty() && resource.path.front() != '/')
        return wrong(resource, "the project's path on the host has to be absolute, and '" + resource.path + "' is not");
    if (!isSsh && !(resource.host.empty() && resource.path.empty()))
        return wrong(resource, "a host and a path belong to ssh resources only");
    const bool asksSlurm = !resource.partition.empty() || resource.cpus || resource.memoryMiB || resource.gpus ||
                           resource.minutes || !resource.options.empty();
    if (!isSlurm && asksSlurm)
        return wrong(resource, "partition, cpus, memory, gpus, minutes and options belong to Slurm resources only");
    if ((resource.kind == ResourceKind::Local) != (resource.name == "local"))
        return wrong(resource, "this machine is the resource 'local', and no other can have that name");
    return {};
}

}  // namespace

std::string_view resourceKindName(ResourceKind kind) {
    for (const auto& [value, name] : kKinds) {
        if (value == kind) return name;
    }
    return "local";
}

std::optional<ResourceKind> resourceKindNamed(std::string_view name) {
    for (const auto& [value, text] : kKinds) {
        if (text == name) return value;
    }
    return std::nullopt;
}

Result<void> checkResource(const Resource& resource) {
    if (!isName(resource.name)) return wrong(resource, "a name is made of letters, digits, '-', '_' and '.'");
    if (resource.workers < 0 || resource.workers > kMostWorkers)
        return wrong(resource, "workers are a number from 0 (what fits) to " + std::to_string(kMostWorkers));
    if (!std::isfinite(resource.pricePerHour) || resource.pricePerHour < 0)
        return wrong(resource, "the price per hour is 0 or more");
    if (!std::isfinite(resource.speed) || resource.speed <= 0)
        return wrong(resource,
                     "the speed factor is more than 0; 2 means twice as fast as where the runs were recorded");
    if (!resource.device.empty() && resource.device != "cpu" && resource.device != "gpu")
        return wrong(resource, "the device is cpu or gpu");
    if (resource.cpus < 0 || resource.memoryMiB < 0 || resource.gpus < 0 || resource.minutes < 0)
        return wrong(resource, "cpus, memory, gpus and minutes are 0 or more");
    return checkKind(resource);
}

Resource withMeasuredSpeed(Resource resource, const Estimator& estimator) {
    MeasuredSpeed measured{1, estimator.replaysSeen()};
    if (resource.kind != ResourceKind::Local) {
        const auto found = estimator.speeds().find(resource.name);
        measured = found == estimator.speeds().end() ? MeasuredSpeed{} : found->second;
    }
    const int needed = resource.speed == Resource{}.speed ? 1 : kReplaysAgainstAWord;
    if (measured.replays < needed) return resource;
    resource.speed = measured.factor;
    resource.speedReplays = measured.replays;
    return resource;
}

std::string resourcePlace(const Resource& resource) {
    switch (resource.kind) {
        case ResourceKind::Local:
            return "this machine";
        case ResourceKind::Ssh:
            return "ssh " + resource.host + (resource.path.empty() ? "" : ":" + resource.path);
        case ResourceKind::Slurm:
            break;
    }
    return resource.partition.empty() ? "Slurm" : "Slurm, partition " + resource.partition;
}

std::optional<Resource> resourceFromWords(const std::string& words) {
    Resource resource;
    resource.name = words;
    const std::size_t colon = words.find(':');
    const auto kind = resourceKindNamed(words.substr(0, colon));
    const std::string rest = colon == std::string::npos ? "" : words.substr(colon + 1);
    if (kind == ResourceKind::Slurm) {
        resource.partition = rest;
    } else if (kind == ResourceKind::Ssh && !rest.empty()) {
        const std::size_t path = rest.find(":/");
        resource.host = rest.substr(0, path);
        if (path != std::string::npos) resource.path = rest.substr(path + 1);
    } else {
        return std::nullopt;
    }
    resource.kind = *kind;
    return resource;
}

}  // namespace hindcast::replay
