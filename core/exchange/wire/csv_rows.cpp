// SPDX-License-Identifier: Apache-2.0
#include "core/exchange/wire/csv_rows.h"

namespace hindcast::exchange {

CsvRows::CsvRows(std::string_view text) : m_rest(text) {
    constexpr std::string_view kMark = "\xEF\xBB\xBF";
    if (m_rest.starts_with(kMark)) m_rest.remove_prefix(kMark.size());
    const std::string_view head = m_rest.substr(0, m_rest.find('\n'));
    for (const char separator : {',', '\t', ';'}) {
        if (head.find(separator) == std::string_view::npos) continue;
        m_separator = separator;
        return;
    }
}

/// One field and what ends it; true when another field of the row follows.
bool CsvRows::takeField(Field& field) {
    field = {};
    if (m_rest.starts_with('"')) {
        field.quoted = true;
        m_rest.remove_prefix(1);
        while (!m_rest.empty()) {
            const char c = m_rest.front();
            m_rest.remove_prefix(1);
            if (c == '\n') ++m_nextLine;
            if (c != '"') {
                field.text += c;
                continue;
            }
            if (!m_rest.starts_with('"')) break;
            field.text += '"';
            m_rest.remove_prefix(1);
        }
    }
    while (!m_rest.empty()) {
        const char c = m_rest.front();
        m_rest.remove_prefix(1);
        if (c == m_separator) return true;
        if (c == '\r' && m_rest.starts_with('\n')) continue;
        if (c == '\n' || c == '\r') {
            ++m_nextLine;
            return false;
        }
        field.text += c;
    }
    return false;
}

bool CsvRows::next(std::vector<Field>& fields) {
    while (!m_rest.empty()) {
        m_line = m_nextLine;
        fields.clear();
        bool more = true;
        while (more) more = takeField(fields.emplace_back());
        if (fields.size() > 1 || !fields.front().isMissing()) return true;
    }
    return false;
}

}  // namespace hindcast::exchange
