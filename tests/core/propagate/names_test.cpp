// SPDX-License-Identifier: Apache-2.0
// What the names of a statement become in an old version.
#include <algorithm>

#include "tests/core/propagate/support.h"

namespace hindcast::propagate {
namespace {

TEST(Names, FollowTheScopeNotTheLetters) {
    // `acc` of train() became `hits`, while another function's `acc` kept its name.
    const std::string newest =
        "def train(net):\n    acc = measure(net)\n    log('acc', acc)\n    return acc\n\ndef test(net):\n    acc = "
        "evaluate(net)\n    show(acc)\n    return acc\n";
    const std::string old =
        "def train(net):\n    hits = measure(net)\n    return hits\n\ndef test(net):\n    acc = evaluate(net)\n    "
        "show(acc)\n    return acc\n";
    EXPECT_EQ(
        spliced(carry(newest, "log('acc'", old)),
        "def train(net):\n    hits = measure(net)\n    log('acc', hits)\n    return hits\n\ndef test(net):\n    acc "
        "= evaluate(net)\n    show(acc)\n    return acc\n");
}

TEST(Names, SwappedNamesAreSwappedOrAskedForNeverKept) {
    const std::string newest = "x = load(data)\ny = target(data)\nlog('first', x, y)\nfit(x, y)\nsave(x)\nclose(y)\n";
    const std::string old = "y = load(data)\nx = target(data)\nfit(y, x)\nsave(y)\nclose(x)\n";
    const Placement placement = carry(newest, "log('first'", old);
    if (placement.kind == Placement::Kind::Placed) {
        EXPECT_EQ(spliced(placement),
                  "y = load(data)\nx = target(data)\nlog('first', y, x)\nfit(y, x)\nsave(y)\nclose(x)\n");
    }
}

TEST(Names, OwnInnerNamesStay) {
    const std::string newest =
        "net = build(4)\nlog('norms', [p.norm() for p in net.parameters()])\ntrain(net)\np = 3\n";
    const std::string old = "model = build(4)\ntrain(model)\np = 3\n";
    EXPECT_EQ(spliced(carry(newest, "log('norms'", old)),
              "model = build(4)\nlog('norms', [p.norm() for p in model.parameters()])\ntrain(model)\np = 3\n");
}

TEST(Names, ImportsUnderOtherNamesAreTheOldFilesOwn) {
    const std::string newest =
        "import numpy as np\nimport torch.nn.functional as F\nout = net(x)\nlog('p', "
        "np.mean(F.softmax(out)))\nsend(out)\n";
    const std::string old = "import numpy\nfrom torch.nn import functional\nout = net(x)\nsend(out)\n";
    EXPECT_EQ(spliced(carry(newest, "log('p'", old)),
              "import numpy\nfrom torch.nn import functional\nout = net(x)\nlog('p', "
              "numpy.mean(functional.softmax(out)))\nsend(out)\n");
}

TEST(Names, AModuleThatTheOldFileDoesNotImportIsAConflict) {
    const std::string newest = "import math\na = work(1)\nlog('r', math.sqrt(a))\nrest(a)\n";
    const Placement placement = carry(newest, "log('r'", "a = work(1)\nrest(a)\n");
    EXPECT_EQ(placement.kind, Placement::Kind::Conflict);
    EXPECT_EQ(placement.unresolvedNames, std::vector<std::string>{"math"});
}

TEST(Names, BornLaterInTheOldVersionMovesTheStatementBehindTheirBirth) {
    // `lr` is read by the statement; the old version binds it only after the call beside which the statement stands.
    const std::string newest = "lr = rate(cfg)\nnet = build(cfg)\nlog('lr', lr)\nrun(net, lr)\n";
    const std::string old = "net = build(cfg)\nlr = rate(cfg)\nrun(net, lr)\n";
    EXPECT_EQ(spliced(carry(newest, "log('lr'", old)),
              "net = build(cfg)\nlr = rate(cfg)\nlog('lr', lr)\nrun(net, lr)\n");
}

TEST(Names, NeverStandsWhereANameIsNotBoundYet) {
    const std::string newest = "a = one()\nlog('b', b_of(a))\nb = two(a)\nc = three(b)\nend(c)\n";
    const Placement there = carry(newest, "log('b'", "c = three(0)\na = one()\nend(c)\nb = two(a)\n");
    if (there.kind == Placement::Kind::Placed) {
        EXPECT_GT(there.spliced.front().text.find("log('b'"), there.spliced.front().text.find("a = one()"));
    }
}

TEST(Names, WalrusMatchCapturesAndGlobalsCountAsBindings) {
    const std::string newest =
        "def f(q):\n    while (item := q.get()):\n        use(item)\n        log('item', item)\n        done(item)\n";
    const std::string old = "def f(q):\n    while (it := q.get()):\n        use(it)\n        done(it)\n";
    EXPECT_EQ(spliced(carry(newest, "log('item'", old)),
              "def f(q):\n    while (it := q.get()):\n        use(it)\n        log('item', it)\n        done(it)\n");
    const std::string global =
        "count = 0\ndef g(x):\n    global count\n    count += x\n    log('n', count)\n    tell(x)\n";
    EXPECT_EQ(spliced(carry(global, "log('n'", "n = 0\ndef g(x):\n    global n\n    n += x\n    tell(x)\n")),
              "n = 0\ndef g(x):\n    global n\n    n += x\n    log('n', n)\n    tell(x)\n");
}

}  // namespace
}  // namespace hindcast::propagate
