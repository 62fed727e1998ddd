// SPDX-License-Identifier: Apache-2.0
#include "core/replay/pool/landlock.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <utility>

namespace hindcast::replay {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorCode;
using base::Result;

namespace {

// The kernel's interface in our own words: a system's headers are often older than the kernel that runs.
// https://docs.kernel.org/userspace-api/landlock.html
constexpr long kCreateRuleset = 444;
constexpr long kAddRule = 445;
constexpr long kRestrictSelf = 446;
constexpr unsigned kAskVersion = 1;
constexpr unsigned kPathBeneath = 1;

struct RulesetAttributes {
    std::uint64_t files;
    std::uint64_t network;  ///< from version 4 on
    std::uint64_t scoped;   ///< from version 6 on
};

struct [[gnu::packed]] PathBeneath {
    std::uint64_t allowed;
    std::int32_t parent;
};

constexpr std::uint64_t bit(unsigned at) {
    return std::uint64_t{1} << at;
}
constexpr std::uint64_t kWriteFile = bit(1);
constexpr std::uint64_t kChangeFolders = bit(4) | bit(5) | bit(6) | bit(7) | bit(8) | bit(9) | bit(10) | bit(11) |
                                         bit(12);  ///< remove, and make everything that a folder can hold
constexpr std::uint64_t kMoveBetweenFolders = bit(13);
constexpr std::uint64_t kTruncate = bit(14);
constexpr std::uint64_t kControlDevices = bit(15);
constexpr std::uint64_t kOfFiles = kWriteFile | kTruncate | kControlDevices;
constexpr std::uint64_t kTcp = bit(0) | bit(1);      ///< bind, connect
constexpr std::uint64_t kOutside = bit(0) | bit(1);  ///< abstract sockets, signals
constexpr std::array kVersionOf{std::pair{2, kMoveBetweenFolders}, std::pair{3, kTruncate},
                                std::pair{5, kControlDevices}};

constexpr const char* kCharacterDevices[] = {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"};
/// Terminals that the replay makes for its script. Those of others are not its controlling terminal, because it has a
/// session of its own: it cannot type into them.
constexpr const char* kTerminals[] = {"/dev/tty", "/dev/ptmx", "/dev/pts"};
/// What the workers of a loader share tensors in.
constexpr const char* kSharedMemory = "/dev/shm";

std::uint64_t heldRights(int version) {
    std::uint64_t rights = kWriteFile | kChangeFolders;
    for (const auto& [since, right] : kVersionOf) rights |= version >= since ? right : 0;
    return rights;
}

/// A path that is not there needs no rule.
Result<void> addRule(int ruleset, const fs::path& path, std::uint64_t rights) {
    const int parent = ::open(path.c_str(), O_PATH | O_CLOEXEC);
    if (parent < 0) return {};
    struct stat facts {};
    if (::fstat(parent, &facts) == 0 && !S_ISDIR(facts.st_mode)) rights &= kOfFiles;
    const PathBeneath rule{rights, parent};
    const long added = ::syscall(kAddRule, ruleset, kPathBeneath, &rule, 0);
    const int number = errno;
    ::close(parent);
    if (added != 0) return Error::fromErrno(number, "cannot allow writing below " + path.string() + " in the sandbox");
    return {};
}

Result<void> addDevices(int ruleset, std::uint64_t held) {
    for (const char* path : kCharacterDevices) HINDCAST_TRY(addRule(ruleset, path, held & kOfFiles));
    for (const char* path : kTerminals) HINDCAST_TRY(addRule(ruleset, path, held & kOfFiles));
    HINDCAST_TRY(addRule(ruleset, kSharedMemory, held));
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator("/dev", ignored)) {
        const std::string name = entry.path().filename().string();
        const bool isGraphics = name.starts_with("nvidia") || name == "dri" || name == "kfd";
        if (isGraphics) HINDCAST_TRY(addRule(ruleset, entry.path(), held & kOfFiles));
    }
    return {};
}

/// CUDA names its threads through files of its own process and does not start where it cannot.
void allowOwnThreadNames(int ruleset) {
    const int parent = ::open("/proc/self/task", O_PATH | O_CLOEXEC);
    if (parent < 0) return;
    PathBeneath rule{kWriteFile | kTruncate, parent};
    if (::syscall(kAddRule, ruleset, kPathBeneath, &rule, 0) != 0) {
        rule.allowed = kWriteFile;  // before version 3
        ::syscall(kAddRule, ruleset, kPathBeneath, &rule, 0);
    }
    ::close(parent);
}

/// Whoever is root stays able to read what belongs to others, as the recorded run was; what may be written is for the
/// rules to say.
int dropCapabilities() {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> has{};
    if (::syscall(SYS_capget, &header, has.data()) != 0) return errno;
    for (auto& word : has) word.inheritable = 0;
    has[0].permitted &= 1u << CAP_DAC_OVERRIDE;
    has[0].effective = has[0].permitted;
    has[1].permitted = has[1].effective = 0;
    return ::syscall(SYS_capset, &header, has.data()) == 0 ? 0 : errno;
}

}  // namespace

int landlockVersion() {
    const long version = ::syscall(kCreateRuleset, nullptr, 0, kAskVersion);
    return version > 0 ? static_cast<int>(version) : 0;
}

Result<LandlockRuleset> LandlockRuleset::make(const LandlockRules& rules, int version) {
    if (version < 1) return Error(ErrorCode::Environment, "this kernel has no Landlock");
    const std::uint64_t held = heldRights(version);
    const RulesetAttributes attributes{held, version >= 4 && !rules.network ? kTcp : 0, version >= 6 ? kOutside : 0};
    const std::size_t fields = version >= 6 ? 3 : version >= 4 ? 2 : 1;
    const long made = ::syscall(kCreateRuleset, &attributes, fields * sizeof attributes.files, 0);
    if (made < 0) return Error::fromErrno(errno, "cannot make a Landlock ruleset");
    LandlockRuleset ruleset(static_cast<int>(made));
    for (const fs::path& path : rules.writable) HINDCAST_TRY(addRule(ruleset.m_descriptor, path, held));
    HINDCAST_TRY(addDevices(ruleset.m_descriptor, held));
    return ruleset;
}

LandlockRuleset::LandlockRuleset(LandlockRuleset&& other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1)) {}

LandlockRuleset& LandlockRuleset::operator=(LandlockRuleset&& other) noexcept {
    std::swap(m_descriptor, other.m_descriptor);
    return *this;
}

LandlockRuleset::~LandlockRuleset() {
    if (m_descriptor >= 0) ::close(m_descriptor);
}

int LandlockRuleset::enter() const {
    allowOwnThreadNames(m_descriptor);
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return errno;
    if (::syscall(kRestrictSelf, m_descriptor, 0) != 0) return errno;
    return dropCapabilities();
}

std::string openUnderLandlock(int version) {
    std::string open = "modes, owners and times of your files, datagrams (UDP), sockets in the file system";
    if (version < 6) open += ", signals to your other programs";
    if (version < 4) open += ", TCP";
    if (version < 3) open += ", emptying of files";
    return open;
}

}  // namespace hindcast::replay
