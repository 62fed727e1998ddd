// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

/// Carrying statements from the newest source into a past one. Text in, text out: no files, no processes, no Python.
/// Everything here may be called from any thread; values are plain and belong to the caller.
namespace hindcast::propagate {

/// One file of a project: its path relative to the project's root, with `/`, and its raw bytes.
struct SourceFile {
    std::string path;
    std::string text;
};

/// The Python files of one version. Files are parsed when first needed and kept, so one Project serves many calls and
/// threads. Files that do not parse only matter where the statement comes from or goes to.
class Project {
public:
    explicit Project(std::vector<SourceFile> files);
    ~Project();
    Project(Project&&) noexcept;
    Project& operator=(Project&&) noexcept;

    const std::vector<SourceFile>& files() const;

private:
    friend class ProjectAccess;
    struct State;
    std::unique_ptr<State> m_state;
};

/// A statement that the user added to the newest source. Compound statements are carried whole.
struct Probe {
    std::string file;  ///< path in the newest project
    int line = 0;      ///< 1-based; the statement starts on this line
};

/// A place that was considered, best first.
struct Candidate {
    std::string file;       ///< in the old project
    int line = 0;           ///< 1-based; the statement would start on this line of the spliced text
    double score = 0;       ///< 0 … 1
    std::string statement;  ///< as it would stand there, with the indentation of its first line
    std::string why;        ///< plain words
};

struct LineRange {
    int first = 0;  ///< 1-based
    int last = 0;
};

/// A whole file with statements spliced into it.
struct SplicedFile {
    std::string file;                 ///< path in the old project
    std::string text;                 ///< raw bytes
    std::vector<LineRange> inserted;  ///< in `text`, in order
};

/// Where a statement (or a group of them) lands in one past version.
struct Placement {
    enum class Kind {
        Placed,        ///< `spliced` holds the result
        AlreadyThere,  ///< nothing to do; `spliced` is empty
        Conflict,      ///< the user has to decide; `candidates` are ranked
    };
    Kind kind = Kind::Conflict;
    double confidence = 0;             ///< 0 … 1; below kConfidenceBar it is a conflict
    std::string reason;                ///< plain words: why there, or why not
    std::vector<SplicedFile> spliced;  ///< the file of the last probe first; more where a group spans files
    std::vector<Candidate> candidates;
    std::vector<std::string> unresolvedNames;  ///< names the old version has no counterpart of
};

/// Below this a placement is a conflict.
inline constexpr double kConfidenceBar = 0.60;

/// Changes when answers may change: placements that were remembered under another revision have to be asked again.
[[nodiscard]] std::string placementRevision();

/// Places one statement. The old project's sources must not hold it yet, else the answer is AlreadyThere.
/// ErrorCode::InvalidArgument where no statement starts on the line, Parse where a source that is needed does not
/// parse, Cancelled soon after `stop` is requested. About 20 ms at 1,500 lines once the newest project is parsed.
[[nodiscard]] base::Result<Placement> place(const Project& newest, const Probe& probe, const Project& old,
                                            const std::stop_token& stop = {});

/// Places statements that belong together, in the order given, each relative to the others: an import or a helper
/// function first, then the statements that use it.
[[nodiscard]] base::Result<Placement> placeGroup(const Project& newest, const std::vector<Probe>& group,
                                                 const Project& old, const std::stop_token& stop = {});

/// The same in steps, through versions between the two (nearest to the newest first), for when one big jump is not
/// sure: the changes of a step are small. A version that is not sure is stepped over; the confidence is that of the
/// least sure step.
[[nodiscard]] base::Result<Placement> placeThrough(const Project& newest, const std::vector<Probe>& group,
                                                   const std::vector<const Project*>& between, const Project& old,
                                                   const std::stop_token& stop = {});

/// Puts a hand-written statement (or several) on the 1-based line of a file of the old project, moving what stands
/// there down. It joins the block of that indentation, else the one whose indentation its first line has; where no
/// block there has it, the block of the code before, if that ends on the line above, else of the code after. A
/// candidate's `line` and `statement` put it where the candidate is. Confidence 1, reason "placed by hand".
/// ErrorCode::InvalidArgument where the statement or the result does not parse.
[[nodiscard]] base::Result<Placement> placeAt(const Project& old, std::string_view file, int line,
                                              std::string_view statement,
                                              const std::optional<std::string>& indent = std::nullopt);

/// A bare expression to log: "log `expression` as `name` here".
struct ExpressionProbe {
    std::string file;
    int line = 0;       ///< 1-based line of the source that does not hold the statement yet
    bool after = true;  ///< after the statement that covers the line, else before it
    std::string name;
    std::string expression;
};

/// The newest file with the log call in it, and where.
struct WrittenProbe {
    std::string text;
    Probe probe;
};

/// Writes the `log` call of an expression probe into the newest source, calling hindcast as that file does. The result
/// then goes the ordinary way back. ErrorCode::InvalidArgument where the expression is no expression or no statement
/// covers the line.
[[nodiscard]] base::Result<WrittenProbe> writeExpression(const Project& newest, const ExpressionProbe& probe);

/// A `log` call of hindcast's in a source.
struct LogStatement {
    std::string file;
    std::string name;  ///< literal, or the source text of a computed name
    bool literal = true;
    int line = 0;         ///< 1-based, of the call
    LineRange statement;  ///< of the statement that holds it
    std::vector<std::string>
        loops;  ///< names of the loops around it in its function, outermost first; "" for plain loops
};

/// All `log` calls of a source, whatever hindcast is called there. ErrorCode::Parse.
[[nodiscard]] base::Result<std::vector<LogStatement>> findLogStatements(const SourceFile& source);

/// A statement of the newer project that the older one does not have.
struct AddedStatement {
    std::string file;
    LineRange lines;
    std::vector<std::string> names;     ///< literal names it logs
    std::vector<std::string> patterns;  ///< computed names it logs, as source text
    std::vector<Probe> group;           ///< the added statements it needs, in order, itself last
};

/// The statements that were added between two projects, outermost first. Changed statements count as added where the
/// old project has no equal one in their place. Files that do not parse are left out.
[[nodiscard]] base::Result<std::vector<AddedStatement>> scan(const Project& old, const Project& newer);

/// A statement of the newer project as the older one has it.
struct Counterpart {
    std::string file;  ///< in the older project
    LineRange lines;
    std::string text;        ///< without indentation; of a compound statement up to its first block
    bool sameText = false;   ///< word for word
    bool sameNames = false;  ///< word for word but for names that the older project has for the same things
};

/// Where the statement that covers a line of the newer project stands in the older one, absent where it does not.
/// ErrorCode::InvalidArgument where no statement covers the line, Parse where its file does not parse, Cancelled.
[[nodiscard]] base::Result<std::optional<Counterpart>> findCounterpart(const Project& newer, const Probe& statement,
                                                                       const Project& old,
                                                                       const std::stop_token& stop = {});

}  // namespace hindcast::propagate
