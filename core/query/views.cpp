// SPDX-License-Identifier: Apache-2.0
#include "core/query/views.h"

#include <set>

#include "core/query/sql_text.h"

namespace hindcast::query {

static std::string isoTime(const std::string& micros) {
    return "CASE WHEN " + micros + " > 0 THEN strftime('%Y-%m-%dT%H:%M:%S', " + micros +
           " / 1000000, 'unixepoch') || printf('.%06dZ', " + micros + " % 1000000) END";
}

static std::string secondsBetween(const std::string& from, const std::string& to) {
    return "CASE WHEN " + to + " > 0 THEN (" + to + " - " + from + ") / 1e6 END";
}

/// What versions are called everywhere; a version that nobody numbered shows the start of its UUID.
static const std::string kVersion = "coalesce(v.number, substr(s.uuid, 1, 8))";

static std::string versionsView(const std::vector<std::string>& arguments) {
    std::string select =
        "SELECT " + kVersion + " AS number, s.uuid AS uuid, " + isoTime("s.started") + " AS started, " +
        isoTime("s.ended") + " AS ended, " + secondsBetween("s.started", "s.ended") +
        " AS seconds, s.state AS status, "
        "(SELECT json_group_array(tag) FROM (SELECT tag FROM main.tags t WHERE t.version = v.id ORDER BY tag)) AS "
        "tags, "
        "v.note AS notes, v.pinned AS pinned, v.baseline AS baseline, v.script AS script, v.argv AS argv, v.host AS "
        "host, "
        "v.git_head AS git_head, v.git_branch AS git_branch, v.git_remote AS git_remote, v.git_dirty AS git_dirty, "
        "v.job AS job, v.rank AS rank, v.world AS world, s.reason AS reason, s.exception AS exception, s.exit AS exit, "
        "s.\"values\" AS \"values\", s.captures AS captures, s.stored_bytes AS stored_bytes, "
        "nullif(v.imported, '') AS imported, nullif(v.imported_from, '') AS imported_from";
    std::set<std::string> taken{"number",   "uuid",         "started",    "ended",        "seconds",   "status",
                                "tags",     "notes",        "pinned",     "baseline",     "script",    "argv",
                                "host",     "git_head",     "git_branch", "git_remote",   "git_dirty", "job",
                                "rank",     "world",        "reason",     "exception",    "exit",      "values",
                                "captures", "stored_bytes", "imported",   "imported_from"};
    // SQLite's own limit is 2000 columns; the table `arguments` has all of them.
    constexpr std::size_t kMostColumns = 1500;
    for (const std::string& argument : arguments) {
        std::string column = argument;
        while (taken.contains(folded(column))) column = "arg." + column;
        taken.insert(folded(column));
        select +=
            ", (SELECT a.value FROM main.arguments a WHERE a.version = v.id AND a.name = " + quotedText(argument) +
            ") AS " + quotedIdentifier(column);
        if (taken.size() >= kMostColumns) break;
    }
    return select + " FROM main.versions v JOIN main.sources s ON s.id = v.id ORDER BY s.started, s.uuid";
}

std::vector<ViewDefinition> catalogViews(const std::vector<std::string>& arguments) {
    const std::string ofVersion = " JOIN main.versions v ON v.id = x.version JOIN main.sources s ON s.id = v.id";
    const std::string fromReplay =
        " JOIN main.sources r ON r.id = x.replay JOIN main.versions v ON v.id = r.version "
        "JOIN main.sources s ON s.id = v.id";
    return {
        {"versions", versionsView(arguments)},
        {"arguments", "SELECT " + kVersion +
                          " AS version, x.name AS name, x.type AS type, x.value AS value, x.text AS text "
                          "FROM main.arguments x" +
                          ofVersion},
        {"names", "SELECT " + kVersion +
                      " AS version, n.name AS name, p.loops AS loops, x.recorded AS recorded, x.replayed AS replayed "
                      "FROM main.series x JOIN main.names n ON n.id = x.name JOIN main.paths p ON p.id = x.path" +
                      ofVersion},
        {"loops", "SELECT " + kVersion +
                      " AS version, p.loops AS path, json_extract(p.loops, '$[#-1]') AS loop, "
                      "nullif(x.outer_index, -1) AS outer_index, x.occurrence AS occurrence, " +
                      isoTime("x.entered") + " AS entered, " + isoTime("x.\"left\"") + " AS \"left\", " +
                      secondsBetween("x.entered", "x.\"left\"") +
                      " AS seconds, x.passes AS passes, x.last_index AS last_index, x.how AS how "
                      "FROM main.loops x JOIN main.paths p ON p.id = x.path" +
                      ofVersion},
        {"loop_totals", "SELECT " + kVersion +
                            " AS version, p.loops AS path, x.entries AS entries, x.passes AS passes, "
                            "x.micros / 1e6 AS seconds, x.timed_passes AS timed_passes FROM main.loop_totals x "
                            "JOIN main.paths p ON p.id = x.path" +
                            ofVersion},
        // A pass ends where the next begins; the last one ends with its loop.
        {"iterations",
         "SELECT " + kVersion +
             " AS version, json_extract(p.loops, '$[0]') AS loop, x.occurrence AS occurrence, "
             "x.\"index\" AS \"index\", " +
             isoTime("x.started") +
             " AS started, (coalesce(lead(x.started) OVER w, "
             "(SELECT nullif(l.\"left\", 0) FROM main.loops l WHERE l.version = x.version AND l.thread = x.thread "
             "AND l.path = x.path AND l.outer_occurrence = -1 AND l.outer_index = -1 AND l.occurrence = x.occurrence)) "
             "- x.started) / 1e6 AS seconds, coalesce(lead(x.\"index\") OVER w - x.\"index\", 1) AS passes, x.label AS "
             "label "
             "FROM main.iterations x JOIN main.paths p ON p.id = x.path" +
             ofVersion + " WINDOW w AS (PARTITION BY x.version, x.thread, x.path, x.occurrence ORDER BY x.\"index\")"},
        {"captures", "SELECT " + kVersion +
                         " AS version, x.point AS point, x.loop AS loop, x.occurrence AS occurrence, "
                         "x.\"index\" AS \"index\", x.coordinates AS coordinates, x.stored AS stored, x.bytes AS "
                         "bytes, x.tensors AS tensors, " +
                         isoTime("x.stamp") + " AS stamp FROM main.captures x" + ofVersion},
        {"probes",
         "SELECT x.id AS id, x.revision AS revision, x.name AS name, x.kind AS kind, x.file AS file, x.line AS line, "
         "x.text AS text, x.expression AS expression, x.removed AS removed FROM main.probes x"},
        {"placements", "SELECT x.probe AS probe, x.revision AS revision, " + kVersion +
                           " AS version, x.decision AS decision, "
                           "x.file AS file, x.line AS line, x.text AS text FROM main.placements x JOIN main.sources s "
                           "ON s.uuid = x.uuid "
                           "JOIN main.versions v ON v.id = s.id"},
        {"replays", "SELECT r.uuid AS uuid, " + kVersion +
                        " AS version, x.mode AS mode, x.loop AS loop, x.first AS first, x.last AS last, "
                        "r.state AS status, " +
                        isoTime("r.started") + " AS started, " + secondsBetween("r.started", "r.ended") +
                        " AS seconds, r.\"values\" AS \"values\", r.reason AS reason, x.superseded AS superseded FROM "
                        "main.replays x "
                        "JOIN main.sources r ON r.id = x.id JOIN main.versions v ON v.id = r.version JOIN main.sources "
                        "s ON s.id = v.id"},
        {"replay_probes", "SELECT r.uuid AS replay, " + kVersion +
                              " AS version, x.probe AS probe, x.revision AS revision, x.name AS name, "
                              "x.text AS text, x.superseded AS superseded FROM main.replay_probes x" +
                              fromReplay},
        {"fidelity",
         "SELECT r.uuid AS replay, " + kVersion +
             " AS version, x.loop AS loop, x.occurrence AS occurrence, "
             "x.\"index\" AS \"index\", x.mode AS mode, x.grade AS grade, x.details AS details FROM main.fidelity x" +
             fromReplay},
    };
}

}  // namespace hindcast::query
