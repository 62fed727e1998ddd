// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/replay/plan_panel.h"

#include <QAction>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>
#include <array>

#include "widgets/commands/command_set.h"
#include "widgets/controls/empty_state.h"
#include "widgets/controls/panel_bars.h"
#include "widgets/controls/panel_header.h"
#include "widgets/look/icon_set.h"
#include "widgets/look/theme.h"
#include "widgets/models/plan_model.h"
#include "widgets/models/project.h"
#include "widgets/replay/choice_card.h"
#include "widgets/replay/limits_row.h"
#include "widgets/replay/plan_delegate.h"
#include "widgets/text/error_text.h"
#include "widgets/text/quantities.h"
#include "widgets/text/words.h"

namespace hindcast::replay {

using models::PlanModel;

namespace {
constexpr int kPad = 12;
constexpr int kButtonWidth = 124;
constexpr int kRoomForCaptures = 720;
constexpr int kRoomForConfidence = 620;

struct ColumnWidth {
    int column;
    int width;
};
constexpr std::array kWidths{ColumnWidth{PlanModel::Version, 58},    ColumnWidth{PlanModel::Placement, 92},
                             ColumnWidth{PlanModel::Confidence, 98}, ColumnWidth{PlanModel::Mode, 64},
                             ColumnWidth{PlanModel::Iterations, 64}, ColumnWidth{PlanModel::From, 100},
                             ColumnWidth{PlanModel::Time, 92}};

/// More cards than this would be too narrow for their words; `hindcast plan` shows every choice.
constexpr std::size_t kMostElsewhere = 3;

/// What a card offers of each resource elsewhere: what suits the request best, else the fastest.
std::vector<workspace::PlanOption> offersElsewhere(const workspace::Plan& plan) {
    std::vector<workspace::PlanOption> offers;
    for (const auto& option : plan.options) {
        if (option.resource == "local") continue;
        const auto same = std::find_if(offers.begin(), offers.end(),
                                       [&](const auto& other) { return other.resource == option.resource; });
        if (same == offers.end())
            offers.push_back(option);
        else if (option.isSuggested)
            *same = option;
    }
    if (offers.size() > kMostElsewhere) offers.resize(kMostElsewhere);
    return offers;
}

/// The time of one worker over all of a plan's rows that run.
workspace::Estimate oneWorker(const workspace::Plan& plan) {
    workspace::Estimate sum;
    for (const auto& row : plan.rows) {
        if (!row.willRun) continue;
        sum.seconds += row.time.seconds;
        sum.plusMinus += row.time.plusMinus;
    }
    return sum;
}

const workspace::PlanOption* localOption(const workspace::Plan& plan, int workers) {
    const auto found = std::find_if(plan.options.begin(), plan.options.end(), [&](const auto& option) {
        return option.resource == "local" && option.workers == workers;
    });
    return found == plan.options.end() ? nullptr : &*found;
}

ChoiceCard::Verdict verdictOf(const workspace::PlanOption* option, bool limited) {
    if (!limited || !option) return ChoiceCard::Verdict::None;
    if (!option->keepsLimits) return ChoiceCard::Verdict::TooMuch;
    return option->isSuggested ? ChoiceCard::Verdict::Suits : ChoiceCard::Verdict::None;
}

/// A picture of what kind of place it is.
QString iconOf(const std::vector<workspace::ResourceView>& resources, const workspace::PlanOption& option) {
    if (option.device == "gpu") return QStringLiteral("gpu");
    const auto found = std::find_if(resources.begin(), resources.end(),
                                    [&](const auto& resource) { return resource.name == option.resource; });
    const bool host =
        (found != resources.end() && found->where.rfind("ssh", 0) == 0) || option.resource.rfind("ssh:", 0) == 0;
    return host ? QStringLiteral("terminal") : QStringLiteral("cluster");
}

int runs(const std::optional<workspace::Plan>& plan) {
    if (!plan) return 0;
    return static_cast<int>(
        std::count_if(plan->rows.begin(), plan->rows.end(), [](const auto& row) { return row.willRun; }));
}

std::int64_t diskOf(const workspace::Plan& plan) {
    std::int64_t bytes = 0;
    for (const auto& row : plan.rows) bytes += row.willRun ? row.diskBytes : 0;
    return bytes;
}
}  // namespace

PlanPanel::PlanPanel(models::Project& project, commands::CommandSet& commands, QWidget* parent)
    : PanelFrame(tr("Plan"), parent),
      m_project(project),
      m_model(new PlanModel(project.replay(), this)),
      m_table(new QTableView),
      m_all(new ChoiceCard(QStringLiteral("cpu"))),
      m_one(new ChoiceCard(QStringLiteral("cpu"))) {
    m_allow = new QAction(tr("Allow for this project"), this);
    m_allow->setObjectName(QStringLiteral("allowUnsandboxed"));
    connect(m_allow, &QAction::triggered, this, [this] { m_project.replay().allowUnsandboxed(); });
    configureTable();
    setContent(buildContent(commands));
    connectProject();
    showPlan();
}

QWidget* PlanPanel::buildContent(commands::CommandSet& commands) {
    auto* content = new QWidget;
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_table, 1);
    m_limits = new LimitsRow(m_project.replay());
    layout->addWidget(m_limits);
    m_choices = buildChoices(commands);
    layout->addWidget(m_choices);
    return content;
}

