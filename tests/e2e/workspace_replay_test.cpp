// SPDX-License-Identifier: Apache-2.0
// The main promise on a small real training script, through the façade: values that a replay produces are, bit for bit,
// those that the run would have logged.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <thread>

#include "core/base/file.h"
#include "core/base/process.h"
#include "core/base/uuid.h"
#include "core/store/source/snapshot.h"
#include "core/store/source/source_trees.h"
#include "core/workspace/workspace.h"

namespace hindcast::workspace {
namespace {

namespace fs = std::filesystem;

const std::string kFirst = R"(import torch

import hindcast as hc

torch.manual_seed(3)
net = torch.nn.Sequential(torch.nn.Linear(8, 16), torch.nn.Dropout(0.2), torch.nn.Linear(16, 2))
opt = torch.optim.Adam(net.parameters(), lr=hc.arg("lr", 0.01))
x = torch.randn(64, 8)
y = (x.sum(1) > 0).long()
with hc.checkpointing(model=net, optimizer=opt):
    for epoch in hc.loop("epoch", range(4)):
        net.train()
        for batch in hc.loop("step", range(8)):
            part = slice(batch * 8, batch * 8 + 8)
            loss = torch.nn.functional.cross_entropy(net(x[part]), y[part])
            opt.zero_grad()
            loss.backward()
            opt.step()
            hc.log("loss", loss.item())
        net.eval()
        with torch.no_grad():
            predicted = net(x).argmax(1)
        hc.log("accuracy", (predicted == y).float().mean().item())
)";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
    return text;
}

/// The same training under other names, with another learning rate and a note above the loop.
std::string second() {
    std::string text = replaced(kFirst, "net.", "model.");
    text = replaced(text, "net(", "model(");
    text = replaced(text, "net =", "model =");
    text = replaced(text, "=net,", "=model,");
    text = replaced(text, "opt.", "optimizer.");
    text = replaced(text, "opt =", "optimizer =");
    text = replaced(text, "=opt)", "=optimizer)");
    text = replaced(text, "0.01", "0.02");
    return replaced(text, "with hc.check", "# train\nwith hc.check");
}

const std::string kGradStatement = R"(hc.log("grad_norm", sum(p.grad.norm() for p in model.parameters()).item()))";
const std::string kShareStatement = R"(hc.log("share", (predicted == 1).float().mean().item()))";

/// The script with both statements in it from the start.
std::string logging(const std::string& text, const std::string& model, const std::string& optimizer) {
    std::string out = replaced(
        text, "            " + optimizer + ".step()\n",
        "            " + replaced(kGradStatement, "model", model) + "\n            " + optimizer + ".step()\n");
    return out + "        " + kShareStatement + "\n";
}

/// A project folder whose script is recorded by the real recorder.
class TrainedProject {
public:
    explicit TrainedProject(const std::string& name)
        : m_root(fs::temp_directory_path() / ("hindcast-" + name + "-" + base::Uuid::make().text())) {
        fs::create_directories(m_root);
    }
    ~TrainedProject() {
        std::error_code ignored;
        fs::remove_all(m_root, ignored);
    }
    void record(const std::string& script) {
        ASSERT_TRUE(base::writeFileAtomically(m_root / "train.py", base::bytesOf(script)));
        base::ProcessSpec spec;
        spec.command = {HINDCAST_TEST_PYTHON, "train.py"};
        spec.folder = m_root;
        spec.environment = std::map<std::string, std::string>{{"PATH", "/usr/bin:/bin"},
                                                              {"HOME", "/nonexistent"},
                                                              {"PYTHONPATH", HINDCAST_TEST_PACKAGE},
                                                              {"PYTHONHASHSEED", "0"},
                                                              {"PYTHONDONTWRITEBYTECODE", "1"}};
        const auto ran = base::runCommand(spec, "", std::chrono::minutes(5));
        ASSERT_TRUE(ran) << ran.error().text();
        ASSERT_EQ(ran->status, 0) << ran->err;
        keepSource();
    }
    const fs::path& root() const { return m_root; }

private:
    /// As the hindcast program does beside a run; there may be none in a build of this test alone.
    void keepSource() {
        const auto project = store::Project::open(m_root);
        ASSERT_TRUE(project) << project.error().text();
        const auto names = base::listFolder(project->versions());
        ASSERT_TRUE(names);
        const base::Uuid newest = *base::Uuid::parse(names->back());
        const auto trees = store::SourceTrees::open(*project);
        ASSERT_TRUE(trees);
        if (!trees->has(newest)) {
            ASSERT_TRUE(store::recordSnapshot(*project, newest));
        }
    }

