// SPDX-License-Identifier: GPL-3.0-or-later
#include <QSignalSpy>
#include <QTest>
#include <cmath>

#include "widgets/look/time_cursor.h"

using hindcast::look::TimeCursor;

class CursorTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theCursorStaysInsideTheHistory();
    void aMoveThatChangesNothingSaysNothing();
    void aShorterHistoryPullsBothCursorsBack();
    void notANumberIsIgnored();
};

void CursorTest::theCursorStaysInsideTheHistory() {
    TimeCursor cursor;
    cursor.setLast(29);
    cursor.setPosition(1000);
    QCOMPARE(cursor.position(), 29.0);
    cursor.step(-1000);
    QCOMPARE(cursor.position(), 0.0);
}

void CursorTest::aMoveThatChangesNothingSaysNothing() {
    TimeCursor cursor;
    cursor.setLast(29);
    QSignalSpy moved(&cursor, &TimeCursor::moved);
    cursor.setPosition(17);
    cursor.setPosition(17);
    QCOMPARE(moved.count(), 1);
}

void CursorTest::aShorterHistoryPullsBothCursorsBack() {
    TimeCursor cursor;
    cursor.setLast(29);
    cursor.setPosition(25);
    cursor.setReference(28);
    QSignalSpy moved(&cursor, &TimeCursor::moved);
    cursor.setLast(9);
    QCOMPARE(cursor.position(), 9.0);
    QCOMPARE(*cursor.reference(), 9.0);
    QCOMPARE(moved.count(), 1);
}

void CursorTest::notANumberIsIgnored() {
    TimeCursor cursor;
    cursor.setLast(29);
    cursor.setPosition(3.5);
    cursor.setPosition(NAN);
    QCOMPARE(cursor.position(), 3.5);
    QCOMPARE(cursor.iteration(), 3);
}

QTEST_MAIN(CursorTest)
#include "cursor_test.moc"
