// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/sql/completion.h"

#include <QtTest>

using namespace hindcast;

class CompletionTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void afterFromStandTables() {
        QCOMPARE(at("select * from |"), QStringList({"logs", "pivot('", "versions"}));
        QCOMPARE(at("select * from lo|"), QStringList({"logs"}));
        QVERIFY(at("select * from logs join v|").contains(QStringLiteral("versions")));
    }
    void aTablesDotGivesItsColumns() {
        QCOMPARE(at("select v.| from versions as v"), QStringList({"lr", "number", "status"}));
        QCOMPARE(at("select versions.nu|"), QStringList({"number"}));
        QCOMPARE(at("select p.lo| from pivot('loss') p"),
                 QStringList({"loss", "\"loss.fidelity\"", "\"loss.kind\"", "\"loss.source\""}));
    }
    void aLoopHasLabels() {
        QVERIFY(at("select epoch| from pivot('loss')").contains(QStringLiteral("\"epoch.label\"")));
    }
    void quotesGiveNamesAndArguments() {
        QCOMPARE(at("select * from pivot('lo|"), QStringList({"loss'", "val loss'"}));
        QCOMPARE(at("select * from pivot('loss', '|"), QStringList({"it''s'", "loss'", "lr'", "val loss'"}));
        QCOMPARE(at("select * from logs where name = 'it|"), QStringList({"it''s'"}));
    }
    void columnsOfTheQuerysTablesComeBeforeWords() {
        const auto offered = at("select st| from versions");
        QCOMPARE(offered.front(), QStringLiteral("status"));
        QVERIFY(!at("select va| from versions").contains(QStringLiteral("value")));
        QVERIFY(at("select va|").contains(QStringLiteral("value")));
        QVERIFY(at("select * from versions wh|").contains(QStringLiteral("where")));
        QVERIFY(at("select cou|").contains(QStringLiteral("count(")));
    }
    void aNameThatIsNoPlainWordIsQuoted() {
        QVERIFY(at("select va| from pivot('val loss')").contains(QStringLiteral("\"val loss\"")));
    }
    void nothingIsOfferedWhereNothingCanStand() {
        for (const char* query :
             {"select 12|", "-- lo|", "select 1 -- lo|", "/* lo|", "select 'done'|", "select |", "|"})
            QVERIFY2(at(query).isEmpty(), query);
        QVERIFY(at("select number| from versions").isEmpty());
    }
    void askedForItOffersAll() {
        QVERIFY(at("select | from versions", true).contains(QStringLiteral("number")));
        QVERIFY(at("|", true).contains(QStringLiteral("select")));
    }
    void charactersBeyondAsciiDoNotShiftTheCaret() {
        QCOMPARE(at("select '損失', nu| from versions").mid(0, 2), QStringList({"number", "nullif("}));
    }

private:
    static QStringList at(const char* marked, bool asked = false) {
        workspace::SqlVocabulary words;
        words.tables = {{"versions", {"number", "status", "lr"}}, {"logs", {"version", "name", "value"}}};
        words.names = {"loss", "val loss", "it's"};
        words.arguments = {"lr"};
        words.loops = {"epoch"};
        QString query = QString::fromUtf8(marked);
        const auto caret = static_cast<int>(query.indexOf(QLatin1Char('|')));
        query.remove(caret, 1);
        QStringList texts;
        for (const auto& entry : sql::completionsAt(query, caret, words, asked).entries) texts.append(entry.text);
        return texts;
    }
};

QTEST_MAIN(CompletionTest)
#include "completion_test.moc"