    fs::path m_root;
};

class WorkspaceReplay : public testing::Test {
protected:
    static void SetUpTestSuite() {
        s_project = new TrainedProject("past");
        s_project->record(kFirst);
        s_project->record(second());
        s_truth = new TrainedProject("truth");
        s_truth->record(logging(kFirst, "net", "opt"));
        s_truth->record(logging(second(), "model", "optimizer"));
    }
    static void TearDownTestSuite() {
        delete s_project;
        delete s_truth;
    }
    void SetUp() override {
        auto opened = Workspace::open(s_project->root());
        ASSERT_TRUE(opened) << opened.error().text();
        m_workspace = *std::move(opened);
    }

    /// Line of the text the user sees, probes included.
    int lineOf(const std::string& what) {
        const auto source = m_workspace->newestSource("train.py");
        EXPECT_TRUE(source) << source.error().text();
        const std::string& text = source->text;
        return static_cast<int>(
                   std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(text.find(what)), '\n')) +
               1;
    }
    Plan planOf(const std::vector<std::string>& names) {
        PlanRequest request;
        request.names = names;
        request.workers = 2;
        auto plan = m_workspace->plan(request);
        EXPECT_TRUE(plan) << plan.error().text();
        return plan ? *plan : Plan{};
    }
    ReplayProgress replayAll(const Plan& plan) {
        auto run = m_workspace->replay(plan);
        EXPECT_TRUE(run) << run.error().text();
        if (!run) return {};
        (*run)->wait();
        ReplayProgress progress = (*run)->progress();
        for (const QueueRow& row : progress.rows) {
            EXPECT_EQ(row.state, UnitState::Done) << row.message << "\n"
                                                  << base::readTextFile(row.outputFile).value_or("");
        }
        EXPECT_TRUE(m_workspace->refresh());
        return progress;
    }
    /// Compares a replayed name with the runs that logged it from the start.
    void expectTruth(const std::string& name) {
        auto truth = Workspace::open(s_truth->root());
        ASSERT_TRUE(truth) << truth.error().text();
        const auto versions = m_workspace->versions();
        const auto truths = (*truth)->versions();
        ASSERT_EQ(versions->size(), truths->size());
        for (std::size_t at = 0; at < versions->size(); ++at) {
            const auto mine = m_workspace->series((*versions)[at].uuid, name);
            const auto real = (*truth)->series((*truths)[at].uuid, name);
            ASSERT_TRUE(mine && real);
            EXPECT_FALSE(real->values.empty());
            EXPECT_EQ(mine->values, real->values) << name << " of v" << (*versions)[at].number;
            EXPECT_EQ(mine->x, real->x);
            for (const Fidelity fidelity : mine->fidelities) EXPECT_EQ(fidelity, Fidelity::Exact);
            for (const Source source : mine->sources) EXPECT_EQ(source, Source::Replayed);
        }
    }

    static TrainedProject* s_project;
    static TrainedProject* s_truth;
    std::unique_ptr<Workspace> m_workspace;
};

TrainedProject* WorkspaceReplay::s_project = nullptr;
TrainedProject* WorkspaceReplay::s_truth = nullptr;

