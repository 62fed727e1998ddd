// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/shell/recorded_project.h"

#include <QDir>
#include <QFile>
#include <QProcess>

namespace hindcast::support {

namespace {
constexpr int kTrainingMs = 240'000;

const char* const kFlat = R"(import torch
from torch import nn

import hindcast as hc

torch.manual_seed(3)
x = torch.randn(64, 5)
y = (x.sum(1) > 0).long()
net = nn.Sequential(nn.Linear(5, 16), nn.ReLU(), nn.Dropout(0.2), nn.Linear(16, 2))
opt = torch.optim.Adam(net.parameters(), lr=hc.arg("lr", 0.01))

with hc.checkpointing(model=net, optimizer=opt):
    for epoch in hc.loop("epoch", range(4)):
        for step in hc.loop("step", range(4)):
            part = slice(step * 16, step * 16 + 16)
            loss = nn.functional.cross_entropy(net(x[part]), y[part])
            opt.zero_grad()
            loss.backward()
            opt.step()
            hc.log("loss", loss.item())
        hc.log("accuracy", (net(x).argmax(1) == y).float().mean().item())
)";

const char* const kInFunction = R"(import torch
from torch import nn

import hindcast as hc


def train(model, optimizer, x, y):
    for step in hc.loop("step", range(4)):
        part = slice(step * 16, step * 16 + 16)
        loss = nn.functional.cross_entropy(model(x[part]), y[part])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        hc.log("loss", loss.item())


torch.manual_seed(5)
x = torch.randn(64, 5)
y = (x.sum(1) > 0).long()
model = nn.Sequential(nn.Linear(5, 24), nn.Tanh(), nn.Dropout(0.1), nn.Linear(24, 2))
optimizer = torch.optim.Adam(model.parameters(), lr=hc.arg("lr", 0.02))

with hc.checkpointing(model=model, optimizer=optimizer):
    for epoch in hc.loop("epoch", range(4)):
        train(model, optimizer, x, y)
        hc.log("accuracy", (model(x).argmax(1) == y).float().mean().item())
)";
}  // namespace

RecordedProject::RecordedProject() = default;

void RecordedProject::write(const QString& file, const QString& text) const {
    QFile out(m_folder.filePath(file));
    if (!out.open(QIODevice::WriteOnly)) qFatal("cannot write %s", qPrintable(out.fileName()));
    out.write(text.toUtf8());
}

QString RecordedProject::record(const QString& python) const {
    QProcess training;
    training.setWorkingDirectory(folder());
    training.setProcessChannelMode(QProcess::MergedChannels);
    training.start(QStringLiteral(HINDCAST_PROGRAM),
                   {QStringLiteral("run"), QStringLiteral("--python"), python, QStringLiteral("train.py")});
    const bool ended = training.waitForFinished(kTrainingMs);
    const bool well = ended && training.exitStatus() == QProcess::NormalExit && training.exitCode() == 0;
    return well ? QString() : QString::fromUtf8(training.readAll()) + training.errorString();
}

void RecordedProject::makeStore() const {
    QDir(folder()).mkdir(QStringLiteral(".hindcast"));
    write(QStringLiteral(".hindcast/FORMAT"), QStringLiteral("hindcast-store 1\n"));
}

QStringList RecordedProject::scripts() {
    const QString flat = QString::fromLatin1(kFlat);
    QString renamed = flat;
    renamed.replace(QStringLiteral("net"), QStringLiteral("classifier"))
        .replace(QStringLiteral("0.01"), QStringLiteral("0.03"));
    renamed.replace(QStringLiteral("with hc.check"), QStringLiteral("# Larger steps, as agreed.\nwith hc.check"));
    return {flat, renamed, QString::fromLatin1(kInFunction)};
}

}  // namespace hindcast::support