QWidget* PlanPanel::buildChoices(commands::CommandSet& commands) {
    auto* row = new QWidget;
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(kPad, 8, kPad, 8);
    layout->setSpacing(8);
    m_all->setObjectName(QStringLiteral("allWorkers"));
    m_one->setObjectName(QStringLiteral("oneWorker"));
    (m_project.replay().workers() == 1 ? m_one : m_all)->setChecked(true);
    layout->addWidget(m_all);
    layout->addWidget(m_one);
    connect(m_all, &QAbstractButton::clicked, this, [this] { m_project.replay().setPlace(QString(), 0); });
    connect(m_one, &QAbstractButton::clicked, this, [this] { m_project.replay().setPlace(QString(), 1); });
    buildElsewhere(*layout);
    auto* buttons = new QVBoxLayout;
    buttons->setSpacing(6);
    const auto bound = [this, &commands, buttons](const char* id) {
        auto* action = commands.action(QString::fromLatin1(id));
        auto* button = new QPushButton;
        button->setObjectName(QString::fromLatin1(id) + QStringLiteral(".button"));
        // Starting blocks the button; the keyboard stays in this panel rather than moving on to the next one.
        QObject::connect(button, &QPushButton::clicked, m_table, [this] { m_table->setFocus(Qt::OtherFocusReason); });
        controls::bindButton(button, action);
        buttons->addWidget(button);
        return button;
    };
    m_start = bound("replay.start");
    m_dry = bound("replay.dry");
    look::setStyleProperty(m_start, "kind", QStringLiteral("primary"));
    look::setStyleProperty(m_dry, "sizing", QStringLiteral("small"));
    // As wide as their words in any language; the cards give way.
    for (auto* button : {m_start, m_dry}) button->setMinimumWidth(std::max(kButtonWidth, button->sizeHint().width()));
    m_start->setIcon(look::IconSet::instance().icon(QStringLiteral("replay"), look::Color::TextOnAccent));
    layout->addLayout(buttons);
    return row;
}

void PlanPanel::buildElsewhere(QBoxLayout& row) {
    for (std::size_t at = 0; at < kMostElsewhere; ++at) {
        auto* card = new ChoiceCard(QStringLiteral("cluster"));
        card->setObjectName(QStringLiteral("elsewhere%1").arg(at));
        card->hide();
        row.addWidget(card);
        connect(card, &QAbstractButton::clicked, this, [this, at] {
            if (at < m_offered.size())
                m_project.replay().setPlace(QString::fromStdString(m_offered[at].resource), m_offered[at].workers);
        });
        m_elsewhere.push_back(card);
    }
}

