// SPDX-License-Identifier: Apache-2.0
#include "core/replay/pool/landlock.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>

#include "core/base/process.h"
#include "core/replay/pool/sandbox.h"
#include "tests/core/replay/temporary_folder.h"
#include "tests/core/replay/withheld_consent.h"

namespace hindcast::replay {
namespace {

namespace fs = std::filesystem;

/// Two sockets of this process that listen.
class Listeners {
public:
    Listeners() {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        m_tcp = listening(AF_INET, address, sizeof address);
        socklen_t size = sizeof address;
        ::getsockname(m_tcp, reinterpret_cast<sockaddr*>(&address), &size);
        m_port = ntohs(address.sin_port);
        m_name = base::Uuid::make().text();
        sockaddr_un local{};
        local.sun_family = AF_UNIX;
        std::memcpy(local.sun_path + 1, m_name.data(), m_name.size());
        m_abstract = listening(AF_UNIX, local, offsetof(sockaddr_un, sun_path) + 1 + m_name.size());
    }
    ~Listeners() {
        ::close(m_tcp);
        ::close(m_abstract);
    }
    Listeners(const Listeners&) = delete;
    Listeners& operator=(const Listeners&) = delete;

    std::string port() const { return std::to_string(m_port); }
    const std::string& abstractName() const { return m_name; }

private:
    template <class Address>
    static int listening(int family, const Address& address, std::size_t size) {
        const int descriptor = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        EXPECT_EQ(::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), static_cast<socklen_t>(size)), 0);
        EXPECT_EQ(::listen(descriptor, 8), 0);
        return descriptor;
    }

    int m_tcp = -1;
    int m_abstract = -1;
    int m_port = 0;
    std::string m_name;
};

using Answers = std::map<std::string, std::string>;

/// What the script did, by name.
Answers answersIn(const std::string& printed) {
    Answers found;
    for (std::size_t from = 0; from < printed.size();) {
        const std::size_t end = std::min(printed.find('\n', from), printed.size());
        const std::string line = printed.substr(from, end - from);
        if (const std::size_t space = line.rfind(' '); space != std::string::npos)
            found[line.substr(0, space)] = line.substr(space + 1);
        from = end + 1;
    }
    return found;
}

/// By version of Landlock: each kernel can show what older ones hold.
class Landlock : public testing::TestWithParam<int> {
protected:
    void SetUp() override {
        if (landlockVersion() < GetParam()) GTEST_SKIP() << "this kernel has no Landlock of this version";
        for (const fs::path& folder : {m_inside, m_outside}) {
            for (const char* name : {"old", "emptied", "gone", "kept"}) writeText(folder / name, "what was there");
        }
        fs::create_symlink(m_outside / "old", m_inside / "to-outside");
    }

    /// A child of the process that entered the rules tries everything.
    Answers tryEverything(bool network = false) {
        auto made = LandlockRuleset::make({{m_inside, m_inside / "not-there"}, network}, GetParam());
        EXPECT_TRUE(made) << made.error().text();
        if (!made) return {};
        base::ProcessSpec spec;
        spec.command = {"sh",
                        "-c",
                        "\"$@\"; exit $?",
                        "sh",
                        HINDCAST_TEST_PYTHON,
                        HINDCAST_TEST_TRIES,
                        m_inside.string(),
                        m_outside.string(),
                        m_listeners.port(),
                        m_listeners.abstractName(),
                        std::to_string(::getpid())};
        spec.ownSession = true;
        spec.giveUpRights = [&made] { return made->enter(); };
        const auto output = base::runCommand(spec, "", std::chrono::seconds(60));
        EXPECT_TRUE(output && output->status == 0) << (output ? output->err : output.error().text());
        return output ? answersIn(output->out) : Answers{};
    }

    std::string textOutside(const char* name) const { return base::readTextFile(m_outside / name).value_or("gone"); }

    TemporaryFolder m_folder;
    fs::path m_inside = m_folder.path() / "inside";
    fs::path m_outside = m_folder.path() / "outside";
    Listeners m_listeners;
};

