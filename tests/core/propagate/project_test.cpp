// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tests/core/propagate/support.h"

namespace hindcast::propagate {
namespace {

const std::string kEngine = R"(def train_one_epoch(model, loader, optimizer):
    model.train()
    for images, labels in loader:
        loss = criterion(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        log('grad', model.weight.grad.norm())
        optimizer.step()
    return loss.item()
)";

std::string without(std::string text, const std::string& marker) {
    const auto begin = text.rfind('\n', text.find(marker)) + 1;
    return text.erase(begin, text.find('\n', begin) + 1 - begin);
}

TEST(Projects, FunctionThatMovedToAnotherFileIsFollowed) {
    const std::string main =
        "import engine\n\nmodel = build()\nfor epoch in range(3):\n    engine.train_one_epoch(model, loader, "
        "optimizer)\nsave(model)\n";
    const Project newest({{"main.py", main}, {"engine.py", kEngine}});
    const std::string old =
        without(kEngine, "log('grad'") +
        "\n\nmodel = build()\nfor epoch in range(3):\n    train_one_epoch(model, loader, optimizer)\nsave(model)\n";
    const auto placement = place(newest, {"engine.py", lineWith(kEngine, "log('grad'")}, Project({{"main.py", old}}));
    ASSERT_TRUE(placement) << placement.error().text();
    ASSERT_EQ(placement->kind, Placement::Kind::Placed) << placement->reason;
    EXPECT_EQ(placement->spliced.front().file, "main.py");
    EXPECT_EQ(placement->spliced.front().text, kEngine + old.substr(without(kEngine, "log('grad'").size()));
}

TEST(Projects, RenamedFileIsFoundByWhatItHolds) {
    const Project newest({{"engine.py", kEngine}, {"other.py", "x = 1\n"}});
    const Project old({{"lib/train_loop.py", without(kEngine, "log('grad'")}, {"other.py", "x = 1\n"}});
    const auto placement = place(newest, {"engine.py", lineWith(kEngine, "log('grad'")}, old);
    ASSERT_TRUE(placement);
    ASSERT_EQ(placement->kind, Placement::Kind::Placed) << placement->reason;
    EXPECT_EQ(placement->spliced.front().file, "lib/train_loop.py");
    EXPECT_EQ(placement->spliced.front().text, kEngine);
}

TEST(Projects, FileThatDoesNotParseElsewhereDoesNotMatter) {
    const Project newest({{"engine.py", kEngine}, {"notes.py", "def broken(:\n"}});
    const Project old({{"engine.py", without(kEngine, "log('grad'")}, {"notes.py", "print 'old'\n"}});
    const auto placement = place(newest, {"engine.py", lineWith(kEngine, "log('grad'")}, old);
    ASSERT_TRUE(placement);
    EXPECT_EQ(placement->kind, Placement::Kind::Placed);
}

TEST(Projects, ModulesKeepTheNamesUnderWhichTheOldFileImportsThem) {
    const std::string newest =
        "import lib.metrics as metrics\nfrom lib import data\n\nrows = data.load(path)\nlog('f1', "
        "metrics.f1(rows))\nshow(rows)\n";
    const std::string old =
        "from lib import metrics as m\nimport lib.data as source\n\nrows = source.load(path)\nshow(rows)\n";
    const Project there({{"main.py", old}, {"lib/metrics.py", "def f1(rows):\n    return 1\n"}});
    const auto placement = place(Project({{"main.py", newest}}), {"main.py", lineWith(newest, "log('f1'")}, there);
    ASSERT_TRUE(placement);
    EXPECT_EQ(spliced(*placement),
              "from lib import metrics as m\nimport lib.data as source\n\nrows = source.load(path)\nlog('f1', "
              "m.f1(rows))\nshow(rows)\n");
}

const std::string kFit = R"(    def fit(self, loader):
        for batch in loader:
            loss = self.step(batch)
            log('loss', loss)
            self.tally(loss)
        return self.total
)";

TEST(Projects, ClassSplitInTwoIsFollowedBackIntoTheWhole) {
    const Project newest({{"trainer.py", "class Trainer:\n" + kFit},
                          {"evaluator.py",
                           "class Evaluator:\n    def score(self, loader):\n        hits = sum(self.hit(b) for b in "
                           "loader)\n        return hits / len(loader)\n"}});
    const std::string whole =
        "class Runner:\n    def __init__(self, net):\n        self.net = net\n\n" + without(kFit, "log('loss'") +
        "\n    def score(self, loader):\n        hits = sum(self.hit(b) for b in loader)\n        return hits / "
        "len(loader)\n";
    const auto placement = place(newest, {"trainer.py", 5}, Project({{"runner.py", whole}}));
    ASSERT_TRUE(placement);
    ASSERT_EQ(placement->kind, Placement::Kind::Placed) << placement->reason;
    EXPECT_EQ(placement->spliced.front().file, "runner.py");
    EXPECT_EQ(without(placement->spliced.front().text, "log('loss'"), whole);
    EXPECT_NE(placement->spliced.front().text.find("step(batch)\n            log('loss', loss)\n"), std::string::npos);
}

TEST(Projects, ChainThroughVersionsBetweenFollowsWhatOneJumpCannot) {
    // Each step renames and rewrites a little; nothing of the first is left in the last but the shape.
    const auto version = [](const std::string& v, const std::string& load, const std::string& run, bool probe) {
        return v + " = " + load + "(path, 4)\n" + (probe ? "log('size', len(" + v + "))\n" : "") + run + "(" + v +
               ", 'all')\n";
    };
    const Project middle = single(version("rows", "load_rows", "train", false));
    const auto placement = placeThrough(single(version("rows", "read_rows", "train", true)), {{"train.py", 2}},
                                        {&middle}, single(version("table", "load_rows", "train", false)));
    ASSERT_TRUE(placement);
    EXPECT_EQ(spliced(*placement), version("table", "load_rows", "train", true));
}

}  // namespace
}  // namespace hindcast::propagate
