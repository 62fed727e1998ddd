// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hindcast::exchange {

/// Rows of a CSV text (RFC 4180, any line ends, a byte order mark): fields between commas, or semicolons or tabs where
/// the first line has none. A quote that is never closed ends with the text.
class CsvRows {
public:
    explicit CsvRows(std::string_view text);

    struct Field {
        std::string text;
        bool quoted = false;
        /// Nothing was written there, which is not the empty text.
        bool isMissing() const { return text.empty() && !quoted; }
    };
    /// The next row that is not an empty line; false at the end.
    bool next(std::vector<Field>& fields);
    /// 1-based, where the row that next() gave begins.
    std::size_t line() const { return m_line; }

private:
    bool takeField(Field& field);

    std::string_view m_rest;
    char m_separator = ',';
    std::size_t m_line = 0;
    std::size_t m_nextLine = 1;
};

}  // namespace hindcast::exchange
