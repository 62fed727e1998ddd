// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tests/core/propagate/support.h"

namespace hindcast::propagate {
namespace {

const std::string kScript = R"(import torch
import hindcast as hc

net = torch.nn.Linear(4, 2)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
criterion = torch.nn.CrossEntropyLoss()

for epoch in hc.loop("epoch", range(5)):
    total = 0.0
    for batch, target in hc.loop("step", loader):
        optimizer.zero_grad()
        output = net(batch)
        loss = criterion(output, target)
        loss.backward()
        optimizer.step()
        total += loss.item()
    accuracy = evaluate(net)
    hc.log("accuracy", accuracy)
)";

std::string with(std::string text, const std::string& after, const std::string& lines) {
    const auto at = text.find(after);
    EXPECT_NE(at, std::string::npos) << after;
    return text.insert(text.find('\n', at) + 1, lines);
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
    return text;
}

const std::string kGradLine = "        hc.log(\"grad\", net.weight.grad.norm())\n";

TEST(Place, StatementGoesBetweenTheSameNeighboursOfAnUnchangedVersion) {
    const std::string newest = with(kScript, "loss.backward()", kGradLine);
    const Placement placement = carry(newest, "\"grad\"", kScript);
    EXPECT_EQ(spliced(placement), newest);
    EXPECT_GE(placement.confidence, kConfidenceBar);
    EXPECT_EQ(placement.spliced.front().inserted.front().first, lineWith(newest, "\"grad\""));
}

TEST(Place, NamesFollowTheBindingsWhenManyVariablesWereRenamed) {
    std::string old = kScript;
    for (const auto& [from, to] : {std::pair{"net", "model"},
                                   {"optimizer", "opt"},
                                   {"criterion", "crit"},
                                   {"batch", "x"},
                                   {"target", "y"},
                                   {"output", "pred"},
                                   {"loss", "err"},
                                   {"accuracy = ", "acc = "},
                                   {"accuracy)", "acc)"}}) {
        old = replaced(old, from, to);
    }
    const std::string newest = with(kScript, "loss.backward()", kGradLine);
    EXPECT_EQ(spliced(carry(newest, "\"grad\"", old)),
              with(old, "err.backward()", replaced(kGradLine, "net", "model")));
}

TEST(Place, AliasOfHindcastIsTheOldFilesOwn) {
    const std::string old = replaced(replaced(kScript, "hindcast as hc", "hindcast as flor"), "hc.", "flor.");
    const std::string newest = with(kScript, "loss.backward()", kGradLine);
    EXPECT_EQ(spliced(carry(newest, "\"grad\"", old)), with(old, "loss.backward()", replaced(kGradLine, "hc", "flor")));
}

TEST(Place, EpochStatementStaysInTheEpochLoopWhenCodeMovedIntoAFunction) {
    const std::string old = R"(import torch
import hindcast as hc

def train_epoch(net, optimizer, criterion, loader):
    total = 0.0
    for batch, target in hc.loop("step", loader):
        optimizer.zero_grad()
        output = net(batch)
        loss = criterion(output, target)
        loss.backward()
        optimizer.step()
        total += loss.item()
    return total

net = torch.nn.Linear(4, 2)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
criterion = torch.nn.CrossEntropyLoss()

for epoch in hc.loop("epoch", range(5)):
    total = train_epoch(net, optimizer, criterion, loader)
    accuracy = evaluate(net)
    hc.log("accuracy", accuracy)
)";
    const std::string probe = "    hc.log(\"norm\", net.weight.norm())\n";
    const std::string newest = with(kScript, "accuracy = evaluate", probe);
    EXPECT_EQ(spliced(carry(newest, "\"norm\"", old)), with(old, "accuracy = evaluate", probe));
    const std::string inner = with(kScript, "loss.backward()", kGradLine);
    EXPECT_EQ(spliced(carry(inner, "\"grad\"", old)), with(old, "loss.backward()", kGradLine));
}