void PlanPanel::configureTable() {
    m_table->setObjectName(QStringLiteral("plan"));
    m_table->setAccessibleName(tr("Plan"));
    m_table->setModel(m_model);
    m_table->setItemDelegate(new PlanDelegate(m_table));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setMouseTracking(true);
    m_table->setTabKeyNavigation(false);
    m_table->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(look::rowHeight(look::Size::TableRow, fontMetrics()));
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setMinimumSectionSize(24);
    layOutColumns();
}

void PlanPanel::layOutColumns() {
    auto* header = m_table->horizontalHeader();
    for (const auto& [column, width] : kWidths) {
        header->setSectionResizeMode(column, QHeaderView::Interactive);
        const QFontMetrics metrics(look::font(look::TextRole::Caption, QFont::Medium));
        const int title =
            metrics.horizontalAdvance(m_model->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString()) + 20;
        header->resizeSection(column, std::max(width, title));
    }
    header->setSectionResizeMode(PlanModel::Why, QHeaderView::Stretch);
}

/// Where room is short, why a version is replayed goes before from where and how sure its place is.
void PlanPanel::resizeEvent(QResizeEvent* event) {
    PanelFrame::resizeEvent(event);
    m_table->setColumnHidden(PlanModel::From, width() < kRoomForCaptures);
    m_table->setColumnHidden(PlanModel::Confidence, width() < kRoomForConfidence);
}

void PlanPanel::connectProject() {
    connect(&m_project.replay(), &models::ReplayDesk::planChanged, this, &PlanPanel::showPlan);
    connect(&m_project.replay(), &models::ReplayDesk::failed, this,
            [this](const base::Error& error) { showBanner(look::Meaning::Error, text::errorText(error)); });
    connect(&m_project.choice(), &models::Choice::previewedChanged, this, &PlanPanel::selectPreviewed);
    connect(m_model, &QAbstractItemModel::modelReset, this, &PlanPanel::selectPreviewed);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& current) {
                if (m_following || !current.isValid()) return;
                const QScopedValueRollback guard(m_following, true);
                if (const auto version = m_model->uuidAt(current.row())) m_project.choice().setPreviewed(*version);
            });
}

void PlanPanel::selectPreviewed() {
    const auto& previewed = m_project.choice().previewed();
    const int row = previewed ? m_model->rowOf(*previewed) : -1;
    if (m_following || row < 0) return;
    const QScopedValueRollback guard(m_following, true);
    m_table->selectRow(row);
    m_table->scrollTo(m_model->index(row, 0));
}

void PlanPanel::showPlan() {
    const auto& desk = m_project.replay();
    setLoading(desk.isPlanning() ? std::optional(-1.0) : std::nullopt);
    if (desk.probes().isEmpty()) {
        header()->setCountText(QString());
        setPlaceholder(new controls::EmptyState(
            QStringLiteral("queue"), tr("Nothing to plan yet"),
            tr("Add a probe: the plan then says per version what would run, why, and how long it takes.")));
        return;
    }
    setPlaceholder(nullptr);
    const bool choose = runs(desk.plan()) > 0 && !desk.planError();
    m_choices->setVisible(choose);
    m_limits->setVisible(choose);
    if (desk.planError()) {
        showBanner(look::Meaning::Error, text::errorText(*desk.planError()));
        return;
    }
    if (!desk.plan()) {
        header()->setCountText(desk.probes().join(tr(", ", "between probes")));
        return;
    }
    const auto& plan = *desk.plan();
    const int running = runs(plan);
    QStringList parts{desk.probes().join(tr(", ", "between probes"))};
    if (running > 0)
        parts << tr("%n version(s)", nullptr, running) << tr("%n epoch(s)", nullptr, static_cast<int>(plan.iterations));
    else
        parts << tr("nothing to run");
    header()->setCountText(parts.join(tr(", ", "between probes")));
    showCards();
    showNotices();
}

