// SPDX-License-Identifier: Apache-2.0
#include "core/exchange/intake.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "core/base/file.h"
#include "core/exchange/run_folder.h"
#include "core/exchange/wire/texts.h"
#include "core/store/annotations/annotations.h"

namespace hindcast::exchange {

using base::Error;
using base::File;
using base::Result;
using store::Project;
namespace fs = std::filesystem;

static Result<void> writeSynced(const fs::path& path, base::BytesView bytes) {
    HINDCAST_ASSIGN(File file, File::open(path, File::Mode::CreateNew));
    HINDCAST_TRY(file.write(bytes));
    HINDCAST_TRY(file.sync());
    return file.close();
}

/// The folder appears whole, by a rename.
static Result<void> addFolder(const Project& project, const RunFolder& folder, const fs::path& target) {
    HINDCAST_ASSIGN(const store::ScratchFolder scratch, store::ScratchFolder::make(project.scratch(), "import"));
    const fs::path staged = scratch.path() / target.filename();
    HINDCAST_TRY(base::makeFolder(staged));
    HINDCAST_TRY(writeSynced(staged / "run.json", base::bytesOf(format::writeRunInfo(folder.info))));
    HINDCAST_TRY(writeSynced(staged / "journal", folder.journal));
    HINDCAST_TRY(base::syncFolder(staged));
    HINDCAST_TRY(base::makeFolder(target.parent_path()));
    if (::rename(staged.c_str(), target.c_str()) != 0)
        return Error::fromErrno(errno, "cannot rename to " + target.string());
    return base::syncFolder(target.parent_path());
}

std::string_view outcomeName(TakenRun::Outcome outcome) {
    switch (outcome) {
        case TakenRun::Outcome::Added:
            return "added";
        case TakenRun::Outcome::Grown:
            return "grown";
        case TakenRun::Outcome::Known:
            return "known";
        case TakenRun::Outcome::Kept:
            break;
    }
    return "kept";
}

Result<Intake> Intake::open(const Project& project) {
    HINDCAST_ASSIGN(store::Lease lease, store::Lease::take(project, "import"));
    HINDCAST_ASSIGN(store::Ingester ingester, store::Ingester::open(project));
    HINDCAST_TRY(ingester.ingestOnce());
    Intake intake(project, std::move(lease), std::move(ingester));
    HINDCAST_TRY(intake.learn());
    return intake;
}

/// Which runs are here already. A version whose run.json cannot be read is not one of them, and fsck's business.
Result<void> Intake::learn() {
    for (const fs::path& folder : {m_project.versions(), m_project.replays()}) {
        HINDCAST_ASSIGN(const auto names, base::listFolder(folder));
        for (const std::string& name : names) {
            const auto uuid = base::Uuid::parse(name);
            const auto text =
                uuid ? base::readTextFile(folder / name / "run.json") : Result<std::string>(std::string());
            const auto info = text ? format::parseRunInfo(*text) : Result<format::RunInfo>(text.error());
            if (info && info->imported)
                m_known[info->imported->key] = {*uuid, info->imported->content, info->imported->values};
        }
    }
    return {};
}

fs::path Intake::placeOf(const ImportedRun& run, const base::Uuid& uuid) const {
    return run.deployedOf ? m_project.replayFolder(uuid) : m_project.versionFolder(uuid);
}

Result<TakenRun::Outcome> Intake::place(const ImportedRun& run, base::Uuid& uuid) {
    HINDCAST_ASSIGN(RunFolder folder, encodeRun(run, uuid));
    const format::ImportInfo& imported = *folder.info.imported;
    const auto known = m_known.find(imported.key);
    const Known now{uuid, imported.content, imported.values};
    if (known == m_known.end()) {
        HINDCAST_TRY(addFolder(m_project, folder, placeOf(run, uuid)));
        m_known.emplace(imported.key, now);
        return TakenRun::Outcome::Added;
    }
    uuid = known->second.folder;
    if (known->second.content == imported.content) return TakenRun::Outcome::Known;
    if (imported.values < known->second.values) return TakenRun::Outcome::Kept;
    // The earlier import's UUID stays, whatever the start of the run looks like now.
    HINDCAST_ASSIGN(folder, encodeRun(run, uuid));
    const fs::path target = placeOf(run, uuid);
    const auto replace = [&]() -> Result<void> {
        // The journal first: a crash in between leaves values that the next import finds to be the same.
        HINDCAST_TRY(base::writeFileAtomically(target / "journal", folder.journal));
        return base::writeFileAtomically(target / "run.json", base::bytesOf(format::writeRunInfo(folder.info)));
    };
    HINDCAST_TRY(m_ingester.replaceJournals({uuid}, store::Ingester::Rewritten::All, replace));
    known->second = {uuid, imported.content, imported.values};
    return TakenRun::Outcome::Grown;
}

Result<void> Intake::take(ImportedRun&& run) {
    TakenRun taken;
    taken.folder = uuidOf(run);
    HINDCAST_ASSIGN(taken.outcome, place(run, taken.folder));
    taken.version = run.deployedOf.value_or(taken.folder);
    taken.run = wellFormed(run.run);
    taken.values = static_cast<std::int64_t>(run.valueCount());
    taken.remarks = run.allRemarks();
    if (taken.outcome == TakenRun::Outcome::Added && !run.note.empty()) m_notes[taken.version] = wellFormed(run.note);
    m_taken.push_back(std::move(taken));
    return {};
}

Result<std::vector<TakenRun>> Intake::finish() {
    std::vector<base::Uuid> changed;
    for (const TakenRun& taken : m_taken) {
        const bool isNew = taken.outcome == TakenRun::Outcome::Added || taken.outcome == TakenRun::Outcome::Grown;
        if (isNew) changed.push_back(taken.version);
    }
    if (changed.empty()) return std::move(m_taken);
    HINDCAST_TRY(m_ingester.ingestOnce());
    HINDCAST_ASSIGN(store::Annotations annotations, store::Annotations::open(m_project));
    for (const auto& [version, note] : m_notes) HINDCAST_TRY(annotations.setNote(version, note));
    const std::string text = "took in " + std::to_string(changed.size()) +
                             (changed.size() == 1 ? " run of another tool" : " runs of other tools");
    HINDCAST_TRY(annotations.noteChange({"import", changed, text, 0, ""}));
    HINDCAST_TRY(m_ingester.ingestOnce());
    return std::move(m_taken);
}

}  // namespace hindcast::exchange
