// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "tests/widgets/support/hand_made_workspace.h"

namespace hindcast::support {

namespace {
constexpr int kVersions = 12;
constexpr int kEpochs = 20;
constexpr int kSteps = 12;
constexpr std::int64_t kDayMicros = 86'400'000'000;
constexpr std::int64_t kFirstDay = 1'790'000'000'000'000;

const char* const kTrain = R"(import torch
import hindcast as hc

from data import make_loaders
from model import Detector


def train(net, loader, val, opt, sched):
    with hc.checkpointing(model=net, optimizer=opt, sched=sched):
        for epoch in hc.loop("epoch", range(hc.arg("epochs", 20))):
            for img, boxes in hc.loop("step", loader):
                loss = criterion(net(img), boxes)
                opt.zero_grad(set_to_none=True)
                loss.backward()
                gn = clip_grad_norm_(net.parameters(), 5.0)
                opt.step()
                hc.log("loss", loss.item())
            sched.step()
            stats = validate(net, val)
            hc.log("val_acc", stats.acc)
            hc.log("miss_rate", stats.miss())


if __name__ == "__main__":
    train(*setup())
)";

base::Uuid uuidOf(int number) {
    base::Uuid uuid;
    uuid.bytes[0] = 1;
    uuid.bytes[15] = static_cast<std::uint8_t>(number);
    return uuid;
}

double noise(int seed) {
    const double wave = std::sin(seed * 12.9898) * 43758.5453;
    return wave - std::floor(wave) - 0.5;
}

double level(const std::string& name, int version, double x) {
    const double bad = version == 9 || version == 10 ? std::max(0.0, (x - 7) / 20) : 0.0;
    if (name == "loss") return 2.0 * std::exp(-x / 5) + 0.2 + 0.02 * (kVersions - version) / 12.0;
    if (name == "val_acc") return 0.93 - 0.55 * std::exp(-x / 4) - 0.004 * (kVersions - version);
    return 0.3 * std::exp(-x / 4) + 0.05 + 0.003 * (kVersions - version) + bad * 0.2;
}

workspace::Series makeSeries(const base::Uuid& version, int number, const std::string& name, int epochs, bool inner) {
    workspace::Series series;
    series.version = version;
    series.name = name;
    series.loops = inner ? std::vector<std::string>{"epoch", "step"} : std::vector<std::string>{"epoch"};
    const int perEpoch = inner ? kSteps : 1;
    for (int i = 0; i < epochs * perEpoch; ++i) {
        const double x = static_cast<double>(i) / perEpoch;
        series.outer.push_back(std::floor(x));
        series.x.push_back(x);
        series.innermost.push_back(i);
        series.values.push_back(level(name, number, x) * (1 + 0.06 * noise(number * 1000 + i)));
        series.sources.push_back(workspace::Source::Recorded);
        series.fidelities.push_back(workspace::Fidelity::Exact);
    }
    return series;
}

void describe(workspace::VersionView& view, int number) {
    view.uuid = uuidOf(number);
    view.number = number;
    view.startedMicros = kFirstDay + number * 3 * kDayMicros;
    view.endedMicros = view.startedMicros + 600'000'000;
    view.script = "train.py";
    view.arguments = {{"lr", number < 6 ? "0.01" : "0.003"}, {"epochs", "20"}};
    view.outerLoop = "epoch";
    view.outerIterations = kEpochs;
    view.captures = 10;
    view.storedBytes = 30'000'000;
    if (number == 9) view.tags = {"mistake"};
    if (number == 8) {
        view.tags = {"last good"};
        view.baseline = true;
    }
    if (number == 4) view.state = workspace::VersionState::Crashed;
    if (number == 4) view.reason = "ended by signal 9 at epoch 11";
    if (number == 4) view.outerIterations = 12;
    if (number == kVersions) view.state = workspace::VersionState::Recording;
    if (number == kVersions) view.outerIterations = 15;
}
}  // namespace

std::shared_ptr<HandMadeProject> detectorProject() {
    auto project = std::make_shared<HandMadeProject>();
    for (int number = kVersions; number >= 1; --number) {
        workspace::VersionView view;
        describe(view, number);
        const auto epochs = static_cast<int>(view.outerIterations);
        for (const std::string name : {"loss", "val_acc", "miss_rate"}) {
            auto series = makeSeries(view.uuid, number, name, epochs, name == "loss");
            view.lastValues[name] = series.values.back();
            project->series[{view.uuid, name}] = std::move(series);
        }
        std::vector<workspace::CellView> cells(static_cast<std::size_t>(epochs));
        for (std::size_t i = 0; i < cells.size(); ++i) {
            cells[i].logged = true;
            cells[i].captured = i % 2 == 0;
        }
        if (number == 4) cells.back().failed = true;
        project->cells[view.uuid] = std::move(cells);
        project->versions.push_back(std::move(view));
    }
    project->names = {{"loss", {"epoch", "step"}, kVersions, true, false},
                      {"val_acc", {"epoch"}, kVersions, true, false},
                      {"miss_rate", {"epoch"}, kVersions, true, false}};
    project->sources = {{"train.py", kTrain},
                        {"model.py", "class Detector:\n    pass\n"},
                        {"data.py", "def make_loaders():\n    return []\n"}};
    return project;
}

}  // namespace hindcast::support
