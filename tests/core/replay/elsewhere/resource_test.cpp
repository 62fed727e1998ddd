// SPDX-License-Identifier: Apache-2.0
#include "core/replay/resources/resource_file.h"

#include <gtest/gtest.h>

#include "tests/core/replay/temporary_folder.h"

namespace hindcast::replay {
namespace {

class Resources : public testing::Test {
protected:
    void SetUp() override {
        auto project = store::Project::create(m_folder.path());
        ASSERT_TRUE(project) << project.error().text();
        m_project.emplace(*std::move(project));
    }
    void writeFile(const std::string& entries) {
        writeText(m_project->store() / "resources.json",
                  R"({"schema": "hindcast.resources/1", "resources": [)" + entries + "]}");
    }
    std::string problem() {
        const auto read = readResources(*m_project);
        return read ? "" : read.error().text();
    }

    TemporaryFolder m_folder;
    std::optional<store::Project> m_project;
};

TEST_F(Resources, ThisMachineIsAlwaysThere) {
    const auto resources = readResources(*m_project);
    ASSERT_TRUE(resources);
    ASSERT_EQ(resources->size(), 1u);
    EXPECT_EQ(resources->front(), Resource{});
}

TEST_F(Resources, WhatIsWrittenReadsBack) {
    Resource local;
    local.workers = 3;
    Resource box;
    box.name = "gpu-box";
    box.kind = ResourceKind::Ssh;
    box.host = "gpu1";
    box.path = "/data/p";
    box.pricePerHour = 1.25;
    box.speed = 7.5;
    box.device = "gpu";
    Resource batch;
    batch.name = "batch";
    batch.kind = ResourceKind::Slurm;
    batch.partition = "cpu";
    batch.minutes = 30;
    batch.options = {"--account=lab", "--qos=low"};
    ASSERT_TRUE(writeResources(*m_project, {local, box, batch}));
    const auto read = readResources(*m_project);
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_EQ(*read, (std::vector{local, box, batch}));
}

TEST_F(Resources, MistakesInTheFileAreNamedWithTheEntryAndTheField) {
    writeFile(R"({"name": "a", "kind": "slurm", "wokers": 3})");
    EXPECT_NE(problem().find("resource 'a': there is no field 'wokers'"), std::string::npos) << problem();
    writeFile(R"({"name": "a", "kind": "slurm", "workers": "three"})");
    EXPECT_NE(problem().find("'workers' has a value of the wrong type"), std::string::npos) << problem();
    writeFile(R"({"name": "a", "kind": "cloud"})");
    EXPECT_NE(problem().find("local, ssh or slurm, not 'cloud'"), std::string::npos) << problem();
    writeFile(R"({"name": "a", "kind": "ssh"})");
    EXPECT_NE(problem().find("name the host"), std::string::npos) << problem();
    writeFile(R"({"name": "a", "kind": "slurm", "speed": 0})");
    EXPECT_NE(problem().find("speed factor"), std::string::npos) << problem();
    writeFile(R"({"name": "a", "kind": "slurm"}, {"name": "a", "kind": "slurm"})");
    EXPECT_NE(problem().find("two resources"), std::string::npos) << problem();
    writeText(m_project->store() / "resources.json", "[]");
    EXPECT_NE(problem().find("schema"), std::string::npos) << problem();
}

TEST_F(Resources, OnesThatNoFileDescribesCanBeNamedOnTheSpot) {
    const auto ssh = findResource(*m_project, "ssh:me@gpu1:/data/p");
    ASSERT_TRUE(ssh) << ssh.error().text();
    EXPECT_EQ(ssh->host, "me@gpu1");
    EXPECT_EQ(ssh->path, "/data/p");
    const auto slurm = findResource(*m_project, "slurm:cpu");
    ASSERT_TRUE(slurm);
    EXPECT_EQ(slurm->partition, "cpu");
    EXPECT_TRUE(findResource(*m_project, "slurm"));
    EXPECT_FALSE(findResource(*m_project, "ssh:"));
    EXPECT_FALSE(findResource(*m_project, "ssh:-oProxyCommand=x"));
    const auto unknown = findResource(*m_project, "gpu");
    ASSERT_FALSE(unknown);
    EXPECT_NE(unknown.error().text().find("this project has local"), std::string::npos);
}

}  // namespace
}  // namespace hindcast::replay
