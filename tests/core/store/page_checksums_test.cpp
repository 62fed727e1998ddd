// SPDX-License-Identifier: Apache-2.0
#include "core/store/catalog/page_checksums.h"

#include "core/store/catalog/database.h"
#include "tests/core/store/store_fixture.h"

namespace hindcast::store {
namespace {

class PageChecksumsTest : public StoreTest {
protected:
    std::filesystem::path file() const { return m_folder / "index.db"; }

    void makeDatabase() {
        Database database = must(Database::open(file(), Database::Mode::Write));
        must(database.execute("CREATE TABLE numbers(n INTEGER, words TEXT); BEGIN"));
        for (int i = 0; i < 500; ++i)
            must(must(database.prepare("INSERT INTO numbers VALUES(?, ?)"))
                     .bind(i)
                     .bind("words that stand in a page, " + std::to_string(i))
                     .run());
        must(database.execute("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)"));
    }
    base::Result<std::int64_t> sum() const {
        HINDCAST_ASSIGN(const Database database, Database::open(file(), Database::Mode::Read));
        HINDCAST_ASSIGN(Statement select, database.prepare("SELECT sum(n) + sum(length(words)) FROM numbers"));
        HINDCAST_TRY(select.step());
        return select.integer(0);
    }
};

TEST_F(PageChecksumsTest, AFlippedBitInAnyPageIsDamageAndNeverAnotherAnswer) {
    makeDatabase();
    const std::int64_t right = must(sum());
    const std::string whole = readFile(file());
    ASSERT_EQ(whole.size() % 4096, 0U);
    for (std::size_t at = 0; at < whole.size(); at += 61) {
        std::string flipped = whole;
        flipped[at] = static_cast<char>(flipped[at] ^ (1 << at % 8));
        for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(file().string() + suffix);
        writeFile(file(), flipped);
        const auto found = sum();
        ASSERT_FALSE(found) << "byte " << at << (*found == right ? "" : ": another answer");
        EXPECT_EQ(found.error().code(), base::ErrorCode::Damaged) << found.error().text();
    }
}

TEST_F(PageChecksumsTest, WhatIsWrittenBySeveralConnectionsIsReadByOthers) {
    makeDatabase();
    const std::int64_t before = must(sum());
    {
        Database first = must(Database::open(file(), Database::Mode::Write));
        Database second = must(Database::open(file(), Database::Mode::Write));
        must(first.execute("INSERT INTO numbers VALUES(1000, '')"));
        must(second.execute("INSERT INTO numbers VALUES(2000, '')"));
        EXPECT_EQ(must(sum()), before + 3000);
        must(first.execute("VACUUM"));
    }
    EXPECT_EQ(must(sum()), before + 3000);
}

}  // namespace
}  // namespace hindcast::store
