# SPDX-License-Identifier: Apache-2.0
import torch
import torch.nn as nn
import hindcast as hc


class Meter:
    def __init__(self, name):
        self.name = name
        self.reset()

    def reset(self):
        self.total, self.count = 0.0, 0

    def update(self, value, n=1):
        self.total += value * n
        self.count += n

    @property
    def average(self):
        return self.total / max(self.count, 1)


class EarlyStopping:
    def __init__(self, patience):
        self.patience, self.bad, self.best = patience, 0, float("inf")

    def __call__(self, value):
        if value < self.best - 1e-3:
            self.best, self.bad = value, 0
        else:
            self.bad += 1
        return self.bad >= self.patience


class Trainer:
    def __init__(self, model, train, valid, lr=0.05):
        self.model = model
        self.train_loader, self.valid_loader = train, valid
        self.criterion = nn.CrossEntropyLoss()
        self.optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
        self.scheduler = torch.optim.lr_scheduler.ExponentialLR(self.optimizer, 0.9)
        self.stopper = EarlyStopping(3)
        self.losses = Meter("loss")
        self.global_step = 0
        self.history = {"train": [], "valid": []}

    def train_epoch(self, epoch):
        self.model.train()
        self.losses.reset()
        for batch_index, (inputs, targets) in enumerate(hc.loop("batch", self.train_loader)):
            output = self.model(inputs)
            loss = self.criterion(output, targets)
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
            self.losses.update(loss.item(), len(targets))
            self.global_step += 1
            if batch_index % 2 == 0:
                hc.log("batch_loss", loss.item())
        return self.losses.average

    @torch.no_grad()
    def validate(self):
        self.model.eval()
        correct, seen, total = 0, 0, 0.0
        for inputs, targets in self.valid_loader:
            output = self.model(inputs)
            total += self.criterion(output, targets).item()
            correct += (output.argmax(1) == targets).sum().item()
            seen += len(targets)
        return total / len(self.valid_loader), correct / seen

    def fit(self, epochs):
        for epoch in hc.loop("epoch", range(epochs)):
            train_loss = self.train_epoch(epoch)
            valid_loss, accuracy = self.validate()
            self.history["train"].append(train_loss)
            self.history["valid"].append(valid_loss)
            self.scheduler.step()
            hc.log("train_loss", train_loss)
            hc.log("valid_loss", valid_loss)
            hc.log("accuracy", accuracy)
            if self.stopper(valid_loss):
                break
        return self.stopper.best


def main():
    torch.manual_seed(7)
    x = torch.randn(96, 10)
    y = (x[:, 0] * x[:, 1] > 0).long()
    train = torch.utils.data.TensorDataset(x[:64], y[:64])
    valid = torch.utils.data.TensorDataset(x[64:], y[64:])
    model = nn.Sequential(nn.Linear(10, 24), nn.ReLU(), nn.Dropout(0.1), nn.Linear(24, 2))
    trainer = Trainer(
        model,
        torch.utils.data.DataLoader(train, batch_size=16, shuffle=True),
        torch.utils.data.DataLoader(valid, batch_size=16),
    )
    best = trainer.fit(4)
    hc.log("best", best)


if __name__ == "__main__":
    main()
