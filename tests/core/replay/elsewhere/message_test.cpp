// SPDX-License-Identifier: Apache-2.0
#include "core/replay/remote/message.h"

#include <gtest/gtest.h>

#include "core/replay/remote/store_files.h"

namespace hindcast::replay {
namespace {

TEST(Message, ComesOutAsItWentInWhereverTheStreamIsCut) {
    const Message first{"file", {{"path", "versions/ä/journal"}, {"from", "12"}}, std::string("\0\xff\n{", 4)};
    const Message second{"alive", {}, ""};
    const std::string bytes = encodeMessage(first) + encodeMessage(second);
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
        MessageDecoder decoder;
        decoder.feed(std::string_view(bytes).substr(0, cut));
        std::vector<Message> got;
        for (int round = 0; round < 2; ++round) {
            for (;;) {
                const auto message = decoder.next();
                ASSERT_TRUE(message);
                if (!*message) break;
                got.push_back(**message);
            }
            if (round == 0) decoder.feed(std::string_view(bytes).substr(cut));
        }
        ASSERT_EQ(got.size(), 2u);
        EXPECT_EQ(got[0].kind, "file");
        EXPECT_EQ(got[0].body, first.body);
        EXPECT_EQ(got[0].field("path"), "versions/ä/journal");
        EXPECT_EQ(got[0].number("from"), 12);
        EXPECT_EQ(got[0].field("nothing"), "");
        EXPECT_EQ(got[1].kind, "alive");
    }
}

TEST(Message, WhatALoginShellPrintsBeforeTheGreetingIsLeftOut) {
    MessageDecoder decoder;
    decoder.feed("Welcome to gpu1!\nno newline here");
    EXPECT_FALSE(decoder.skipGreeting());
    decoder.feed(std::string(kAgentGreeting) + encodeMessage({"hello", {}, ""}));
    EXPECT_TRUE(decoder.skipGreeting());
    const auto message = decoder.next();
    ASSERT_TRUE(message && *message);
    EXPECT_EQ((*message)->kind, "hello");
}

TEST(Message, OtherBytesAreAnErrorAndNotAHang) {
    MessageDecoder decoder;
    decoder.feed("bash: line 1: hindcast: command not found\n");
    EXPECT_FALSE(decoder.next());
}

TEST(StoreFiles, PathsThatLeaveTheStoreAreNotCopied) {
    EXPECT_TRUE(isCopiedPath("versions/x/journal"));
    EXPECT_TRUE(isCopiedPath("code.git"));
    for (const char* path :
         {"../x", "versions/../../x", "/etc/passwd", "versions/./x", "scratch/x", "catalog.db", "", "."})
        EXPECT_FALSE(isCopiedPath(path)) << path;
}

TEST(StoreFiles, AListingReadsBackAndABrokenOneIsRefused) {
    const std::vector<StoreFile> files{{"versions/a b/journal", 7, 9, -3}, {"packs/seg-000000", 0, 1, 2}};
    const auto read = parseListing(listingText(files));
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, files);
    EXPECT_FALSE(parseListing("7 9 3 ../escape\n"));
    EXPECT_FALSE(parseListing("seven 9 3 versions/x\n"));
}

}  // namespace
}  // namespace hindcast::replay