TEST(Place, NameWithoutCounterpartIsAConflictThatNamesIt) {
    const std::string newest = "a = load()\nh = helper(a)\nlog('h', h)\nsave(a)\n";
    const std::string old = "a = load()\nb = g(a)\nsave(a)\n";
    const Placement placement = carry(newest, "log('h'", old);
    EXPECT_EQ(placement.kind, Placement::Kind::Conflict);
    EXPECT_EQ(placement.unresolvedNames, std::vector<std::string>{"h"});
    EXPECT_FALSE(placement.candidates.empty());
}

TEST(Place, SameLettersInAnotherScopeAreNotTheSameName) {
    // `x` of main() is `x`, though a helper calls something else `x` that became `y`.
    const std::string newest =
        "def helper(x):\n    z = x + 1\n    return z\n\ndef main():\n    x = load()\n    log('x', x)\n    run(x)\n";
    const std::string old = "def helper(y):\n    z = y + 1\n    return z\n\ndef main():\n    x = load()\n    run(x)\n";
    EXPECT_EQ(spliced(carry(newest, "log('x'", old)), with(old, "x = load()", "    log('x', x)\n"));
}

TEST(Place, StatementThatIsThereAlreadyIsNothingToDoEvenUnderOtherNames) {
    EXPECT_EQ(carry(kScript, "\"accuracy\", accuracy", kScript).kind, Placement::Kind::AlreadyThere);
    const std::string old = replaced(kScript, "accuracy = evaluate", "acc = evaluate");
    EXPECT_EQ(
        carry(kScript, "\"accuracy\", accuracy", replaced(old, "\"accuracy\", accuracy", "\"accuracy\", acc")).kind,
        Placement::Kind::AlreadyThere);
}

TEST(Place, CompoundStatementIsCarriedWhole) {
    const std::string probe =
        "    for name, p in net.named_parameters():\n        if p.grad is not None:\n            hc.log(name, "
        "p.grad.norm())  # per layer\n";
    const std::string newest = with(kScript, "accuracy = evaluate", probe);
    EXPECT_EQ(spliced(carry(newest, "for name, p", replaced(kScript, "range(5)", "range(3)"))),
              with(replaced(kScript, "range(5)", "range(3)"), "accuracy = evaluate", probe));
}

TEST(Place, GroupOfStatementsKeepsItsOrderAndStandsTogether) {
    const std::string first = "    recall = per_class(net)\n";
    const std::string second = "    hc.log(\"recall\", recall)\n";
    const std::string newest = with(kScript, "accuracy = evaluate", first + second);
    const int line = lineWith(newest, "recall = per_class");
    const auto placement = placeGroup(single(newest), {{"train.py", line}, {"train.py", line + 1}}, single(kScript));
    ASSERT_TRUE(placement);
    EXPECT_EQ(spliced(*placement), newest);
    EXPECT_EQ(placement->spliced.front().inserted.size(), 2u);
}

TEST(Place, GroupStaysTogetherWhereTheCodeThatFollowedItIsNotThereYet) {
    const std::string head =
        "import hindcast as hc\nfor epoch in hc.loop('epoch', range(4)):\n    acc = evaluate(net)\n    hc.log('acc', "
        "acc)\n";
    const std::string group =
        "    known = truth()\n    hits = net(data()) == known\n    for digit in range(10):\n        "
        "hc.log(f'recall_{digit}', hits[known == digit].mean())\n";
    const std::string newest =
        head + group + "    hc.log('loss', total)\n    scheduler.step()\n    hc.log('next', scheduler.rate())\n";
    const int line = lineWith(newest, "known = truth");
    const auto placement =
        placeGroup(single(newest), {{"train.py", line}, {"train.py", line + 1}, {"train.py", line + 2}}, single(head));
    ASSERT_TRUE(placement);
    EXPECT_EQ(spliced(*placement), head + group);
}

