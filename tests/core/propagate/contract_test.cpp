// SPDX-License-Identifier: Apache-2.0
#include "core/propagate/contract.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

namespace hindcast::propagate {
namespace {

class Contract : public testing::Test {
protected:
    void SetUp() override {
        const auto* test = testing::UnitTest::GetInstance()->current_test_info();
        m_folder = std::filesystem::temp_directory_path() /
                   ("hindcast-contract-" + std::string(test->name()) + "-" + std::to_string(::getpid()));
        std::filesystem::create_directories(m_folder);
    }
    void TearDown() override { std::filesystem::remove_all(m_folder); }

    int run(const std::string& newest, int line, const std::string& old) {
        write("new.py", newest);
        write("old.py", old);
        return runPropagateContract(path("new.py"), line, path("old.py"), path("out.py"), m_out, m_err);
    }
    std::string path(const std::string& name) const { return (m_folder / name).string(); }
    void write(const std::string& name, const std::string& text) const {
        std::ofstream(path(name), std::ios::binary) << text;
    }
    std::string result() const {
        std::ifstream in(path("out.py"), std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }

    std::filesystem::path m_folder;
    std::ostringstream m_out;
    std::ostringstream m_err;
};

TEST_F(Contract, ExitsZeroAndWritesTheSplicedFileWhenPlaced) {
    EXPECT_EQ(run("a = f(1)\nlog('a', a)\nb = g(a)\n", 2, "a = f(1)\nb = g(a)\n"), 0);
    EXPECT_EQ(result(), "a = f(1)\nlog('a', a)\nb = g(a)\n");
    EXPECT_EQ(m_out.str(), "");
}

TEST_F(Contract, ExitsThreeAndWritesNothingWhenAlreadyThere) {
    EXPECT_EQ(run("a = f(1)\nlog('a', a)\nb = g(a)\n", 2, "a = f(1)\nlog('a', a)\nb = g(a)\n"), 3);
    EXPECT_FALSE(std::filesystem::exists(path("out.py")));
}

TEST_F(Contract, ExitsFourWithCandidatesAsJsonOnAConflict) {
    EXPECT_EQ(run("a = f(1)\nz = only_new(a)\nlog('z', z)\nb = g(a)\n", 3, "a = f(1)\nb = g(a)\n"), 4);
    const auto document = nlohmann::json::parse(m_out.str());
    EXPECT_EQ(document["status"], "conflict");
    EXPECT_EQ(document["unresolved"], nlohmann::json::array({"z"}));
    ASSERT_FALSE(document["candidates"].empty());
    EXPECT_TRUE(document["candidates"][0].contains("line"));
    EXPECT_FALSE(std::filesystem::exists(path("out.py")));
}

TEST_F(Contract, ExitsTwoOnBadUsageAndUnparsableInput) {
    EXPECT_EQ(run("a = f(1)\n", 7, "a = f(1)\n"), 2);
    EXPECT_EQ(run("a = f(1)\n", 1, "def f(:\n"), 2);
    EXPECT_EQ(runPropagateContract(path("missing.py"), 1, path("old.py"), path("out.py"), m_out, m_err), 2);
    EXPECT_NE(m_err.str(), "");
}

TEST_F(Contract, PythonTwoIsAConflict) {
    EXPECT_EQ(run("a = f(1)\nlog('a', a)\n", 2, "a = f(1)\nprint a\n"), 4);
}

}  // namespace
}  // namespace hindcast::propagate
