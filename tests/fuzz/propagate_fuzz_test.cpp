// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <random>

#include "core/propagate/propagate.h"

namespace hindcast::propagate {
namespace {

const std::string kScript = R"(# -*- coding: utf-8 -*-
"""Trains."""
import os, sys
import hindcast as hc
from torch.nn import functional as F

class Net(Base):
    @property
    def width(self): return self._width

    def forward(self, x, *, scale=1.0, **rest):
        y = F.relu(x @ self.w) if scale > 0 else x; z = y * 2
        return {k: v for k, v in rest.items()} or (y +
                                                   z)

def main(args):
    net = Net(args.width)  # builds
    try:
        state = load(args.path)
    except (IOError, KeyError) as error:
        print(f"none: {error!r:>{args.width}} {'x' if error else ''}")
    else:
        net.load(state)
    finally:
        tidy()
    for epoch in hc.loop("epoch", range(args.epochs)):
        total = 0.0
        for step, (x, t) in enumerate(hc.loop("step", loader)):
            loss = F.mse_loss(net(x), t)
            loss.backward()
            total += loss.item()
            if step % 10 == 0: hc.log("loss", loss)
        match args.mode:
            case "a" | "b":
                keep(total)
            case {"k": v}:
                drop(v)
        hc.log("total",
               total)
    return net

if __name__ == "__main__":
    main(parse())
)";

int rounds() {
    const char* asked = std::getenv("HINDCAST_FUZZ_ROUNDS");
    return asked != nullptr ? std::max(1, std::atoi(asked)) : 400;
}

class Mutator {
public:
    explicit Mutator(unsigned seed) : m_random(seed) {}

    std::size_t below(std::size_t bound) { return bound == 0 ? 0 : m_random() % bound; }

    std::string mutated(std::string text) {
        for (std::size_t times = below(6); times > 0; --times) change(text);
        return text;
    }

    std::string bytes() {
        std::string out(below(300), '\0');
        for (char& c : out) c = static_cast<char>(m_random());
        return out;
    }

private:
    void change(std::string& text) {
        if (text.empty()) return;
        static constexpr std::array<const char*, 14> kPieces = {"\t",      "\r\n",    "\r",  "\\\n",  "\xEF\xBB\xBF",
                                                                "(",       ")",       "'''", ";",     "\x01\x7f",
                                                                "lambda:", "else:\n", "\f",  "async "};
        const auto at = below(text.size());
        switch (below(6)) {
            case 0:
                text.insert(at, kPieces[below(kPieces.size())]);
                break;
            case 1:
                text.erase(at, 1 + below(12));
                break;
            case 2:
                text[at] = static_cast<char>(m_random());
                break;
            default:
                moveLines(text, below(6));
        }
    }

    /// Takes a run of lines out and puts it in elsewhere, or only takes it out.
    void moveLines(std::string& text, std::size_t count) {
        const auto lineAt = [&](std::size_t byte) { return text.rfind('\n', byte) + 1; };
        const auto begin = lineAt(below(text.size()));
        auto end = begin;
        for (std::size_t i = 0; i <= count && end < text.size(); ++i)
            end = std::min(text.find('\n', end), text.size() - 1) + 1;
        const std::string run = text.substr(begin, end - begin);
        text.erase(begin, end - begin);
        if (!text.empty() && below(3) != 0) text.insert(lineAt(below(text.size())), run);
    }

    std::mt19937 m_random;
};

Project single(std::string text) {
    return Project({{"train.py", std::move(text)}});
}

/// The text without the lines of the range.
std::string without(const std::string& text, const SplicedFile& spliced, const std::string& old) {
    // The shortest way back: the old file is the result with one run of bytes taken out.
    std::size_t same = 0;
    while (same < old.size() && same < text.size() && old[same] == text[same]) ++same;
    const auto extra = text.size() - old.size();
    for (auto at = same + 1; at-- > 0;) {
        if (text.compare(at + extra, std::string::npos, old, at, std::string::npos) == 0 &&
            text.compare(0, at, old, 0, at) == 0)
            return old;
    }
    return "line " + std::to_string(spliced.inserted.front().first) + " is not all that changed";
}

void tryCarrying(const std::string& newest, int line, const std::string& old) {
    const auto placement = place(single(newest), {"train.py", line}, single(old));
    if (!placement || placement->kind != Placement::Kind::Placed) return;
    const SplicedFile& spliced = placement->spliced.front();
    ASSERT_GT(spliced.text.size(), old.size());
    EXPECT_EQ(without(spliced.text, spliced, old), old);
    EXPECT_TRUE(findLogStatements({"train.py", spliced.text})) << spliced.text;
}

TEST(PropagateFuzz, WhateverIsHandedInTheAnswerKeepsTheOldBytes) {
    for (int round = 0; round < rounds(); ++round) {
        SCOPED_TRACE("round " + std::to_string(round));
        Mutator mutator(static_cast<unsigned>(round));
        const std::string newest = mutator.mutated(kScript);
        const std::string old = mutator.mutated(kScript);
        const auto lines = static_cast<std::size_t>(std::count(newest.begin(), newest.end(), '\n'));
        tryCarrying(newest, 1 + static_cast<int>(mutator.below(lines + 2)), old);
        tryCarrying(mutator.bytes(), 1, old);
        tryCarrying(newest, 1, mutator.bytes());
        if (testing::Test::HasFailure()) return;
    }
}

TEST(PropagateFuzz, ScansAndStatementsByHandNeverCrash) {
    for (int round = 0; round < rounds(); ++round) {
        Mutator mutator(static_cast<unsigned>(round) + 1'000'000);
        const std::string newest = mutator.mutated(kScript);
        const std::string old = mutator.mutated(kScript);
        const auto added = scan(single(old), single(newest));
        if (!added) continue;
        const auto line = static_cast<int>(mutator.below(70));
        const auto by =
            placeAt(single(old), "train.py", line, mutator.below(2) == 0 ? "    log('x', 1)" : mutator.bytes());
        if (by) {
            EXPECT_TRUE(findLogStatements({"train.py", by->spliced.front().text}));
        }
        (void)writeExpression(single(newest), {"train.py", line, true, "n", mutator.mutated("a + b[0]")});
    }
}

}  // namespace
}  // namespace hindcast::propagate
