// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "widgets/text/quantities.h"
#include "widgets/text/words.h"

using namespace hindcast;

class WordsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aReasonIsToldWithItsArgumentsInTheOrderOfTheSentence() {
        QCOMPARE(text::reasonText("needed-after-inner-loop", {"total", "step", "rebound"}, "english"),
                 QStringLiteral("what follows the loop step reads total, which is not stored there (rebound)"));
    }
    void anArgumentMayLookLikeAPlaceToFill() {
        QCOMPARE(text::reasonText("reads-gradients", {"x %2 %1", "100%"}, "english"),
                 QStringLiteral("it uses x %2 %1, which only running the loop 100% gives"));
    }
    void anUnknownReasonKeepsItsOwnWords() {
        QCOMPARE(text::reasonText("of-a-later-version", {"a"}, "as it came"), QStringLiteral("as it came"));
    }
    void aReasonWithTooFewArgumentsKeepsItsOwnWords() {
        QCOMPARE(text::reasonText("reads-gradients", {"x"}, "as it came"), QStringLiteral("as it came"));
    }
    void aReasonWithoutArgumentsCarriesTheSentenceItCameWith() {
        QCOMPARE(text::reasonText("environment", {}, "no torch in /opt/old"),
                 QStringLiteral("its environment cannot be used here: no torch in /opt/old"));
    }
    void whyAStatementStandsSomewhereIsToldInParts() {
        const QString place = QStringLiteral("between the same two statements");
        QCOMPARE(text::placementReasonText("between the same two statements, but in other loops, as in v12"),
                 place + QStringLiteral(", but in other loops, as in v12"));
        QVERIFY(text::placementReasonText("between the same two statements, carried through 3 versions between")
                    .startsWith(place + QStringLiteral(", carried through 3 ")));
        QCOMPARE(text::placementReasonText("the old version has no counterpart of lr and net"),
                 QStringLiteral("the old version has no counterpart of lr and net"));
        QCOMPARE(text::placementReasonText("as it came, as in spring"), QStringLiteral("as it came, as in spring"));
    }
    void durationsTakeTheLargestUnitsThatSaySomething() {
        QCOMPARE(text::durationText(3.14), QStringLiteral("3.1 s"));
        QCOMPARE(text::durationText(59.6), QStringLiteral("1 min"));
        QCOMPARE(text::durationText(75), QStringLiteral("1 min 15 s"));
        QCOMPARE(text::durationText(3600 + 120), QStringLiteral("1 h 2 min"));
        QCOMPARE(text::durationText(-1), QStringLiteral("–"));
    }
    void durationsAreReadAsPeopleTypeThem() {
        QCOMPARE(text::secondsOfText(QStringLiteral("90")), std::optional(90.0));
        QCOMPARE(text::secondsOfText(QStringLiteral(" 10m ")), std::optional(600.0));
        QCOMPARE(text::secondsOfText(QStringLiteral("1 h 30 min")), std::optional(5400.0));
        QCOMPARE(text::secondsOfText(QStringLiteral("1,5 H")), std::optional(5400.0));
        for (const char* wrong : {"", "ten", "-5", "0", "5 parsecs", "10m later", "m"})
            QVERIFY2(!text::secondsOfText(QLatin1String(wrong)), wrong);
    }
    void bytesAreRoundedToWhatCanBeRead() {
        QCOMPARE(text::bytesText(999), QStringLiteral("999 B"));
        QCOMPARE(text::bytesText(9'400'000), QStringLiteral("9.4 MB"));
        QCOMPARE(text::bytesText(97'000'000), QStringLiteral("97 MB"));
    }
};

QTEST_MAIN(WordsTest)
#include "words_test.moc"
