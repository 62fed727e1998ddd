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

}  // namespace
}  // namespace hindcast::propagate
