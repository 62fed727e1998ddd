// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace hindcast::cli {

/// JSON with keys in the order they were added: listings read the same every time.
using Json = nlohmann::ordered_json;

enum class Align { Left, Right };

/// A table for people: columns aligned, the widest text columns shortened to the terminal's width when standard output
/// is one.
class Table {
public:
    void addColumn(std::string title, Align align = Align::Left);
    void addRow(std::vector<std::string> cells);
    bool empty() const { return m_rows.empty(); }
    void print(std::FILE* to) const;

private:
    struct Column {
        std::string title;
        Align align;
    };
    std::vector<std::size_t> widths(std::size_t limit) const;

    std::vector<Column> m_columns;
    std::vector<std::vector<std::string>> m_rows;
};

/// Prints one JSON document and a newline to standard output.
void printJson(const Json& document);

/// Columns a UTF-8 text takes in a terminal (wide East Asian characters take two).
std::size_t displayWidth(const std::string& text);

/// "3.2 s", "2 min 5 s", "1 h 4 min".
std::string durationText(double seconds);
/// "412 MB" (powers of 1000).
std::string bytesText(std::int64_t bytes);
/// "2026-11-22 09:15" in local time.
std::string localTime(std::int64_t micros);
/// The shortest text that reads back to the same double; "nan", "inf", "-inf".
std::string numberText(double value);
/// "0-3, 5, 9" for sorted indices.
std::string rangesText(const std::vector<std::int64_t>& indices);

/// True when progress and questions make sense: standard error is a terminal.
bool errorIsTerminal();

}  // namespace hindcast::cli