TEST_P(Landlock, InsideEverythingMayBeDoneAndOutsideNothingIsChanged) {
    const Answers answers = tryEverything();
    for (const char* what : {"create", "append", "overwrite", "truncate", "make folder", "link", "rename", "remove"}) {
        EXPECT_EQ(answers.at(std::string("inside ") + what), "done") << what;
        const bool isHeld = std::string(what) != "truncate" || GetParam() >= 3;
        EXPECT_EQ(answers.at(std::string("outside ") + what), isHeld ? "EACCES" : "done") << what;
    }
    EXPECT_EQ(answers.at("outside read"), "done");
    EXPECT_EQ(answers.at("through a link"), "EACCES");
    EXPECT_NE(answers.at("move out"), "done");
    EXPECT_NE(answers.at("take in"), "done");
    EXPECT_EQ(answers.at("between folders inside"), GetParam() >= 2 ? "done" : "EXDEV");
    for (const char* name : {"old", "gone", "kept"}) EXPECT_EQ(textOutside(name), "what was there") << name;
    EXPECT_EQ(textOutside("emptied"), GetParam() >= 3 ? "what was there" : "");
    EXPECT_EQ(textOutside("new"), "gone");
}

TEST_P(Landlock, WhatTrainingNeedsWorks) {
    const Answers answers = tryEverything();
    for (const char* what : {"null device", "terminal", "shared memory", "semaphore"})
        EXPECT_EQ(answers.at(what), "done") << what;
}

TEST_P(Landlock, OtherProgramsAreOutOfReachAsFarAsTheVersionHoldsThem) {
    const Answers answers = tryEverything();
    EXPECT_EQ(answers.at("connect"), GetParam() >= 4 ? "EACCES" : "done");
    EXPECT_EQ(answers.at("listen"), GetParam() >= 4 ? "EACCES" : "done");
    EXPECT_EQ(answers.at("signal"), GetParam() >= 6 ? "EPERM" : "done");
    EXPECT_EQ(answers.at("abstract socket"), GetParam() >= 6 ? "EPERM" : "done");
    EXPECT_EQ(answers.at("typing"), "ENXIO") << "no terminal of the user's";
    const std::uint64_t capabilities = std::stoull(answers.at("capabilities"), nullptr, 16);
    EXPECT_EQ(capabilities & ~(std::uint64_t{1} << 1), 0u) << "only that over file modes";
}

TEST_P(Landlock, TheNetworkCanBeAllowed) {
    const Answers answers = tryEverything(true);
    EXPECT_EQ(answers.at("connect"), "done");
    EXPECT_EQ(answers.at("listen"), "done");
    EXPECT_EQ(answers.at("outside create"), "EACCES");
}

TEST_P(Landlock, WhatIsLeftOpenIsSaid) {
    const std::string open = openUnderLandlock(GetParam());
    EXPECT_EQ(open.find("TCP") != std::string::npos, GetParam() < 4);
    EXPECT_EQ(open.find("emptying") != std::string::npos, GetParam() < 3);
    EXPECT_EQ(open.find("signals") != std::string::npos, GetParam() < 6);
    EXPECT_NE(open.find("UDP"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(OfEachVersion, Landlock, testing::Range(1, 8));

/// Makes the kernel answer as one without Landlock does. The filter cannot be taken back: for a child process.
void seemOlder() {
    std::array<sock_filter, 4> code{{{BPF_LD | BPF_W | BPF_ABS, 0, 0, 0},
                                     {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 444},
                                     {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | ENOSYS},
                                     {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW}}};
    const sock_fprog program{code.size(), code.data()};
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
}

TEST(LandlockOfAnOlderKernel, IsNotThereAndNoSandboxIsMadeWithIt) {
    const TemporaryFolder folder;
    const auto answers = [&] {
        seemOlder();
        const bool none = landlockVersion() == 0 && !LandlockRuleset::make({}).has_value() &&
                          !sandboxWorks(SandboxLevel::Landlocked, folder.path());
        ::_exit(none ? 0 : 1);
    };
    EXPECT_EXIT(answers(), testing::ExitedWithCode(0), "");
}

TEST(Consent, IsMissingOnlyWhereNothingHoldsPastCode) {
    const WithheldConsent withheld;
    EXPECT_NE(missingConsent(SandboxLevel::None, {}).find("hindcast allow unsandboxed"), std::string::npos);
    EXPECT_EQ(missingConsent(SandboxLevel::None, {false, {}, true}), "");
    EXPECT_EQ(missingConsent(SandboxLevel::Landlocked, {}), "");
}

TEST(Consent, MayBeGivenForAllProjectsInTheEnvironment) {
    const WithheldConsent withheld;
    ::setenv(WithheldConsent::kVariable, "1", 1);
    EXPECT_EQ(missingConsent(SandboxLevel::None, {}), "");
    ::setenv(WithheldConsent::kVariable, "0", 1);
    EXPECT_NE(missingConsent(SandboxLevel::None, {}), "");
}

}  // namespace
}  // namespace hindcast::replay
