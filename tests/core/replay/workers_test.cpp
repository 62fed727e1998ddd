// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include "core/base/process.h"
#include "core/replay/pool/workers/early_imports.h"
#include "core/replay/pool/workers/output_relay.h"
#include "core/replay/pool/workers/process_tree.h"
#include "tests/core/replay/temporary_folder.h"

namespace hindcast::replay {
namespace {

using Names = std::vector<std::string>;

SourceTexts sources(const std::map<std::string, std::string>& files) {
    SourceTexts texts;
    for (const auto& [path, text] : files) texts[path] = std::make_shared<const std::string>(text);
    return texts;
}

TEST(EarlyImports, AreThoseOfTheScriptAndTheModulesItReachesInOrder) {
    const SourceTexts files = sources({
        {"train.py",
         "\"\"\"Trains.\nimport scipy\n\"\"\"\nimport numpy as np, os\nfrom models.net import Net\n"
         "import torch.nn as nn\nif True:\n    import pandas\n"},
        {"models/net.py", "from torch.utils.data import DataLoader\nimport sklearn\n"},
        {"models/__init__.py", ""},
        {"other.py", "import scipy\n"},
    });
    EXPECT_EQ(earlyImports(files, "train.py", {"numpy", "torch", "sklearn", "pandas", "scipy"}),
              (Names{"numpy", "torch.utils.data", "sklearn", "torch.nn"}));
}

TEST(EarlyImports, LeaveOutWhatTheProjectMayMeanItself) {
    EXPECT_EQ(earlyImports(sources({{"train.py", "import torch\nimport numpy\n"}, {"vendored/torch/__init__.py", ""}}),
                           "train.py", {"torch", "numpy"}),
              Names{"numpy"});
}

TEST(EarlyImports, AreNoneWhereTheScriptChangesWhatImportsDependOn) {
    EXPECT_TRUE(
        earlyImports(sources({{"train.py", "import os\nos.environ[\"OMP_NUM_THREADS\"] = \"1\"\nimport torch\n"}}),
                     "train.py", {"torch"})
            .empty());
}

TEST(OutputRelay, AFileThatIsFullOfNothingElseHoldsEverythingShort) {
    TemporaryFolder folder;
    auto relay = OutputRelay::make(folder.path() / "out.txt");
    ASSERT_TRUE(relay);
    ASSERT_EQ(::write(relay->writeEnd(), "hello\n", 6), 6);
    relay->pump();
    EXPECT_EQ(base::readTextFile(relay->file()).value_or(""), "hello\n") << "visible while the worker runs";
    ASSERT_EQ(::write(relay->writeEnd(), "bye\n", 4), 4);
    relay->finish();
    EXPECT_EQ(base::readTextFile(relay->file()).value_or(""), "hello\nbye\n");
}

TEST(ProcessTree, HoldsGrandchildrenAndTheirMemory) {
    base::ProcessSpec spec;
    spec.command = {"sh", "-c", "sleep 1000 & wait"};
    auto process = base::Process::start(spec);
    ASSERT_TRUE(process);
    while (processTree(process->id()).size() < 2) {
    }
    EXPECT_GT(memoryOf(processTree(process->id())), 0u);
    process->stop(std::chrono::milliseconds(0));
}

}  // namespace
}  // namespace hindcast::replay