TEST_F(WorkspaceReplay, GivesTheValuesThatTheRunsWouldHaveLogged) {
    const auto share =
        m_workspace->addProbe({"train.py", lineOf("        hc.log(\"accuracy\""), "", "", kShareStatement});
    const auto norm =
        m_workspace->addProbe({"train.py", lineOf("            optimizer.step()"), "", "", kGradStatement});
    ASSERT_TRUE(share) << share.error().text();
    ASSERT_TRUE(norm) << norm.error().text();

    const Plan shallow = planOf({"share"});
    ASSERT_EQ(shallow.rows.size(), 2u);
    for (const PlanRow& row : shallow.rows) {
        EXPECT_TRUE(row.willRun) << row.reason;
        EXPECT_EQ(row.mode, ReplayMode::Shallow) << row.reason;
        EXPECT_EQ(row.iterations.size(), 4u);
        EXPECT_GT(row.time.seconds, 0);
    }
    replayAll(shallow);
    expectTruth("share");

    const Plan deep = planOf({"grad_norm"});
    for (const PlanRow& row : deep.rows) EXPECT_EQ(row.mode, ReplayMode::Deep) << row.reason;
    EXPECT_EQ(replayAll(deep).done, 8);
    expectTruth("grad_norm");

    const Plan again = planOf({"share", "grad_norm"});
    for (const PlanRow& row : again.rows) {
        EXPECT_FALSE(row.willRun);
        EXPECT_EQ(row.reasonKey, "replayed-before") << row.reason;
    }
    const auto nothing = m_workspace->replay(again);
    ASSERT_FALSE(nothing);
    EXPECT_EQ(nothing.error().code(), base::ErrorCode::NothingToDo);
    EXPECT_EQ(*base::readTextFile(s_project->root() / "train.py"), second());
}

TEST_F(WorkspaceReplay, ANewRevisionSupersedesAndOnlyWhatIsAskedIsRun) {
    const auto probe = m_workspace->addProbe(
        {"train.py", lineOf("        hc.log(\"accuracy\""), "ones", "int((predicted == 1).sum())", ""});
    ASSERT_TRUE(probe) << probe.error().text();
    PlanRequest request;
    request.names = {"ones"};
    request.iterations = std::pair<std::int64_t, std::int64_t>(1, 2);
    request.where = "lr > 0.015";
    auto plan = m_workspace->plan(request);
    ASSERT_TRUE(plan) << plan.error().text();
    EXPECT_EQ(plan->iterations, 2);
    EXPECT_FALSE(plan->rows[1].willRun);
    EXPECT_EQ(plan->rows[1].reasonKey, "filtered-out");
    replayAll(*plan);
    const auto versions = m_workspace->versions();
    auto series = m_workspace->series((*versions)[0].uuid, "ones");
    ASSERT_TRUE(series);
    EXPECT_EQ(series->outer, (std::vector<double>{1, 2}));
    const std::vector<double> before = series->values;

    ASSERT_TRUE(
        m_workspace->editProbe(probe->id, {"train.py", probe->line, "ones", "100 + int((predicted == 1).sum())", ""}));
    replayAll(planOf({"ones"}));
    series = m_workspace->series((*versions)[0].uuid, "ones");
    ASSERT_TRUE(series);
    EXPECT_EQ(series->hiddenDiverged, 0);
    ASSERT_EQ(series->outer, (std::vector<double>{0, 1, 2, 3}));
    EXPECT_EQ(series->values[1], before[0] + 100);
}

TEST_F(WorkspaceReplay, CancelEndsTheWorkersAndKeepsTheStoreWhole) {
    const auto probe =
        m_workspace->addProbe({"train.py", lineOf("            optimizer.step()"), "batch_loss", "loss.item()", ""});
    ASSERT_TRUE(probe) << probe.error().text();
    const Plan plan = planOf({"batch_loss"});
    auto run = m_workspace->replay(plan);
    ASSERT_TRUE(run) << run.error().text();
    while ((*run)->progress().rows.front().state == UnitState::Queued) std::this_thread::yield();
    (*run)->cancel();
    (*run)->wait();
    EXPECT_TRUE((*run)->progress().cancelled);
    EXPECT_TRUE(m_workspace->refresh());
    for (const auto& entry : fs::directory_iterator(s_project->root() / ".hindcast" / "scratch")) {
        EXPECT_FALSE(entry.path().filename().string().starts_with("source-")) << entry.path();
        EXPECT_FALSE(base::Uuid::parse(entry.path().filename().string())) << entry.path();
    }
    // What was cancelled can be replayed again, to the end.
    replayAll(planOf({"batch_loss"}));
    const auto series = m_workspace->series(m_workspace->versions()->front().uuid, "batch_loss");
    const auto recorded = m_workspace->series(m_workspace->versions()->front().uuid, "loss");
    ASSERT_TRUE(series && recorded);
    EXPECT_EQ(series->values, recorded->values);
}

}  // namespace
}  // namespace hindcast::workspace
