// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractItemModelTester>
#include <QtTest>
#include <cmath>

#include "widgets/sql/result_model.h"
#include "widgets/sql/result_series.h"

using namespace hindcast;

class ResultTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatIsNoValueIsToldApart() {
        query::Column column("x");
        column.addMissing();
        column.addReplayable();
        column.addNone();
        column.addDouble(std::nan(""));
        column.addDouble(-INFINITY);
        column.addDouble(0);
        column.addText(query::CellKind::Text, "");
        const auto model = modelOf({column});
        const QStringList shown{"NULL", "not replayed", "None", "NaN", QStringLiteral("−∞"), "0.0", ""};
        for (int row = 0; row < shown.size(); ++row) QCOMPARE(model->index(row, 0).data().toString(), shown[row]);
        QVERIFY(model->index(1, 0).data(Qt::ToolTipRole).toString().contains(QStringLiteral("replay")));
    }
    void numbersReadBackToTheSameBits() {
        query::Column column("x");
        column.addDouble(0.1 + 0.2);
        column.addInt(-9'007'199'254'740'993);
        column.addText(query::CellKind::BigInt, "123456789012345678901234567890");
        const auto model = modelOf({column});
        QCOMPARE(model->index(0, 0).data().toString(), QStringLiteral("0.30000000000000004"));
        QCOMPARE(model->index(1, 0).data().toString(), QStringLiteral("−9007199254740993"));
        QCOMPARE(model->copied(model->index(1, 0)), QStringLiteral("-9007199254740993"));
        QCOMPARE(model->copied(model->index(2, 0)), QStringLiteral("123456789012345678901234567890"));
    }
    void theModelKeepsTheRulesOfItemModels() {
        query::Column column("x");
        column.addInt(1);
        const auto model = modelOf({column});
        const QAbstractItemModelTester tester(model.get(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        model->setRows(nullptr);
        QCOMPARE(model->rowCount(), 0);
    }
    void aLinePerVersionAndTheAxisThatTellsRowsApartAreGuessed() {
        const query::Rows rows = steps();
        const auto guess = sql::guessedColumns(rows);
        QCOMPARE(guess.lines, 0);
        QCOMPARE(guess.y, 3);
        QCOMPARE(guess.x, -1);  // epoch and step each repeat within a version
        const auto drawn = sql::seriesOf(rows, guess, inkOf);
        QCOMPARE(drawn.series.size(), std::size_t{2});
        QCOMPARE(drawn.series[1].version, QStringLiteral("2"));
        QCOMPARE(drawn.series[1].points.size(), std::size_t{4});
        QCOMPARE(drawn.series[1].points[3].x, 3.0);
        QVERIFY(!drawn.toldProvenance);
        QCOMPARE(drawn.series[0].points[0].fidelity, look::Fidelity::Unverified);
    }
    void sourceAndFidelityOfTheAnswerAreDrawn() {
        query::Rows rows = steps();
        query::Column source("loss.source");
        query::Column fidelity("loss.fidelity");
        for (std::size_t row = 0; row < rows.count; ++row) {
            source.addText(query::CellKind::Text, row < 4 ? "recorded" : "replayed");
            fidelity.addText(query::CellKind::Text, row < 4 ? "recorded" : row == 5 ? "diverged" : "exact");
        }
        rows.columns.push_back(source);
        rows.columns.push_back(fidelity);
        const auto drawn = sql::seriesOf(rows, sql::ChartColumns{-1, 3, 0}, inkOf);
        QVERIFY(drawn.toldProvenance);
        QCOMPARE(drawn.series[0].points[0].source, look::Source::Recorded);
        QCOMPARE(drawn.series[1].points[0].source, look::Source::Replayed);
        QCOMPARE(drawn.series[1].points[0].fidelity, look::Fidelity::Exact);
        QCOMPARE(drawn.series[1].points[1].fidelity, look::Fidelity::Diverged);
    }
    void missingValuesAreNoPointsAndNanIsOne() {
        query::Column x("x");
        query::Column y("y");
        for (int i = 0; i < 4; ++i) x.addInt(i);
        y.addDouble(1);
        y.addMissing();
        y.addReplayable();
        y.addDouble(std::nan(""));
        query::Rows rows{{x, y}, 4};
        const auto drawn = sql::seriesOf(rows, sql::ChartColumns{0, 1, -1}, inkOf);
        QCOMPARE(drawn.series.size(), std::size_t{1});
        QCOMPARE(drawn.series[0].points.size(), std::size_t{2});
        QVERIFY(std::isnan(drawn.series[0].points[1].y));
        QCOMPARE(drawn.series[0].points[1].x, 3.0);
    }
    void textAloneGivesNothingToDraw() {
        query::Column name("name");
        name.addText(query::CellKind::Text, "a");
        const query::Rows rows{{name}, 1};
        QVERIFY(sql::numericColumns(rows).empty());
        QVERIFY(sql::seriesOf(rows, sql::guessedColumns(rows), inkOf).series.empty());
    }

private:
    static look::SeriesInk inkOf(const QString&, int at, int) { return {at, 1.0}; }

    static std::unique_ptr<sql::ResultModel> modelOf(std::vector<query::Column> columns) {
        auto rows = std::make_shared<query::Rows>();
        rows->count = columns.front().size();
        rows->columns = std::move(columns);
        auto model = std::make_unique<sql::ResultModel>();
        model->setRows(rows);
        return model;
    }

    /// Two versions of two epochs of two steps.
    static query::Rows steps() {
        query::Rows rows;
        for (const char* name : {"version", "epoch", "step", "loss"}) rows.columns.emplace_back(name);
        for (int version = 1; version <= 2; ++version) {
            for (int epoch = 0; epoch < 2; ++epoch) {
                for (int step = 0; step < 2; ++step) {
                    rows.columns[0].addInt(version);
                    rows.columns[1].addInt(epoch);
                    rows.columns[2].addInt(step);
                    rows.columns[3].addDouble(1.0 / (1 + epoch * 2 + step));
                    ++rows.count;
                }
            }
        }
        return rows;
    }
};

QTEST_MAIN(ResultTest)
#include "result_test.moc"