void PlanPanel::showCards() {
    const auto& desk = m_project.replay();
    const auto& plan = *desk.plan();
    const QString disk = diskOf(plan) > 0 ? text::bytesText(diskOf(plan)) : QString();
    const auto margin = [](const workspace::Estimate& estimate) {
        return QStringLiteral("± ") + text::durationText(estimate.plusMinus);
    };
    const auto single = oneWorker(plan);
    const bool isHere = desk.resource().isEmpty();
    const bool several = desk.workers() == 1 || plan.workers > 1;
    const bool limited = desk.deadline() || desk.budget();
    if (isHere) m_one->setVisible(several);
    if (isHere && desk.workers() != 1) {
        m_all->setTexts(tr("This computer"), tr("%n worker(s)", nullptr, plan.workers),
                        text::durationText(plan.total.seconds), margin(plan.total), disk);
        m_localWorkers = plan.workers;
    }
    if (isHere) {
        m_one->setTexts(tr("One at a time"), tr("%n worker(s)", nullptr, 1), text::durationText(single.seconds),
                        margin(single), disk);
    }
    // Choices that another beats in time and money are not among the options; their time speaks for them.
    const auto verdict = [&](int workers, const workspace::Estimate& time) {
        if (const auto* option = localOption(plan, workers)) return verdictOf(option, limited);
        const bool late = desk.deadline() && time.seconds + time.plusMinus > *desk.deadline();
        return late ? ChoiceCard::Verdict::TooMuch : ChoiceCard::Verdict::None;
    };
    m_all->setVerdict(verdict(m_localWorkers, plan.total));
    m_one->setVerdict(verdict(1, single));
    m_all->setChecked(isHere && desk.workers() != 1);
    m_one->setChecked(isHere && desk.workers() == 1);
    showElsewhere();
    showVerdict();
}

/// Cluster, GPU host …: time and money side by side with this computer's.
void PlanPanel::showElsewhere() {
    const auto& desk = m_project.replay();
    const bool limited = desk.deadline() || desk.budget();
    m_offered = offersElsewhere(*desk.plan());
    for (std::size_t at = 0; at < m_elsewhere.size(); ++at) {
        ChoiceCard* card = m_elsewhere[at];
        card->setVisible(at < m_offered.size());
        if (at >= m_offered.size()) continue;
        const workspace::PlanOption& offer = m_offered[at];
        const QString price = offer.price.value > 0
                                  ? tr("costs %1", "amount of money").arg(text::amountText(offer.price))
                                  : tr("free of charge");
        card->setIconName(iconOf(desk.resources(), offer));
        card->setTexts(text::fromUtf8(offer.resource), tr("%n worker(s)", nullptr, offer.workers),
                       text::durationText(offer.time.seconds),
                       QStringLiteral("± ") + text::durationText(offer.time.plusMinus), price);
        card->setVerdict(verdictOf(&offer, limited));
        card->setChecked(text::fromUtf8(offer.resource) == desk.resource());
    }
}

/// Which choice keeps the limits, or that none does.
void PlanPanel::showVerdict() {
    const auto& desk = m_project.replay();
    if (!desk.deadline() && !desk.budget()) return m_limits->setVerdict(QString(), true);
    const auto& options = desk.plan()->options;
    const auto suggested =
        std::find_if(options.begin(), options.end(), [](const auto& option) { return option.isSuggested; });
    if (suggested == options.end()) return m_limits->setVerdict(QString(), true);
    const QString where = suggested->resource == "local" ? tr("this computer") : text::fromUtf8(suggested->resource);
    const QString words = tr("%1 with %n worker(s): %2", nullptr, suggested->workers)
                              .arg(where, text::durationText(suggested->time.seconds));
    m_limits->setVerdict(suggested->keepsLimits ? tr("Suits best: %1").arg(words)
                                                : tr("Nothing keeps the limits; nearest: %1").arg(words),
                         suggested->keepsLimits);
}

void PlanPanel::showNotices() {
    const auto& plan = *m_project.replay().plan();
    if (!plan.missingConsent.empty() && runs(plan) > 0) {
        return showBanner(look::Meaning::Warn,
                          tr("Nothing on this computer can hold past code back: a replay could write wherever you can, "
                             "and use the network."),
                          m_allow);
    }
    const auto& notices = plan.notices;
    if (notices.empty()) return clearBanner();
    QStringList lines;
    for (const auto& notice : notices) lines.append(text::fromUtf8(notice));
    showBanner(look::Meaning::Info, lines.join(QLatin1Char(' ')));
}

}  // namespace hindcast::replay
