// SPDX-License-Identifier: Apache-2.0
#include "core/store/version_names.h"

#include <gtest/gtest.h>

namespace hindcast::store {
namespace {

base::Uuid uuidOf(int number) {
    char text[40];
    snprintf(text, sizeof text, "0190000%d-0000-7000-8000-000000000000", number);
    return *base::Uuid::parse(text);
}

class VersionNamesTest : public testing::Test {
protected:
    VersionNames make() {
        AnnotationView view;
        for (int i = 1; i <= 6; ++i)
            if (i != 4) view.versions[uuidOf(i)].number = i;
        view.versions[uuidOf(2)].tags = {"good-run"};
        view.versions[uuidOf(5)].tags = {"good-run", "big"};
        view.aliases["production"] = uuidOf(6);
        std::vector<base::Uuid> versions;
        for (int i = 1; i <= 6; ++i) versions.push_back(uuidOf(i));
        return VersionNames(versions, view);
    }
};

TEST_F(VersionNamesTest, ReadsListsAndRangesInTheOrderAskedFor) {
    const auto found = make().list("production, v1,v3-v5,v1");
    ASSERT_TRUE(found) << found.error().text();
    EXPECT_EQ(*found, (std::vector<base::Uuid>{uuidOf(6), uuidOf(1), uuidOf(3), uuidOf(5)}));
}

TEST_F(VersionNamesTest, TakesATagWithADashForTheTag) {
    const auto found = make().list("good-run");
    ASSERT_TRUE(found) << found.error().text();
    EXPECT_EQ(*found, (std::vector<base::Uuid>{uuidOf(2), uuidOf(5)}));
}

TEST_F(VersionNamesTest, UnderstandsUuidPrefixesThatFitOneVersion) {
    const auto found = make().one("01900003");
    ASSERT_TRUE(found) << found.error().text();
    EXPECT_EQ(*found, uuidOf(3));
    const auto several = make().one("0190");
    ASSERT_FALSE(several);
    EXPECT_EQ(several.error().code(), base::ErrorCode::InvalidArgument);
}

TEST_F(VersionNamesTest, NamesWhatIsUnknown) {
    for (const char* text : {"v99", "v1,nosuch", "v7-v9", "v4"}) {
        const auto found = make().list(text);
        ASSERT_FALSE(found) << text;
        EXPECT_EQ(found.error().code(), base::ErrorCode::InvalidArgument) << text;
    }
    EXPECT_NE(make().list("v1,nosuch").error().text().find("'nosuch'"), std::string::npos);
}

TEST_F(VersionNamesTest, RefusesEmptyPlacesAndBackwardRanges) {
    EXPECT_EQ(make().list("v1,,v2").error().code(), base::ErrorCode::InvalidArgument);
    EXPECT_EQ(make().list("v5-v2").error().code(), base::ErrorCode::InvalidArgument);
    EXPECT_EQ(make().one("good-run").error().code(), base::ErrorCode::InvalidArgument);
}

TEST_F(VersionNamesTest, MeansEveryVersionByNothingAndByAll) {
    EXPECT_EQ(make().list("").value().size(), 6U);
    EXPECT_EQ(make().list("all").value().size(), 6U);
    EXPECT_EQ(make().one("latest").value(), uuidOf(6));
    EXPECT_EQ(make().label(uuidOf(3)), "v3");
    EXPECT_EQ(make().label(uuidOf(4)), "01900004");
}

}  // namespace
}  // namespace hindcast::store