TEST(Place, SourcesThatDoNotParseAreRefused) {
    const auto broken = place(single("x = 1\n"), {"train.py", 1}, single("def f(:\n"));
    ASSERT_FALSE(broken);
    EXPECT_EQ(broken.error().code(), base::ErrorCode::Parse);
    const auto nothing = place(single("x = 1\n\n"), {"train.py", 2}, single("y = 2\n"));
    ASSERT_FALSE(nothing);
    EXPECT_EQ(nothing.error().code(), base::ErrorCode::InvalidArgument);
}

TEST(Place, UnrelatedFileIsAConflictNotAGuess) {
    const Placement placement = carry(with(kScript, "loss.backward()", kGradLine), "\"grad\"",
                                      "def area(w, h):\n    return w * h\n\nprint(area(2, 3))\n");
    EXPECT_EQ(placement.kind, Placement::Kind::Conflict);
}

TEST(Place, StepsThroughAVersionBetweenWhereTheDirectWayIsUnsure) {
    const std::string probe = "log('v', total)\n";
    const std::string newest = "total = compute_total(alpha, beta)\n" + probe + "finish(total, 'report')\n";
    const std::string middle = "total = compute_total(alpha, beta)\nfinish(total, 'report')\n";
    const Project between = single(middle);
    const auto placement = placeThrough(single(newest), {{"train.py", 2}}, {&between}, single(middle));
    ASSERT_TRUE(placement);
    EXPECT_EQ(spliced(*placement), newest);
}

TEST(Place, HindsightStatementStaysBesideItsNeighbourWhereCodeFollowsThatIsGoneNow) {
    const std::string old = with(kScript, "accuracy = evaluate", "    scheduler.step(epoch)\n");
    const std::string probe = "    hc.log(\"twice\", 2 * accuracy)\n";
    EXPECT_EQ(spliced(carry(with(kScript, "accuracy = evaluate", probe), "\"twice\"", old)),
              with(old, "accuracy = evaluate", probe));
}

TEST(Place, SuitesOfOneStatementPairByWhatTheyAskFor) {
    const std::string tail = "elif kind == 'norm':\n    zeros(item.bias)\n";
    const std::string newest =
        "if kind == 'linear':\n    normal(item)\nelif kind == 'table':\n    uniform(item.table)\n" + tail +
        "    log('v', item)\n";
    const std::string old =
        "if kind == 'linear':\n    normal(item)\n" + tail + "elif kind == 'model':\n    normal(item.position)\n";
    EXPECT_EQ(spliced(carry(newest, "log('v'", old)), with(old, "zeros(item.bias)", "    log('v', item)\n"));
}

TEST(Place, NameThatTheStatementBindsIsTheOneThatOldCodeMisses) {
    const std::string newest =
        "def f(a, b):\n    rows = load(a)\n    total = fold(rows, b)\n    report(total, a)\n    return total + 1\n";
    const std::string old = "def f(a, b):\n    rows = load(a)\n    report(result, a)\n    return result + 1\n";
    EXPECT_EQ(spliced(carry(newest, "total = fold", old)), with(old, "rows = load", "    result = fold(rows, b)\n"));
}

TEST(Place, NoJumpCutsOffCodeAndNothingIsPutWhereItCannotBeReached) {
    const std::string newest = "def f(a):\n    b = g(a)\n    return b\n";
    const std::string old = "def f(a):\n    b = g(a)\n    h(b)\n    k(b)\n";
    for (const Candidate& candidate : carry(newest, "return b", old).candidates) EXPECT_EQ(candidate.line, 5);
    const std::string probed = "def f(a):\n    b = g(a)\n    log('b', b)\n    h(b)\n    k(b)\n";
    for (const Candidate& candidate : carry(probed, "log('b'", newest).candidates) {
        EXPECT_FALSE(candidate.line == 4 && candidate.statement.front() == ' ') << candidate.statement;
    }
}

}  // namespace
}  // namespace hindcast::propagate
