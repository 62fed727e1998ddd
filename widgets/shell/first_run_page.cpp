// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/shell/first_run_page.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include "widgets/commands/command_set.h"
#include "widgets/controls/panel_header.h"
#include "widgets/controls/progress_line.h"
#include "widgets/look/icon_set.h"
#include "widgets/look/theme.h"
#include "widgets/shell/machine_card.h"
#include "widgets/shell/step_picture.h"
#include "widgets/shell/surroundings.h"

namespace hindcast::shell {

namespace {
constexpr int kColumn = 968;
constexpr int kTop = 64;
constexpr int kBetween = 40;
constexpr int kColumnGap = 40;
constexpr int kProse = 700;

const char* const kScript =
    "import hindcast as hc\n"
    "\n"
    "with hc.checkpointing(model=net, optimizer=opt):\n"
    "    for epoch in hc.loop(\"epoch\", range(30)):\n"
    "        for batch in hc.loop(\"step\", loader):\n"
    "            ...\n"
    "            hc.log(\"loss\", loss.item())\n";

QLabel* prose(const QString& text, const char* role) {
    auto* label = new QLabel(text);
    label->setWordWrap(true);
    look::setStyleProperty(label, "role", QLatin1String(role));
    return label;
}
}  // namespace

FirstRunPage::FirstRunPage(commands::CommandSet& commands, Surroundings& surroundings, QWidget* parent)
    : PanelFrame(QString(), parent), m_commands(commands), m_surroundings(surroundings) {
    header()->hide();
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto* holder = new QWidget;
    auto* layout = new QHBoxLayout(holder);
    layout->addStretch();
    layout->addWidget(buildColumn());
    layout->addStretch();
    scroll->setWidget(holder);
    setContent(scroll);
    followDemo();
    surroundings.checkMachine();
}

QWidget* FirstRunPage::buildColumn() {
    auto* column = new QWidget;
    column->setMaximumWidth(kColumn);
    column->setMinimumWidth(kColumn);
    auto* layout = new QVBoxLayout(column);
    layout->setContentsMargins(0, kTop, 0, 24);
    layout->setSpacing(0);
    auto* title = prose(tr("See what your past runs would have logged"), "title");
    layout->addWidget(title);
    layout->addSpacing(8);
    auto* idea = prose(tr("Add the log line you wish you had. Hindcast places it in every past version, replays only "
                          "what is needed, and "
                          "checks that the replay is faithful."),
                       "secondary");
    idea->setMaximumWidth(kProse);
    layout->addWidget(idea);
    layout->addSpacing(24);
    layout->addWidget(buildButtons());
    layout->addSpacing(kBetween);
    layout->addWidget(buildSteps());
    layout->addSpacing(kBetween);
    layout->addWidget(buildCards());
    layout->addStretch();
    return column;
}

QWidget* FirstRunPage::buildButtons() {
    auto* row = new QWidget;
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(12);
    auto* open = new QPushButton(tr("Open a project folder…"));
    open->setObjectName(QStringLiteral("openFolder"));
    look::setStyleProperty(open, "kind", QStringLiteral("primary"));
    look::setStyleProperty(open, "sizing", QStringLiteral("large"));
    open->setIcon(look::IconSet::instance().icon(QStringLiteral("folder"), look::Color::TextOnAccent));
    connect(open, &QPushButton::clicked, m_commands.action(QStringLiteral("file.open")), &QAction::trigger);
    m_demo = new QPushButton(tr("Try the demo project"));
    m_demo->setObjectName(QStringLiteral("tryDemo"));
    look::setStyleProperty(m_demo, "sizing", QStringLiteral("large"));
    m_demo->setIcon(look::IconSet::instance().icon(QStringLiteral("demo"), look::Color::TextPrimary));
    m_demoText = prose(tr("or drop a folder here"), "tertiary");
    m_demoText->setWordWrap(false);
    m_demoBar = new controls::ProgressLine;
    m_demoBar->setFixedWidth(160);
    m_demoBar->hide();
    m_demoBar->setAccessibleName(tr("Recording of the demo"));
    layout->addWidget(open);
    layout->addWidget(m_demo);
    layout->addWidget(m_demoBar);
    layout->addWidget(m_demoText, 1);
    return row;
}

QWidget* FirstRunPage::buildSteps() {
    auto* row = new QWidget;
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kColumnGap);
    for (int number = 1; number <= 3; ++number) layout->addWidget(buildStep(number), 1);
    return row;
}

