// SPDX-License-Identifier: Apache-2.0
// Scores propagation on real histories: hindcast-propagation-score [options] REPOSITORY PATH [REPOSITORY PATH …]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/bench/propagation/git_history.h"
#include "tests/bench/propagation/leave_one_out.h"

namespace hindcast::bench {
namespace {

struct Options {
    std::size_t versions = 12;
    std::size_t through = 0;  ///< versions on the way that a statement may be carried through
    CaseChoice choice;
    unsigned seed = 1;
    bool lineDiff = false;  ///< score a plain line diff too
    std::string dump;       ///< file for the features of every place considered
    std::string show;       ///< "", "wrong", "refused" or "all"
    std::vector<std::pair<std::string, std::string>> histories;
};

struct Score {
    int cases = 0;
    int exact = 0;
    int bytes = 0;
    int wrong = 0;
    int refused = 0;
    int ranked = 0;
    std::vector<double> seconds;

    void add(const Verdict& verdict) {
        ++cases;
        seconds.push_back(verdict.seconds);
        switch (verdict.outcome) {
            case Outcome::ExactBytes:
                ++bytes;
                [[fallthrough]];
            case Outcome::Exact:
                ++exact;
                break;
            case Outcome::Wrong:
            case Outcome::SaidThere:
                ++wrong;
                break;
            case Outcome::RefusedRanked:
                ++ranked;
                [[fallthrough]];
            case Outcome::Refused:
            case Outcome::Failed:
                ++refused;
                break;
        }
    }

    void print(const std::string& name) const {
        std::vector<double> sorted = seconds;
        std::sort(sorted.begin(), sorted.end());
        const double n = std::max(1, cases);
        std::printf("%-52s %5d  %6.3f %6.3f %6.3f %6.3f  %5.2f   %6.1f %6.1f\n", name.c_str(), cases, exact / n,
                    bytes / n, wrong / n, refused / n, refused > 0 ? static_cast<double>(ranked) / refused : 1.0,
                    sorted.empty() ? 0 : 1e3 * sorted[sorted.size() / 2], sorted.empty() ? 0 : 1e3 * sorted.back());
        std::fflush(stdout);
    }
};

std::string nameOf(Trust trust) {
    switch (trust) {
        case Trust::Survived:
            return "all that survived";
        case Trust::Rewritten:
            return "all rewritten between";
        case Trust::Inserted:
            return "all inserted between neighbours";
        case Trust::InsertedBeside:
            return "all inserted beside one";
    }
    return {};
}

/// One score for each kind of case.
struct Totals {
    Score all;
    std::map<std::pair<Trust, bool>, Score> byKind;

    void add(const Case& one, const Verdict& verdict) {
        all.add(verdict);
        byKind[{one.trust, one.renamed}].add(verdict);
    }

