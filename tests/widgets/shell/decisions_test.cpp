// SPDX-License-Identifier: GPL-3.0-or-later
// What only a person can decide: where a statement goes in a version, what becomes of an interrupted replay, what a
// replay may take; and the history of a line. Values are made up, nothing is trained.
#include <QtTest>

#include <QAbstractButton>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSaveFile>
#include <QSettings>
#include <QSpinBox>
#include <QUndoStack>

#include "tests/widgets/shell/hand_made_window.h"
#include "widgets/commands/command_set.h"
#include "widgets/look/theme.h"
#include "widgets/probes/probe_row.h"
#include "widgets/replay/choice_card.h"
#include "widgets/source/code_view.h"

using namespace hindcast;
using Kind = workspace::PlacementKind;

namespace {
constexpr int kReadMs = 30'000;
}

class DecisionsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_settings.path());
        QCoreApplication::setOrganizationName(QStringLiteral("hindcast"));
        look::Theme::instance().apply(look::ThemeKind::Light);
    }
    void init() { m_shown = std::make_unique<support::HandMadeWindow>(support::detectorProject()); }
    void cleanup() { m_shown.reset(); }

    void aPlacedLineIsDraggedToAnotherPlaceAndBackByUndo() {
        begin();
        preview(9);
        auto* code = find<source::CodeView>("preview");
        QTRY_VERIFY_WITH_TIMEOUT(lineWith(code, "log(\"grad_norm") > 0, kReadMs);
        const int from = lineWith(code, "log(\"grad_norm");
        const int to = from + 2;
        drag(code, from, to);
        QTRY_COMPARE_WITH_TIMEOUT(kindIn(9), Kind::ByHand, kReadMs);
        QCOMPARE(lastDecision().line, from + 3);  // one-based, below a line that the moved one stood above
        QVERIFY(lastDecision().statement.find("hc.log(\"grad_norm\"") != std::string::npos);
        undo();
        QTRY_COMPARE_WITH_TIMEOUT(kindIn(9), Kind::Placed, kReadMs);
    }

    void keysMoveALineToo() {
        begin();
        preview(9);
        auto* code = find<source::CodeView>("preview");
        QTRY_VERIFY_WITH_TIMEOUT(lineWith(code, "log(\"grad_norm") > 0, kReadMs);
        code->setFocus();
        QTest::keyClick(code, Qt::Key_Down, Qt::AltModifier);
        QCOMPARE(code->dropLine(), lineWith(code, "log(\"grad_norm") + 1);
        QTest::keyClick(code, Qt::Key_Escape);
        QCOMPARE(code->dropLine(), -2);
        QTest::keyClick(code, Qt::Key_Up, Qt::AltModifier);
        QTest::keyClick(code, Qt::Key_Return);
        QTRY_COMPARE_WITH_TIMEOUT(kindIn(9), Kind::ByHand, kReadMs);
    }

    void aStatementIsEditedForOneVersionAndTakenBack() {
        begin();
        preview(9);
        auto* edit = find<QPushButton>("editPlacement");
        QTRY_VERIFY_WITH_TIMEOUT(edit->isVisible(), kReadMs);
        activate();
        QTest::mouseClick(edit, Qt::LeftButton);
        auto* text = find<QPlainTextEdit>("placementText");
        QTRY_VERIFY(text->hasFocus());
        QCOMPARE(text->toPlainText(), QStringLiteral("hc.log(\"grad_norm\", gn.item())"));
        QTest::keyClicks(text, QStringLiteral("hc.log(\"grad_norm\", 0.5)"));
        QTest::keyClick(text, Qt::Key_Return);
        QTRY_COMPARE_WITH_TIMEOUT(kindIn(9), Kind::ByHand, kReadMs);
        QVERIFY(lastDecision().statement.find("0.5") != std::string::npos);
        auto* back = find<QPushButton>("takeBackDecision");
        QTRY_VERIFY_WITH_TIMEOUT(back->isVisible(), kReadMs);
        QTest::mouseClick(back, Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(kindIn(9), Kind::Placed, kReadMs);
        undo();
        QTRY_COMPARE_WITH_TIMEOUT(kindIn(9), Kind::ByHand, kReadMs);
        undo();
        QTRY_COMPARE_WITH_TIMEOUT(kindIn(9), Kind::Placed, kReadMs);
    }

    void escapeLeavesTheEditWithoutADecision() {
        begin();
        preview(9);
        auto* edit = find<QPushButton>("editPlacement");
        QTRY_VERIFY_WITH_TIMEOUT(edit->isVisible(), kReadMs);
        activate();
        QTest::mouseClick(edit, Qt::LeftButton);
        auto* text = find<QPlainTextEdit>("placementText");
        QTRY_VERIFY(text->hasFocus());
        QTest::keyClick(text, Qt::Key_Escape);
        QVERIFY(!text->isVisible());
        QCOMPARE(kindIn(9), Kind::Placed);
    }

    void skippingHoldsForTheNextVersionsToo() {
        begin();
        preview(9);
        auto* next = find<QSpinBox>("alsoForNext");
        QTRY_VERIFY_WITH_TIMEOUT(next->isVisible(), kReadMs);
        next->setFocus();
        QTest::keyClick(next, Qt::Key_Up);
        QTest::keyClick(next, Qt::Key_Up);
        QVERIFY(m_shown->words().contains(QStringLiteral("v8, v7")));
        QTest::mouseClick(find<QPushButton>("skipVersion"), Qt::LeftButton);
        for (const int number : {9, 8, 7}) QTRY_COMPARE_WITH_TIMEOUT(kindIn(number), Kind::Skipped, kReadMs);
        QCOMPARE(kindIn(6), Kind::Placed);
        undo();
        for (const int number : {9, 8, 7}) QTRY_COMPARE_WITH_TIMEOUT(kindIn(number), Kind::Placed, kReadMs);
    }

    void theHistoryOfALineIsToldAndShown() {
        QVERIFY(m_shown->open());
        m_shown->window().showPage(shell::MainWindow::Probe);
        auto* editor = find<source::CodeView>("editor");
        QTRY_VERIFY_WITH_TIMEOUT(editor->text().contains(QStringLiteral("backward")), kReadMs);
        editor->setFocus();
        editor->setCursorPosition(lineWith(editor, "backward"), 0);
        activate();
        QTest::keyClick(&m_shown->window(), Qt::Key_H, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_VERIFY_WITH_TIMEOUT(m_shown->words().contains(QStringLiteral("in v3–v12, as it stands since v7")),
                                 kReadMs);
        auto* runs = find<QListWidget>("lineHistoryRuns");
        QCOMPARE(runs->count(), 2);
        QTest::mouseClick(runs->viewport(), Qt::LeftButton, {}, runs->visualItemRect(runs->item(1)).center());
        QTRY_VERIFY(m_shown->words().contains(QStringLiteral("in v6")));
        runs->setFocus();
        QTest::keyClick(runs, Qt::Key_Escape);
        QTRY_VERIFY(!runs->isVisible());
        QTRY_VERIFY(editor->hasFocus());
    }

    void anInterruptedReplayIsResumedOrDiscarded() {
        for (const char* id : {"first", "second"}) {
            workspace::UnfinishedReplay left;
            left.id = id;
            left.request.names = {"grad_norm"};
            m_shown->made().unfinished.push_back(left);
        }
        begin();
        QTRY_COMPARE_WITH_TIMEOUT(buttons("resumeUnfinished").size(), 2, kReadMs);
        QVERIFY(m_shown->words().contains(QStringLiteral("grad_norm was interrupted")));
        QTest::mouseClick(buttons("discardUnfinished").last(), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(buttons("resumeUnfinished").size(), 1, kReadMs);
        QTest::mouseClick(buttons("resumeUnfinished").first(), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(m_shown->project().replay().isRunning(), kReadMs);
        QTRY_COMPARE_WITH_TIMEOUT(buttons("resumeUnfinished").size(), 0, kReadMs);
        m_shown->project().replay().cancel();
        QTRY_VERIFY_WITH_TIMEOUT(!m_shown->project().replay().isRunning(), kReadMs);
    }

    void pastCodeThatNothingCanHoldRunsOnlyAfterItWasAllowed() {
        m_shown->made().missingConsent = "nothing here can hold past code";
        begin();
        QTRY_VERIFY_WITH_TIMEOUT(m_shown->words().contains(QStringLiteral("can hold past code back")), kReadMs);
        const auto* start = m_shown->window().commandSet().action(QStringLiteral("replay.start"));
        QVERIFY(!start->isEnabled());
        QPushButton* allow = nullptr;
        for (auto* button : m_shown->window().findChildren<QPushButton*>()) {
            if (button->isVisible() && button->text() == QStringLiteral("Allow for this project")) allow = button;
        }
        QVERIFY(allow);
        QTest::mouseClick(allow, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(start->isEnabled(), kReadMs);
        QVERIFY(!m_shown->words().contains(QStringLiteral("can hold past code back")));
    }

    void everyPlaceHasItsCardAndALimitPicksOne() {
        addPlaces();
        begin();
        QTRY_VERIFY_WITH_TIMEOUT(card("elsewhere1")->isVisible(), kReadMs);
        QVERIFY(card("elsewhere0")->accessibleName().startsWith(QStringLiteral("batch, 16 workers")));
        QVERIFY(card("elsewhere1")->accessibleName().contains(QStringLiteral("ssh:gpu1")));
        QVERIFY(card("allWorkers")->isChecked());
        auto* deadline = find<QLineEdit>("deadline");
        QTest::keyClicks(deadline, QStringLiteral("30 s"));
        QTest::keyClick(deadline, Qt::Key_Return);
        QTRY_COMPARE_WITH_TIMEOUT(card("elsewhere0")->verdict(), replay::ChoiceCard::Verdict::Suits, kReadMs);
        QCOMPARE(card("oneWorker")->verdict(), replay::ChoiceCard::Verdict::TooMuch);
        QVERIFY(m_shown->words().contains(QStringLiteral("Suits best: batch with 16 workers")));
        QTest::mouseClick(card("elsewhere0"), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(m_shown->project().replay().resource(), QStringLiteral("batch"), kReadMs);
        QTRY_VERIFY_WITH_TIMEOUT(!m_shown->project().replay().isPlanning(), kReadMs);
        QVERIFY(card("elsewhere0")->isChecked());
    }

    void aStatementThatIsSavedInAnyEditorIsOffered() {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("train.py"));
        const auto save = [&path](const QByteArray& text) {
            QSaveFile file(path);  // as editors do it: another file takes the name
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(text);
            QVERIFY(file.commit());
        };
        save("import torch\n");
        m_shown.reset();
        auto made = support::detectorProject();
        made->folder = folder.path().toStdString();
        made->probes.clear();
        m_shown = std::make_unique<support::HandMadeWindow>(made);
        QVERIFY(m_shown->open());
        const auto& probes = m_shown->project().probes();
        QTRY_COMPARE_WITH_TIMEOUT(m_shown->project().sources().files().size(), 3, kReadMs);
        for (const char* name : {"typed_first", "typed_second"}) {
            workspace::ProbeView view;
            view.id = view.name = name;
            view.names = {name};
            view.file = "train.py";
            view.line = 31;
            view.text = std::string("hc.log(\"") + name + "\", gn)";
            view.typedInWorkTree = true;
            {
                const std::lock_guard guard(made->lock);
                made->typed.push_back(view);
            }
            save(QByteArray("import torch  # ") + name);
            QTRY_VERIFY_WITH_TIMEOUT(probes.find(QString::fromLatin1(name)), kReadMs);
            QVERIFY(probes.isOffered(QString::fromLatin1(name)));
        }
        // The first, alone, is planned at once; the other one waits for a tick.
        m_shown->window().commandSet().action(QStringLiteral("view.probe"))->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(m_shown->project().replay().probes(), QStringList{QStringLiteral("typed_first")},
                                  kReadMs);
        QVERIFY(m_shown->words().contains(QStringLiteral("typed in your file")));
        for (auto* row : m_shown->window().findChildren<probes::ProbeRow*>()) QTest::keyClick(row, Qt::Key_Delete);
        QVERIFY(probes.find(QStringLiteral("typed_first")));
    }

    void aQuickAnswerTakesFewerPasses() {
        begin();
        auto* passes = find<QComboBox>("passes");
        QTRY_VERIFY_WITH_TIMEOUT(passes->isVisible(), kReadMs);
        const auto planned = [this] {
            const auto& desk = m_shown->project().replay();
            return desk.isPlanning() || !desk.plan() ? -1 : desk.plan()->iterations;
        };
        QTRY_VERIFY_WITH_TIMEOUT(planned() > 0, kReadMs);
        const std::int64_t all = planned();
        const auto choose = [&](int index) {
            passes->setCurrentIndex(index);
            Q_EMIT passes->activated(index);
        };
        choose(passes->findText(QStringLiteral("1 in 10")));
        QTRY_VERIFY_WITH_TIMEOUT(planned() > 0 && planned() <= all / 5, kReadMs);
        choose(passes->findText(QStringLiteral("Stored states")));
        QTRY_VERIFY_WITH_TIMEOUT(planned() > all / 5 && planned() < all, kReadMs);
        choose(0);
        QTRY_COMPARE_WITH_TIMEOUT(planned(), all, kReadMs);
    }

    void aBudgetThatNothingKeepsIsSaidAndALimitThatCannotBeReadChangesNothing() {
        addPlaces();
        begin();
        auto* budget = find<QLineEdit>("budget");
        auto* deadline = find<QLineEdit>("deadline");
        QTRY_VERIFY_WITH_TIMEOUT(budget->isVisible(), kReadMs);
        QTest::keyClicks(deadline, QStringLiteral("1 s"));
        QTest::keyClick(deadline, Qt::Key_Return);
        QTRY_VERIFY_WITH_TIMEOUT(m_shown->words().contains(QStringLiteral("Nothing keeps the limits")), kReadMs);
        QTest::keyClicks(budget, QStringLiteral("cheap"));
        QTest::keyClick(budget, Qt::Key_Return);
        QTRY_VERIFY(m_shown->words().contains(QStringLiteral("Type an amount")));
        QVERIFY(!m_shown->project().replay().budget());
        budget->clear();
        deadline->clear();
        QTRY_VERIFY_WITH_TIMEOUT(!m_shown->project().replay().deadline(), kReadMs);
        QTRY_COMPARE_WITH_TIMEOUT(card("allWorkers")->verdict(), replay::ChoiceCard::Verdict::None, kReadMs);
    }

    void theSqlDrawerOpensAndClosesWithItsKeysInEveryWorkspace() {
        QVERIFY(m_shown->open());
        activate();
        auto& window = m_shown->window();
        QVERIFY(!window.showsSql());
        QTest::keyClick(&window, Qt::Key_Q, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(window.showsSql());
        window.showPage(shell::MainWindow::Probe);
        QVERIFY(window.showsSql());
        QTest::keyClick(&window, Qt::Key_Q, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(!window.showsSql());
    }

private:
    template <typename T>
    T* find(const char* name) {
        return m_shown->find<T>(name);
    }
    replay::ChoiceCard* card(const char* name) { return find<replay::ChoiceCard>(name); }
    QList<QPushButton*> buttons(const char* name) {
        return m_shown->window().findChildren<QPushButton*>(QLatin1String(name));
    }
    void begin() {
        QVERIFY(m_shown->open());
        QVERIFY(m_shown->addProbe());
        activate();
    }
    /// Without a window manager, a tooltip that closes leaves no window active, and keys reach none.
    void activate() {
        m_shown->window().activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&m_shown->window()));
    }
    void addPlaces() {
        m_shown->made().resources = {{"local", "this machine", "", 0, 0, 1},
                                     {"batch", "Slurm, partition cpu", "cpu", 16, 0.4, 1},
                                     {"ssh:gpu1", "ssh gpu1", "gpu", 2, 20.0, 6}};
    }
    void preview(int number) { m_shown->project().choice().setPreviewed(m_shown->version(number)); }
    Kind kindIn(int number) {
        const auto& placements = m_shown->project().probes().placements(m_shown->probe()).byVersion;
        const auto found = placements.find(m_shown->version(number));
        return found == placements.end() ? Kind::Conflict : found->second.kind;
    }
    workspace::CandidateView lastDecision() {
        const std::lock_guard guard(m_shown->made().lock);
        return m_shown->made().lastPlaced;
    }
    void undo() {
        auto* action = m_shown->window().commandSet().action(QStringLiteral("edit.undo"));
        QTRY_VERIFY_WITH_TIMEOUT(action->isEnabled(), kReadMs);
        action->trigger();
    }
    static int lineWith(source::CodeView* code, const char* text) {
        const auto lines = code->textLines();
        for (int line = 0; line < lines.size(); ++line) {
            if (lines[line].contains(QLatin1String(text))) return line;
        }
        return -1;
    }
    static void drag(source::CodeView* code, int from, int belowLine) {
        const auto at = [code](int line, int part) {
            return QPoint(160, code->lineTop(line) + code->lineHeight() * part / 4);
        };
        auto* viewport = code->viewport();
        QTest::mousePress(viewport, Qt::LeftButton, {}, at(from, 2));
        QTest::mouseMove(viewport, at(from + 1, 2));
        QMouseEvent move(QEvent::MouseMove, at(belowLine, 3), viewport->mapToGlobal(at(belowLine, 3)), Qt::NoButton,
                         Qt::LeftButton, {});
        QApplication::sendEvent(viewport, &move);
        QCOMPARE(code->dropLine(), belowLine);
        QTest::mouseRelease(viewport, Qt::LeftButton, {}, at(belowLine, 3));
    }

    QTemporaryDir m_settings;
    std::unique_ptr<support::HandMadeWindow> m_shown;
};

QTEST_MAIN(DecisionsTest)
#include "decisions_test.moc"