QWidget* FirstRunPage::buildStep(int number) {
    const QStringList titles{tr("Record"), tr("Ask later"), tr("See all versions")};
    const QStringList hints{tr("Train as usual. Light checkpoints are kept within the overhead you allow."),
                            tr("Write a log line today, or an expression, where you wish it had been."),
                            tr("Curves fill in while replays run. A filled mark has been checked.")};
    auto* step = new QWidget;
    auto* layout = new QVBoxLayout(step);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(new StepPicture(static_cast<StepPicture::Step>(number - 1)));
    layout->addSpacing(8);
    auto* title = new QLabel(QStringLiteral("%1  %2").arg(number).arg(titles[number - 1]));
    title->setFont(look::font(look::TextRole::Strong));
    layout->addWidget(title);
    layout->addWidget(prose(hints[number - 1], "secondary"));
    layout->addStretch();
    return step;
}

QWidget* FirstRunPage::buildCards() {
    auto* row = new QWidget;
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(24);
    layout->addWidget(buildScriptCard(), 544);
    m_machine = new MachineCard;
    layout->addWidget(m_machine, 400);
    connect(&m_surroundings, &Surroundings::machineChecked, m_machine, &MachineCard::showFacts);
    return row;
}

QWidget* FirstRunPage::buildScriptCard() {
    auto* card = new PanelFrame(tr("Start recording your own script"));
    auto* copy = new QAction(look::IconSet::instance().icon(QStringLiteral("copy")), tr("Copy"), card);
    connect(copy, &QAction::triggered, card,
            [] { QGuiApplication::clipboard()->setText(QString::fromLatin1(kScript)); });
    card->header()->addTool(copy);
    auto* code = new QLabel(QString::fromLatin1(kScript));
    code->setFont(look::font(look::TextRole::Code));
    code->setTextInteractionFlags(Qt::TextSelectableByMouse);
    code->setContentsMargins(16, 12, 16, 4);
    card->setContent(code);
    card->setFooter(tr("Then run python train.py and open the folder here."));
    return card;
}

void FirstRunPage::followDemo() {
    const auto show = [this](bool recording) {
        m_demo->setText(recording ? tr("Cancel") : tr("Try the demo project"));
        m_demoBar->setVisible(recording);
        if (!recording) m_demoText->setText(tr("or drop a folder here"));
    };
    connect(m_demo, &QPushButton::clicked, this, [this, show] {
        if (m_surroundings.isRecordingDemo())
            m_surroundings.cancelDemo();
        else
            m_surroundings.recordDemo();
        show(m_surroundings.isRecordingDemo());
    });
    connect(&m_surroundings, &Surroundings::demoProgress, this, [this, show](int done, int total, const QString& line) {
        show(true);
        m_demoBar->setPart(total > 0 ? static_cast<double>(done) / total : -1.0);
        const QString counted = tr("Recording version %1 of %2").arg(done + 1).arg(total);
        m_demoText->setText(line.isEmpty() ? counted : counted + QStringLiteral(" · ") + line);
    });
    connect(&m_surroundings, &Surroundings::demoRecorded, this, [show] { show(false); });
    connect(&m_surroundings, &Surroundings::demoFailed, this, [this, show](const QString& sentence) {
        show(false);
        showProblem(sentence);
    });
    show(m_surroundings.isRecordingDemo());
}

void FirstRunPage::showProblem(const QString& sentence) {
    setLoading(std::nullopt);
    m_demoText->setText(tr("or drop a folder here"));
    showBanner(look::Meaning::Error, sentence);
}

void FirstRunPage::setOpening(const QString& folder) {
    clearBanner();
    setLoading(-1.0);
    m_demoText->setText(tr("Opening %1").arg(folder));
}

}  // namespace hindcast::shell