    void print() const {
        for (const auto& [kind, score] : byKind) {
            score.print(nameOf(kind.first) + (kind.second ? ", renamed" : ""));
        }
        all.print("all");
    }
};

void showCase(const std::string& label, const Case& one, const Verdict& verdict) {
    std::printf("---- %s: %s%s, confidence %.2f: %s\n", label.c_str(),
                verdict.outcome == Outcome::Wrong       ? "wrong"
                : verdict.outcome == Outcome::SaidThere ? "said there"
                : verdict.outcome == Outcome::Exact     ? "bytes differ"
                                                        : "refused",
                one.renamed                     ? " (renamed)"
                : one.trust == Trust::Rewritten ? " (rewritten)"
                                                : "",
                verdict.confidence, verdict.reason.c_str());
    std::printf("  statement: %s (line %d of the newest, %d of the past)\n", one.statement.substr(0, 200).c_str(),
                one.line, one.truthLine);
    std::printf("%s", verdict.candidates.c_str());
    if (verdict.result.empty()) return;
    const std::string folder = std::getenv("TMPDIR") != nullptr ? std::getenv("TMPDIR") : "/tmp";
    std::ofstream(folder + "/truth.py", std::ios::binary) << one.truth;
    std::ofstream(folder + "/result.py", std::ios::binary) << verdict.result;
    std::fflush(stdout);
    const int status = std::system(("diff -U4 " + folder + "/truth.py " + folder + "/result.py | tail -n +3").c_str());
    if (status < 0) std::printf("  (diff could not be run)\n");
}

bool wanted(const std::string& show, Outcome outcome) {
    const bool wrong = outcome == Outcome::Wrong || outcome == Outcome::SaidThere;
    const bool refused = outcome == Outcome::Refused || outcome == Outcome::RefusedRanked || outcome == Outcome::Failed;
    if (show == "bytes") return outcome == Outcome::Exact;
    return (show == "wrong" && wrong) || (show == "refused" && refused) || (show == "all" && (wrong || refused));
}

void run(const Options& options) {
    std::printf("%-52s %5s  %6s %6s %6s %6s  %5s   %6s %6s\n", "history", "cases", "exact", "bytes", "wrong", "refus.",
                "top3", "ms", "max");
    Totals totals;
    Score lineDiffTotal;
    int number = 0;
    std::ofstream dump(options.dump);
    for (std::size_t h = 0; h < options.histories.size(); ++h) {
        const auto& [repository, path] = options.histories[h];
        History history(repository, path);
        const std::vector<std::size_t> chosen = history.spread(options.versions + 1);
        std::mt19937 random(options.seed);
        Score score;
        for (std::size_t i = 1; i < chosen.size(); ++i) {
            const Revision& newest = history.at(chosen.front());
            const Revision& past = history.at(chosen[i]);
            const auto lines = survivingLines(repository, newest, past);
            std::vector<std::string> between;
            for (const std::size_t place : history.between(chosen.front(), chosen[i], options.through))
                between.push_back(history.at(place).text);
            for (const Case& one : makeCases(newest.text, past.text, lines, between, options.choice, random)) {
                if (!options.dump.empty()) {
                    dumpFeatures(one, number++, static_cast<int>(h), dump);
                    continue;
                }
                const Verdict verdict = judge(one);
                score.add(verdict);
                totals.add(one, verdict);
                if (options.lineDiff && !one.renamed) lineDiffTotal.add(judgeLineDiff(one));
                if (wanted(options.show, verdict.outcome))
                    showCase(path + "@" + past.commit.substr(0, 8), one, verdict);
            }
        }
        const auto slash = repository.find_last_of('/', repository.size() - 6);
        score.print((slash == std::string::npos ? repository : repository.substr(slash + 1)) + " " + path);
    }
    totals.print();
    if (options.lineDiff) lineDiffTotal.print("for comparison: plain line diff, plain cases");
}

}  // namespace
}  // namespace hindcast::bench

int main(int argc, char** argv) {
    hindcast::bench::Options options;
    std::vector<std::string> rest;
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument = argv[i];
        const auto value = [&] { return std::string(i + 1 < argc ? argv[++i] : ""); };
        if (argument == "--versions")
            options.versions = std::strtoul(value().c_str(), nullptr, 10);
        else if (argument == "--cases")
            options.choice.limit = std::strtoul(value().c_str(), nullptr, 10);
        else if (argument == "--renamed")
            options.choice.renamedShare = std::strtod(value().c_str(), nullptr);
        else if (argument == "--inserted")
            options.choice.insertedShare = std::strtod(value().c_str(), nullptr);
        else if (argument == "--through")
            options.through = std::strtoul(value().c_str(), nullptr, 10);
        else if (argument == "--seed")
            options.seed = static_cast<unsigned>(std::strtoul(value().c_str(), nullptr, 10));
        else if (argument == "--line-diff")
            options.lineDiff = true;
        else if (argument == "--dump")
            options.dump = value();
        else if (argument == "--show")
            options.show = value();
        else
            rest.emplace_back(argument);
    }
    if (rest.empty() || rest.size() % 2 != 0) {
        std::fprintf(stderr,
                     "usage: hindcast-propagation-score [--versions N] [--cases N per version] [--renamed SHARE] "
                     "[--inserted SHARE] [--through N] [--seed N]\n"
                     "         [--line-diff] [--show wrong|refused|all|bytes] REPOSITORY PATH [REPOSITORY PATH ...]\n");
        return 2;
    }
    for (std::size_t i = 0; i < rest.size(); i += 2) options.histories.emplace_back(rest[i], rest[i + 1]);
    hindcast::bench::run(options);
    return 0;
}
